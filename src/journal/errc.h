#pragma once

#include "base/error.h"

namespace lixin::journal::errc {

inline constexpr message no_head{
    "journal.no_head", failure::internal,
    "变更日志没有表头行：数据库没有完整建立。请运行 lixin db migrate，或从备份恢复。",
    "The journal has no head row: the database was not set up whole. Run `lixin db migrate`, or "
    "restore a backup."};

inline constexpr message no_audit_head{
    "journal.no_audit_head", failure::internal,
    "审计链没有表头行：数据库没有完整建立，或者有人改动过。请从备份恢复。",
    "The audit chain has no head row: the database was not set up whole, or someone changed it. "
    "Restore a backup."};

inline constexpr message act_unusable{
    "journal.act_unusable", failure::unusable_input,
    "“{0}”没有写入审计记录：经办人（--as）不能为空，不能超过 {2} 字节，也不能含有自然人的证件号码。"
    "请改用岗位或账号名称。",
    "No audit entry was written of “{1}”: the actor (--as) may not be empty, longer than {2} bytes "
    "or hold a natural person's number. Give a post or an account."};

// ---- what a verification finds

inline constexpr message entries_missing{
    "journal.entries_missing", failure::refused, "审计链缺少第 {0} 至 {1} 条：这些条目已被删除。",
    "Entries {0} to {1} of the audit chain are missing: they were deleted."};

inline constexpr message entry_differs{
    "journal.entry_differs", failure::refused,
    "审计链第 {0} 条与其摘要不符：该条或前一条被改动、调换或插入过。",
    "Entry {0} of the audit chain does not fit its digest: it or the one before was changed, moved "
    "or inserted."};

inline constexpr message coverage_broken{
    "journal.coverage_broken", failure::refused,
    "审计链第 {0} 条所载的{4}范围为 {1} 至 {2}，应从 {3} 开始（0 表示任意起点）：前后条目不衔接。",
    "Entry {0} of the audit chain covers {5} {1} to {2} and should begin with {3} (0: any): the "
    "entries do not join."};

inline constexpr message rows_missing{
    "journal.rows_missing", failure::refused,
    "审计链第 {0} 条所载的{3}少了 {2} 行，首先缺少第 {1} 号：这些行已被删除。",
    "Of the {4} that entry {0} of the audit chain covers {2} are missing, number {1} first: they "
    "were deleted."};

inline constexpr message rows_differ{
    "journal.rows_differ", failure::refused,
    "审计链第 {0} 条所载的{3}（第 {1} 至 {2} 号）与摘要不符：其中有内容被改动。",
    "The {4} {1} to {2} that entry {0} of the audit chain covers do not fit its digest: something "
    "in them was changed."};

inline constexpr message time_differs{
    "journal.time_differs", failure::refused,
    "变更日志第 {1} 号的时间与审计链第 {0} 条同一次写入的其他行不同：该时间被改动过。",
    "The time of position {1} of the journal differs from that of the other rows of entry {0} of "
    "the audit chain: it was changed."};

inline constexpr message rows_uncovered{
    "journal.rows_uncovered", failure::refused,
    "没有任何审计条目对应{2}的第 {0} 至 {1} 号：这些行不是由本系统写入的，或者对应的条目已被截去。",
    "No entry of the audit chain covers {3} {0} to {1}: they were not written by this program, or "
    "the entries were cut off."};

inline constexpr message cut_off{
    "journal.cut_off", failure::refused,
    "审计链应到第 {0} 条为止，实际只到第 {1} 条：末尾的条目已被截去。",
    "The audit chain should end with entry {0} and ends with {1}: its end was cut off."};

inline constexpr message head_differs{
    "journal.head_differs", failure::refused,
    "审计链表头的摘要与最后一条（第 {0} 条）的摘要不符：其中之一被改动过。",
    "The digest in the head of the audit chain differs from that of the last entry ({0}): one of "
    "them was changed."};

inline constexpr message beyond_head{
    "journal.beyond_head", failure::refused,
    "审计链表头停在第 {0} 条，表中却有第 {1} 条：表头被改回过，或者条目是从外部插入的。",
    "The head of the audit chain stands at entry {0}, yet there is an entry {1}: the head was set "
    "back, or entries were inserted."};

inline constexpr message exported_missing{
    "journal.exported_missing", failure::refused,
    "{1} 导出的链首为第 {0} 条，而审计链现在只到第 {2} "
    "条：其后的条目已被截去，或者恢复了较早的备份。",
    "The head exported at {1} is entry {0}, and the audit chain ends with {2} now: it was cut off, "
    "or an older backup was restored."};

inline constexpr message exported_differs{
    "journal.exported_differs", failure::refused,
    "审计链第 {0} 条的摘要与 {1} 导出的不同：导出之后有人改写了审计链。",
    "Entry {0} of the audit chain has another digest than the head exported at {1}: the chain was "
    "rewritten since."};

inline constexpr message exported_journal{
    "journal.exported_journal", failure::refused,
    "{1} 导出时变更日志已到第 {0} 号，现在只到第 {2} 号：日志末尾已被截去，或者恢复了较早的备份。",
    "At the export of {1} the journal stood at position {0}, and it ends with {2} now: it was cut "
    "off, or an older backup was restored."};

inline constexpr message no_such_entry{
    "journal.no_such_entry", failure::not_found,
    "审计链没有第 {0} 条或其前一条，现到第 {1} 条为止。请在 1 至 {1} 之间指定 --from。",
    "The audit chain has no entry {0}, or none before it; it ends with {1}. Give --from a number "
    "from 1 to {1}."};

inline constexpr message head_unreadable{
    "journal.head_unreadable", failure::unusable_input,
    "应为 lixin audit head 导出的文件，所给文件的格式无法识别。请使用导出时的原文件。",
    "Expected a file as `lixin audit head` writes it; this one has another form. Use the file as "
    "it was exported."};

inline constexpr message head_not_signed{
    "journal.head_not_signed", failure::refused,
    "导出的链首签名无效：文件被改动过，或者不是用第 {0} 号“audit-sign”密钥签名的。"
    "请核对公钥（lixin audit key）和原文件。",
    "The signature of the exported head is not valid: the file was changed, or another key than "
    "number {0} of 'audit-sign' signed it. Compare the public key (`lixin audit key`) and the "
    "file."};

}  // namespace lixin::journal::errc
