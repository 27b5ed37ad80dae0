#pragma once

#include "base/error.h"

namespace lixin::api::errc {

// ---- who calls

inline constexpr message sign_in_needed{
    "api.sign_in_needed", failure::refused,
    "此接口须出示接口密钥（请求头 Authorization: Bearer lxk_…，由管理员用 lixin key add "
    "发放），或者先登录。",
    "This takes an API key, in the header Authorization: Bearer lxk_..., which an administrator "
    "issues with `lixin key add`; or a session."};

inline constexpr message authorization_form{
    "api.authorization_form", failure::refused,
    "请求头 Authorization 应为“Bearer ”加接口密钥，实际不是这一形式。请核对后重试。",
    "The header Authorization should be \"Bearer \" and an API key, and is not. Check it and try "
    "again."};

inline constexpr message csrf_missing{
    "api.csrf_missing", failure::refused,
    "登录会话中的更改须带请求头 X-CSRF-Token，其值在登录时给出。请刷新页面后重试。",
    "A change in a session takes the header X-CSRF-Token with the value that signing in gave. "
    "Reload the page and try again."};

inline constexpr message person_needed{
    "api.person_needed", failure::refused,
    "此事须由人员登录后办理，不能用接口密钥。请用本人账号登录。",
    "This is for a person who has signed in, not for an API key. Sign in with your own account."};

inline constexpr message role_missing{"api.role_missing", failure::refused,
                                      "此接口限以下角色使用：{0}；所用账号或密钥的角色为：{1}。",
                                      "This is for the roles {0}; the account or key has {1}."};

inline constexpr message quota_used{
    "api.quota_used", failure::refused, "该密钥每分钟最多 {0} 次请求，已用完。请在 {1} 秒后再试。",
    "This key may make {0} requests a minute, and has. Try again in {1} seconds."};

inline constexpr message matter_not_covered{
    "api.matter_not_covered", failure::refused,
    "所用密钥不能核查事项“{0}”，只限：{1}。请向管理员申请。",
    "The key does not cover the matter “{0}”, only: {1}. Ask an administrator."};

inline constexpr message dataset_not_covered{
    "api.dataset_not_covered", failure::refused,
    "所用密钥不能报送目录项“{0}”，只限：{1}。请向管理员申请。",
    "The key does not cover the dataset “{0}”, only: {1}. Ask an administrator."};

inline constexpr message other_authority{
    "api.other_authority", failure::refused, "所用密钥属于信源单位“{0}”，不能办理其他单位的数据。",
    "The key belongs to the authority “{0}” and has no say over what others handed in."};

// ---- bodies and parameters

inline constexpr message json_expected{
    "api.json_expected", failure::unusable_input,
    "请求内容应为 JSON，请求头 Content-Type 须为 application/json。请改正后重试。",
    "The body should be JSON, with the header Content-Type: application/json."};

inline constexpr message member_missing{"api.member_missing", failure::unusable_input,
                                        "缺少“{0}”（{1}）。请补上后重试。",
                                        "“{0}” is missing ({2}). Add it and try again."};

inline constexpr message member_wrong{"api.member_wrong", failure::unusable_input,
                                      "“{0}”应为{1}，实际不是。请改正后重试。",
                                      "“{0}” should be {2}, and is not. Mend it and try again."};

inline constexpr message member_unknown{
    "api.member_unknown", failure::unusable_input,
    "没有“{0}”这一项，可用的有：{1}。请删去或者改正。",
    "There is no “{0}” here. Known are: {1}. Leave it out or mend it."};

inline constexpr message too_many_codes{
    "api.too_many_codes", failure::unusable_input,
    "一次最多核查 {0} 个代码，实际为 {1} 个。请分批提交。",
    "At most {0} codes can be checked at once, and there are {1}. Send them in parts."};

// ---- not now

inline constexpr message cannot_keep_upload{
    "api.cannot_keep_upload", failure::unavailable,
    "上传的文件无法暂存：{0}。没有归集任何内容；请检查磁盘空间后重试。",
    "What was uploaded cannot be kept: {1}. Nothing was handed in; check the disk and try again."};

inline constexpr message city_stale{
    "api.city_stale", failure::unavailable,
    "内存中的数据已有 {0} 秒未能与数据库核对，暂不答复核查。请稍后重试。",
    "The city in memory could not be compared with the database for {0} seconds, so no check is "
    "answered. Try again later."};

inline constexpr message too_many_checks{
    "api.too_many_checks", failure::unavailable, "等待答复的核查过多（上限 {0} 件）。请稍后重试。",
    "Too many checks wait for their answer (at most {0}). Try again soon."};

inline constexpr message no_connection_free{
    "api.no_connection_free", failure::unavailable, "数据库连接全部在用（{0} 个）。请稍后重试。",
    "All {0} connections to the database are in use. Try again soon."};

inline constexpr message restart_needed{
    "api.restart_needed", failure::unavailable,
    "数据库在服务运行期间被恢复或者替换。请重启 lixin serve。",
    "The database was restored or replaced while the server ran. Restart `lixin serve`."};

inline constexpr message stopping{"api.stopping", failure::unavailable,
                                  "服务正在停止。请稍后重试。",
                                  "The server is stopping. Try again soon."};

}  // namespace lixin::api::errc
