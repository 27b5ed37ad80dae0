#pragma once

#include "base/error.h"

namespace lixin::measure::errc {

// ---- questions

inline constexpr message matter_unknown{
    "measure.matter_unknown", failure::unusable_input, "没有这一事项：{0}。可以核查的事项：{1}。",
    "There is no such matter: {0}. Matters that can be checked: {1}."};

inline constexpr message no_matters{
    "measure.no_matters", failure::unusable_input,
    "截至 {0} 没有可以核查的事项。请先用 lixin pack load 装入含有事项（matters 表）的领域包。",
    "There is no matter to check as of {0}. Load a pack that has a `matters` sheet with "
    "`lixin pack load` first."};

inline constexpr message as_of_in_future{
    "measure.as_of_in_future", failure::unusable_input,
    "核查日期应不晚于今天（{1}），所给为 {0}；以后的事尚不可知。请改用今天或以前的日期。",
    "The date of a check is today ({1}) or earlier, and {0} was given: nobody knows yet what will "
    "be "
    "decided. Use today or an earlier date."};

inline constexpr message known_at_ahead{
    "measure.known_at_ahead", failure::unusable_input,
    "日志位置应在 0 到 {1} 之间，所给为 {0}。请改用 lixin changes 输出的位置。",
    "A journal position from 0 to {1} was expected, and {0} was given. `lixin changes` prints "
    "them."};

inline constexpr message known_at_not_public{
    "measure.known_at_not_public", failure::refused,
    "按“当时所知”核查不对社会公众开放，请去掉日志位置，只按日期核查。",
    "Asking by what was known at a position is not open to the public; ask by date alone."};

inline constexpr message caller_may_not_check{
    "measure.caller_may_not_check", failure::refused,
    "“{0}”角色只管系统或者日志，不能看信用记录，也不能核查。请由办理该事项的单位查询。",
    "The role “{0}” looks after the system or its logs and sees no records, so it cannot check a "
    "subject. The body that decides the matter asks."};

inline constexpr message journal_went_back{
    "measure.journal_went_back", failure::unavailable,
    "日志退回到第 {0} 号，而内存中的数据已到第 {1} "
    "号：数据库被恢复或者替换过。请重新建立内存数据。",
    "The journal went back to position {0}, and the city in memory stands at {1}: the database was "
    "restored or replaced. Build the image anew."};

inline constexpr message asker_missing{
    "measure.asker_missing", failure::unusable_input,
    "核查须写明查询人（单位或者系统名称，不超过 {0} 个字），以便记入查询日志。",
    "A check names who asks (an office or a system, up to {0} characters), for the inquiry log."};

inline constexpr message asker_personal{
    "measure.asker_personal", failure::unusable_input,
    "查询人一栏含有{0}，已拒绝且未作记录。请只写单位、系统或者岗位名称。",
    "The name of the asker holds a {1}; it was refused and not written anywhere. Give an office, a "
    "system or a post."};

// ---- codes that are not valid: what was given is never repeated, it may be a person's number

inline constexpr message code_length{
    "measure.code_length", failure::unusable_input,
    "统一社会信用代码应为 18 位，所给内容位数不对。请对照营业执照或者登记证书重新输入。",
    "A unified social credit code has 18 signs; what was given has another length. Type it again "
    "from the licence or certificate."};

inline constexpr message code_alphabet{
    "measure.code_alphabet", failure::unusable_input,
    "统一社会信用代码只含数字和大写字母，不用 I、O、Z、S、V；所给内容含有其他字符，或者位置不对。"
    "请检查是否把 1 和 I、0 和 O、2 和 Z 看混。",
    "A unified social credit code has digits and capital letters without I, O, Z, S and V; what "
    "was "
    "given has another sign, or a letter where a digit belongs. Look for 1 and I, 0 and O, 2 and "
    "Z."};

inline constexpr message code_placeholder{
    "measure.code_placeholder", failure::unusable_input,
    "所给内容是占位代码（如全 0 或重复数字），不是真实的统一社会信用代码。请填写真实代码。",
    "What was given is a placeholder (zeros or one sign repeated), not a real unified social "
    "credit "
    "code. Give the real one."};

inline constexpr message code_division{
    "measure.code_division", failure::unusable_input,
    "统一社会信用代码第 3 至 8 位应为登记管理机关的行政区划码，所给内容不是。请对照证照重新输入。",
    "Signs 3 to 8 of a unified social credit code are the division of the registering body, and "
    "these are not. Type it again from the licence or certificate."};

inline constexpr message code_check_sign{
    "measure.code_check_sign", failure::unusable_input,
    "统一社会信用代码的校验码不符，至少有一位写错。请对照证照逐位核对。",
    "The check sign of the unified social credit code does not hold, so at least one sign is "
    "wrong. "
    "Compare it with the licence sign by sign."};

inline constexpr message code_personal{
    "measure.code_personal", failure::unusable_input,
    "所给内容是自然人的证件号码，不是统一社会信用代码。本平台不核查自然人，所给内容未作任何记录。"
    "请填写单位的统一社会信用代码。",
    "What was given is a natural person's number, not a unified social credit code. Natural "
    "persons "
    "are not checked here, and nothing of it was written. Give the organisation's code."};

// ---- receipts

inline constexpr message receipt_unreadable{
    "measure.receipt_unreadable", failure::unusable_input,
    "这不是完整的核查回执：回执以“LXR1.”开头，由三段组成，不含空格和换行。请完整复制后重试。",
    "This is not a whole receipt: one begins with “LXR1.”, has three parts, and holds no blank or "
    "line "
    "break. Copy all of it and try again."};

inline constexpr message receipt_not_ours{
    "measure.receipt_not_ours", failure::refused,
    "这份核查回执不是本平台出具的，或者已被改动。请向出示人索取原件，或者重新核查。",
    "This receipt was not issued here, or it was changed. Ask for the original, or check again."};

inline constexpr message receipt_not_for_caller{
    "measure.receipt_not_for_caller", failure::refused,
    "这份核查回执是出具给特定查询人的，其内容不对您开放。请由原查询人或者信用中心查验。",
    "This receipt was given to a particular asker, and its content is not open to you. The one who "
    "asked, or the centre, can have it answered."};

inline constexpr message receipt_ahead{
    "measure.receipt_ahead", failure::unavailable,
    "这份回执依据日志第 {0} 号，本平台现有数据只到第 {1} 号，可能正在从备份恢复。请稍后再验。",
    "This receipt rests on position {0} of the journal, and the data here ends at {1}; it may be "
    "restoring from a backup. Try again later."};

inline constexpr message receipt_pack_missing{
    "measure.receipt_pack_missing", failure::unavailable,
    "这份回执所依据的领域包版本（编号 {0}）不在本平台。请先恢复该版本再验。",
    "The pack version (number {0}) that this receipt rests on is not here. Restore it first."};

}  // namespace lixin::measure::errc
