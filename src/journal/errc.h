#pragma once

#include "base/error.h"

namespace lixin::journal::errc {

inline constexpr message no_head{
    "journal.no_head", failure::internal,
    "变更日志没有表头行：数据库没有完整建立。请运行 lixin db migrate，或从备份恢复。",
    "The journal has no head row: the database was not set up whole. Run `lixin db migrate`, or "
    "restore a backup."};

}  // namespace lixin::journal::errc
