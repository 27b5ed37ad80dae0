// What pg can answer instead of a value. Every message about a statement has SQLSTATE in {0} and a
// text in {1}; that text never holds a row's data (see describe() in connection.cc).
#pragma once

#include "base/error.h"

namespace lixin::pg::errc {

// Connecting.

inline constexpr message cannot_connect{
    "pg.cannot_connect", failure::unavailable,
    "无法连接数据库：{1}。请确认数据库正在运行，并核对 LIXIN_DATABASE 中的地址、库名和用户",
    "cannot connect to the database: {1}. Check that it is running, and the address, name and user "
    "in LIXIN_DATABASE"};

inline constexpr message bad_conninfo{
    "pg.bad_conninfo", failure::unusable_input,
    "数据库连接参数应为“host=… dbname=…”或“postgresql://…”的形式，所给内容无法识别",
    "the database address should read 'host=... dbname=...' or 'postgresql://...'; what was given "
    "is neither"};

inline constexpr message server_too_old{
    "pg.server_too_old", failure::unavailable,
    "需要 PostgreSQL 15 或更高版本，所连接的数据库为 {1}。请升级数据库",
    "PostgreSQL 15 or later is needed; the server is {1}. Upgrade the server"};

inline constexpr message not_utf8{
    "pg.not_utf8", failure::unavailable,
    "数据库的编码应为 UTF8，现为 {1}。请以 ENCODING 'UTF8' 新建数据库",
    "the database's encoding must be UTF8; it is {1}. Make a database with ENCODING 'UTF8'"};

// Statements.

inline constexpr message server_gone{
    "pg.server_gone", failure::unavailable, "与数据库的连接已中断（{0}）：{1}。请稍后重试",
    "the connection to the database was lost ({0}): {1}. Try again"};

inline constexpr message commit_unknown{
    "pg.commit_unknown", failure::unavailable,
    "提交时与数据库的连接中断（{0}）：{1}。数据可能已经保存，请重新提交同一内容，已保存的不会重复",
    "the connection was lost while committing ({0}): {1}. The change may have been kept; send the "
    "same again, what was kept is not kept twice"};

inline constexpr message rolled_back{
    "pg.rolled_back", failure::internal, "事务已因前面的错误回滚，没有保存（{0}：{1}）",
    "nothing was kept: the transaction was rolled back because of an earlier error ({0}: {1})"};

inline constexpr message database_error{"pg.database_error", failure::internal,
                                        "数据库报告错误 {0}：{1}",
                                        "the database reports error {0}: {1}"};

inline constexpr message duplicate{"pg.duplicate", failure::refused,
                                   "数据库中已有相同的内容（{0}）：{1}",
                                   "the database already holds the same ({0}): {1}"};

inline constexpr message try_again{
    "pg.try_again", failure::unavailable, "与另一项同时进行的操作冲突（{0}）：{1}。请重试",
    "it collided with another change at the same time ({0}): {1}. Try again"};

inline constexpr message locked{
    "pg.locked", failure::unavailable, "等待其他操作释放锁超时（{0}）：{1}。请稍后重试",
    "gave up waiting for a lock that another change holds ({0}): {1}. Try again later"};

inline constexpr message cancelled{
    "pg.cancelled", failure::unavailable, "数据库操作超时或被取消（{0}）：{1}。请稍后重试",
    "the statement took too long or was cancelled ({0}): {1}. Try again later"};

inline constexpr message tables_gone{
    "pg.tables_gone", failure::unavailable,
    "数据库中没有所需的表（{0}）：{1}。可能正在恢复备份，请待恢复完成后重试",
    "a table is not in the database ({0}): {1}. A backup may be being restored; try again when "
    "that "
    "has finished"};

inline constexpr message disk_full{
    "pg.disk_full", failure::unavailable, "数据库所在磁盘空间不足（{0}）：{1}。请清理或扩容后重试",
    "the database's disk is full ({0}): {1}. Free or add space, then try again"};

inline constexpr message read_only{
    "pg.read_only", failure::unavailable,
    "数据库当前只读，可能连接到了备库（{0}）：{1}。请连接主库",
    "the database is read-only now, perhaps a standby ({0}): {1}. Connect to the primary"};

inline constexpr message zero_byte{
    "pg.zero_byte", failure::unusable_input,
    "第 {1} 个参数的文本中含有零字节，数据库无法保存（{0}）。请删除该字符",
    "the text of parameter {1} holds a zero byte, which the database cannot keep ({0}). Remove it"};

// Migrations.

inline constexpr message migration_unreadable{
    "pg.migration_unreadable", failure::unavailable, "无法读取迁移文件或文件夹 {0}：{1}",
    "the migration file or folder {0} cannot be read: {1}"};

inline constexpr message migration_name{
    "pg.migration_name", failure::unusable_input,
    "迁移文件名应为四位编号、下划线、小写说明和 .sql（如 0001_begin.sql），现为 {0}",
    "a migration's name should be four digits, an underscore, small letters and .sql "
    "(0001_begin.sql); this is {0}"};

inline constexpr message migration_gap{
    "pg.migration_gap", failure::unusable_input,
    "迁移文件应从 1 起连续编号，此处应为第 {0} 号，实际是 {1}。请补齐缺少的文件",
    "migrations must count from 1 without a gap; number {0} was expected here, found {1}. Bring "
    "back "
    "the missing file"};

inline constexpr message migration_changed{
    "pg.migration_changed", failure::refused,
    "迁移文件 {0} 在数据库执行之后被改动。已执行的迁移不得修改，请恢复原文件，改动另写新迁移",
    "migration {0} was changed after this database ran it. Landed migrations are never edited: "
    "restore the file and put the change into a new one"};

inline constexpr message database_newer{
    "pg.database_newer", failure::refused,
    "数据库已升级到第 {0} 号迁移，而本程序只到第 {1} 号。请使用与数据库相同或更新版本的程序",
    "the database is at migration {0}, this program knows only {1}. Use a program as new as the "
    "database"};

inline constexpr message migration_ends_transaction{
    "pg.migration_ends_transaction", failure::internal,
    "迁移文件 {0} 自行结束了事务。迁移中不得使用 BEGIN、COMMIT 或 ROLLBACK",
    "migration {0} ended its transaction by itself. A migration must not use BEGIN, COMMIT or "
    "ROLLBACK"};

// The private server.

inline constexpr message folder_not_enterable{
    "pg.folder_not_enterable", failure::unusable_input,
    "以 root 运行时，数据库由系统用户 {1} 运行，但该用户无法进入文件夹 "
    "{0}。请改用该用户能够进入的数据文件夹，"
    "例如 /var/lib/lixin，或执行 chmod o+x {0}",
    "run as root, the database works as the system user {1}, who cannot enter the folder {0}. Use "
    "a "
    "data folder that this user can enter, such as /var/lib/lixin, or run chmod o+x {0}"};

inline constexpr message folder_unusable{
    "pg.folder_unusable", failure::unavailable,
    "数据文件夹 {0} 无法使用：{1}。请确认路径正确，且运行本程序的用户可以写入",
    "the data folder {0} cannot be used: {1}. Check the path, and that the user who runs this "
    "program may write there"};

inline constexpr message folder_busy{
    "pg.folder_busy", failure::unavailable,
    "另一个程序正在启动或停止 {0} 中的数据库，已等待 {1} 秒。请稍后重试",
    "another program is starting or stopping the database in {0}; waited {1} seconds. Try again "
    "later"};

inline constexpr message cluster_of_another{
    "pg.cluster_of_another", failure::refused,
    "{0} 中的数据库属于用户 {1}。请以该用户或 root 运行，或另选数据文件夹",
    "the database in {0} belongs to user {1}. Run as that user or as root, or choose another data "
    "folder"};

inline constexpr message not_a_cluster{
    "pg.not_a_cluster", failure::unusable_input,
    "文件夹 {0} 应为空或存放本程序建立的数据库，现有其他内容。请移走其中的文件，或另选数据文件夹",
    "the folder {0} should be empty or hold a database that this program made; it holds something "
    "else. Move that away, or choose another data folder"};

inline constexpr message socket_folder_foreign{
    "pg.socket_folder_foreign", failure::refused,
    "数据库套接字文件夹 {0} 应只属于用户 {1}（权限 0700），现为其他用户所有或可被他人进入。"
    "请查明来源后删除，或改用路径较短的数据文件夹",
    "the folder of the database's socket {0} must belong to user {1} alone (mode 0700); it is "
    "another's or open to others. Find out who made it and remove it, or use a data folder with a "
    "shorter path"};

inline constexpr message no_server_user{
    "pg.no_server_user", failure::unavailable,
    "以 root 运行时需要系统用户 {0} 来运行数据库，但系统中没有该用户。请安装 postgresql-15，"
    "或以普通用户运行本程序",
    "run as root, the database needs the system user {0}, who does not exist. Install "
    "postgresql-15 "
    "or run this program as an ordinary user"};

inline constexpr message no_server_program{
    "pg.no_server_program", failure::unavailable,
    "找不到 PostgreSQL {0} 的服务程序（在 /usr/lib/postgresql 和 PATH 中查找过）。请安装 "
    "postgresql-{0}，"
    "或用 LIXIN_DATABASE 指定数据库",
    "no PostgreSQL {0} server was found (in /usr/lib/postgresql and PATH). Install postgresql-{0} "
    "or name a database in LIXIN_DATABASE"};

inline constexpr message no_client_program{
    "pg.no_client_program", failure::unavailable,
    "找不到 PostgreSQL {1} 或更高版本的 {0}（在 /usr/lib/postgresql 和 PATH 中查找过）。请安装 "
    "postgresql-client-{1}",
    "no {0} of PostgreSQL {1} or later was found (in /usr/lib/postgresql and PATH). Install "
    "postgresql-client-{1}"};

inline constexpr message program_failed{"pg.program_failed", failure::unavailable,
                                        "{0} 运行失败：{1}", "{0} failed: {1}"};

inline constexpr message does_not_start{
    "pg.does_not_start", failure::unavailable,
    "{0} 中的数据库未能启动，原因见该文件夹中的 startup.log 和 log/。请处理后重试",
    "the database in {0} did not start; startup.log and log/ in that folder say why. Mend that and "
    "try again"};

inline constexpr message not_running{"pg.not_running", failure::not_found, "{0} 中的数据库没有运行",
                                     "the database in {0} is not running"};

}  // namespace lixin::pg::errc
