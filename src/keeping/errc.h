#pragma once

#include "base/error.h"

namespace lixin::keeping::errc {

// ---- the ledger of purges

inline constexpr message ledger_unwritable{
    "keeping.ledger_unwritable", failure::unavailable,
    "清除台账 {0} 无法写入：{1}。没有清除任何新的内容；请检查磁盘空间和权限后重试。",
    "The ledger of purges {0} cannot be written: {2}. Nothing more was purged; check the disk and "
    "the permissions and try again."};

inline constexpr message ledger_broken{
    "keeping.ledger_broken", failure::refused,
    "清除台账 {0} 从第 {1} 行起已损坏或被改动。请用台账的副本恢复该文件后重试。",
    "The ledger of purges {0} is damaged or was changed from line {1} on. Put a copy of the file "
    "back and try again."};

inline constexpr message ledger_behind{
    "keeping.ledger_behind", failure::refused,
    "数据库记有 {0} 行清除台账，而 {1} 中只有 {2} 行。台账缺失时不能清除或恢复，否则清除过的内容"
    "可能重新出现；请放回原来的台账文件，或用 LIXIN_LEDGER 指明它的位置。",
    "The database knows {0} lines of the ledger of purges, {1} holds {2}. Without them nothing is "
    "purged or restored, since what was purged could come back: put the file back, or name it in "
    "LIXIN_LEDGER."};

inline constexpr message replay_needed{
    "keeping.replay_needed", failure::refused,
    "清除台账 {0} 有 {1} 行尚未在本数据库生效（数据库只到第 {2} 行），其中已清除的内容可能仍在"
    "库中。请先运行 lixin purge --replay。",
    "The ledger of purges {0} holds {1} lines, of which this database knows {2}: content that was "
    "purged may stand in it. Run `lixin purge --replay` first."};

inline constexpr message database_empty{
    "keeping.database_empty", failure::refused,
    "数据库是空的，而清除台账 {0} 已有 {1} 行：原来的数据库不在这里。请恢复备份（lixin db "
    "restore）；确要重新开始，请先移走台账和密钥文件。",
    "The database is empty, and the ledger of purges {0} holds {1} lines: the database that it "
    "belongs to is not here. Restore a backup (`lixin db restore`); to begin anew, move ledger and "
    "keys away first."};

inline constexpr message already_purging{
    "keeping.already_purging", failure::unavailable,
    "另一个清除或恢复正在进行。请等待其完成后重试。",
    "Another purge or restore is under way. Wait until it has finished and try again."};

inline constexpr message nothing_to_purge{
    "keeping.nothing_to_purge", failure::unusable_input,
    "请写明要做什么：lixin purge --due（清除保存期满的内容）或 lixin purge "
    "--replay（按台账补做）。",
    "Say what is wanted: `lixin purge --due` (content whose retention has ended) or `lixin purge "
    "--replay` (what the ledger holds)."};

// ---- backup and restore

inline constexpr message restoring{
    "keeping.restoring", failure::refused,
    "数据库正在恢复，或上次恢复没有完成。在清除台账补做完毕之前不提供服务；请重新运行上次的 lixin "
    "db restore 命令。",
    "The database is being restored, or the last restore was not finished. It does not answer "
    "until the ledger of purges was replayed: run the same `lixin db restore` again."};

inline constexpr message restore_running{
    "keeping.restore_running", failure::unavailable, "另一个恢复正在进行。请等待其完成后重试。",
    "Another restore is at work. Wait until it has finished and try again."};

inline constexpr message keys_of_another{
    "keeping.keys_of_another", failure::refused,
    "密钥文件 {0} 不是备份 {1} 所用的那一份，没有恢复任何内容：用它无法识别清除台账所指的记录。"
    "请先恢复原来的密钥（lixin vault keys restore）。",
    "The key file {0} is not the one that the backup {1} was made with; nothing was "
    "restored, since it would not find what the ledger of purges names. Restore the right keys "
    "first (`lixin vault "
    "keys restore`)."};

inline constexpr message backup_beside_data{
    "keeping.backup_beside_data", failure::unusable_input,
    "备份不能放在数据文件夹里：{0} 在 {1} 之中，数据丢失时备份也会一起丢失。"
    "请换一个文件夹，最好在另一块磁盘上。",
    "A backup does not belong into the data folder: {0} lies in {1}, and would be lost with it. "
    "Name another folder, on another disk if you can."};

inline constexpr message prune_what{
    "keeping.prune_what", failure::unusable_input,
    "--prune 须与 --keep-days 或 --keep 一起使用，否则没有备份算超期。",
    "--prune takes --keep-days or --keep; without them no backup is too old."};

inline constexpr message folder_unwritable{
    "keeping.folder_unwritable", failure::unavailable,
    "备份无法写入 {0}：{1}。没有留下不完整的备份；请检查磁盘空间和权限后重试。",
    "The backup cannot be written to {0}: {2}. No incomplete backup was left; check the disk and "
    "the permissions and try again."};

inline constexpr message not_a_backup{
    "keeping.not_a_backup", failure::unusable_input,
    "{0} 不是备份：其中应有 manifest.json 和 lixin.dump，{1}。请指明 lixin db backup "
    "所建的文件夹。",
    "{0} is no backup: it should hold manifest.json and lixin.dump, {2}. Name a folder that `lixin "
    "db backup` made."};

inline constexpr message backup_damaged{
    "keeping.backup_damaged", failure::unusable_input,
    "备份 {0} 已损坏：{1} 的大小或摘要与清单不符，没有恢复任何内容。请换用另一份备份。",
    "The backup {0} is damaged: size or digest of {1} differ from its manifest. Nothing was "
    "restored; use another backup."};

inline constexpr message backup_newer{
    "keeping.backup_newer", failure::refused,
    "备份的库结构为第 {0} 版，而本程序只到第 {1} 版。请用相同或更新版本的程序恢复。",
    "The backup is of schema {0}, this program knows {1}. Restore it with a program as new as the "
    "one that made it."};

inline constexpr message not_empty{
    "keeping.not_empty", failure::refused,
    "数据库中已有数据（日志到第 {0} 号），没有恢复。确要替换请加 --replace，现有数据会改名保留。",
    "The database holds data already (the journal is at position {0}); nothing was restored. "
    "--replace takes its place, and what stands there is kept under another name."};

inline constexpr message no_such_kept{
    "keeping.no_such_kept", failure::not_found,
    "没有名为“{0}”的保留数据。lixin db status 列出恢复时改名保留的数据。",
    "Nothing is kept under the name “{0}”. `lixin db status` lists what a restore kept."};

}  // namespace lixin::keeping::errc
