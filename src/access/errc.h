// What access can answer instead of a value. No message holds a password, a code, a key or a token,
// and none that a caller without an account sees says whether an account or a key is there.
#pragma once

#include "base/error.h"

namespace lixin::access::errc {

// ---- accounts

inline constexpr message no_such_role{"access.no_such_role", failure::unusable_input,
                                      "角色应为 {0} 中的一个或几个，所给为“{1}”",
                                      "a role is one or more of {0}; '{1}' was given"};

inline constexpr message role_alone{
    "access.role_alone", failure::refused,
    "角色 {0} 不能与其他角色并用：监督和授权的人不办理业务。请另建一个账号",
    "the role {0} stands alone: who watches or gives out rights does not use them. Make a second "
    "account"};

inline constexpr message authority_missing{
    "access.authority_missing", failure::unusable_input,
    "角色 {0} 属于某个信源单位，请写明单位代码（lixin city show 可列出）",
    "the roles {0} belong to an authority: give its code (`lixin city show` lists them)"};

inline constexpr message authority_unwanted{
    "access.authority_unwanted", failure::unusable_input,
    "角色 {0} 不属于任何信源单位，请不要写单位代码，或者改用 data-officer、checker",
    "the roles {0} belong to no authority: leave it out, or choose data-officer or checker"};

inline constexpr message no_such_authority{
    "access.no_such_authority", failure::not_found,
    "没有代码为“{0}”的信源单位。请用 lixin city show 查看",
    "there is no authority with the code '{0}'. `lixin city show` lists them"};

inline constexpr message login_name_form{
    "access.login_name_form", failure::unusable_input,
    "登录名应为 2 至 {0} 个字符，由小写字母、数字、“.”“_”“-”组成，以字母开头，"
    "不得含有证件号码或手机号码",
    "a login name has 2 to {0} of small letters, digits, '.', '_' and '-', a letter first, and "
    "holds no person's number"};

inline constexpr message title_form{"access.title_form", failure::unusable_input,
                                    "名称应为 1 至 {0} 个字符，不得含有证件号码或手机号码",
                                    "a name has 1 to {0} characters and holds no person's number"};

inline constexpr message login_taken{
    "access.login_taken", failure::refused, "登录名“{0}”已被使用（停用的账号也占用登录名）",
    "the login name '{0}' is taken (disabled accounts keep theirs)"};

inline constexpr message no_such_staff{
    "access.no_such_staff", failure::not_found,
    "没有登录名为“{0}”的账号。请用 lixin user list 查看",
    "there is no account with the login name '{0}'. `lixin user list` lists them"};

inline constexpr message password_length{
    "access.password_length", failure::unusable_input,
    "密码应为 {0} 至 {1} 个字符，可用一句话，不要求字符种类",
    "a password has {0} to {1} characters; a sentence is fine, kinds of characters do not matter"};

inline constexpr message password_of_names{
    "access.password_of_names", failure::refused,
    "密码去掉登录名、姓名和“lixin”之后应至少还有 {0} 个字符。请换一个",
    "a password needs at least {0} characters besides the account's names and 'lixin'. Choose "
    "another one"};

// ---- signing in

// One message for everything that can be wrong.
inline constexpr message sign_in_refused{
    "access.sign_in_refused", failure::refused,
    "无法登录：登录名、密码或动态码不正确，或者账号已停用或暂时锁定。请核对后重试，仍不能登录时请联"
    "系管理员",
    "sign-in refused: the login name, the password or the code is wrong, or the account is "
    "disabled or locked for a while. Check them and try again, or ask an administrator"};

inline constexpr message session_ended{"access.session_ended", failure::refused,
                                       "尚未登录，或者登录已经结束。请重新登录",
                                       "there is no such session, or it has ended. Sign in again"};

// ---- keys

inline constexpr message key_role{
    "access.key_role", failure::refused,
    "接口密钥不能有 admin 角色：账号和密钥只由人管理。请改用其他角色",
    "a key cannot be an admin: people alone manage accounts and keys. Choose another role"};

inline constexpr message key_day{"access.key_day", failure::unusable_input,
                                 "接口密钥的最后有效日应在 {0} 至 {1} 之间，所给为 {2}",
                                 "the last day of a key lies from {0} to {1}; {2} was given"};

inline constexpr message key_quota{"access.key_quota", failure::unusable_input,
                                   "接口密钥每分钟的请求数应为 1 至 {0}，所给为 {1}",
                                   "a key has from 1 to {0} requests a minute; {1} was given"};

inline constexpr message key_lists{
    "access.key_lists", failure::unusable_input,
    "接口密钥的事项和目录项各不超过 {0} 个，网段不超过 {1} 个",
    "a key names at most {0} matters, {0} datasets and {1} address ranges"};

inline constexpr message scope_form{
    "access.scope_form", failure::unusable_input,
    "事项和目录项的代码由小写字母、数字、“.”“_”“-”组成，以字母开头，不超过 {0} 个字符",
    "codes of matters and datasets are small letters, digits, '.', '_' and '-', a letter first, at "
    "most {0}"};

inline constexpr message no_such_key{"access.no_such_key", failure::not_found,
                                     "没有第 {0} 号接口密钥。请用 lixin key list 查看",
                                     "there is no key number {0}. `lixin key list` lists them"};

inline constexpr message not_a_network{
    "access.not_a_network", failure::unusable_input,
    "网段应为 192.0.2.0/24、2001:db8::/32 或单个地址，所给为“{0}”",
    "an address range is 192.0.2.0/24, 2001:db8::/32 or a lone address; '{0}' was given"};

inline constexpr message network_host_bits{
    "access.network_host_bits", failure::unusable_input,
    "网段“{0}”在前缀之后还有非零位。如指整个网段，请写 {1}；如指单个地址，请去掉前缀",
    "the range '{0}' has bits behind its prefix. Write {1} for the whole range, or leave the "
    "prefix out for the one address"};

// ---- what a caller with a key hears

// The same for a key that is malformed, unknown, wrong or revoked.
inline constexpr message key_refused{
    "access.key_refused", failure::refused,
    "接口密钥无效或已吊销。请核对是否完整，或向管理员申请新的密钥",
    "the API key is not valid or was revoked. Check that it is whole, or ask an administrator for "
    "a new one"};

inline constexpr message key_over{
    "access.key_over", failure::refused, "接口密钥已于 {0} 到期。请向管理员申请新的密钥",
    "the API key served until {0}. Ask an administrator for a new one"};

inline constexpr message key_elsewhere{
    "access.key_elsewhere", failure::refused,
    "接口密钥不能从这一地址使用。请从登记的网段访问，或请管理员发放含此网段的密钥",
    "the API key may not be used from this address. Come from a range that it names, or ask an "
    "administrator for a key that names this one"};

inline constexpr message keys_not_loaded{
    "access.keys_not_loaded", failure::unavailable,
    "暂时无法核对接口密钥：尚未从数据库读入，或者很久没有更新。请稍后重试",
    "API keys cannot be told at the moment: they were not read from the database yet, or too long "
    "ago. Try again"};

}  // namespace lixin::access::errc
