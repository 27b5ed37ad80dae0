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

}  // namespace lixin::journal::errc
