// What the vault can answer instead of a value. No message names a person, a number or a content.
#pragma once

#include "base/error.h"

namespace lixin::vault::errc {

inline constexpr message keys_differ{
    "vault.keys_differ", failure::refused,
    "密钥文件与数据库不匹配：数据库中的自然人数据是用另一把“{0}”密钥（第 {1} 号）封存的。"
    "请恢复与该数据库一同备份的密钥文件",
    "the key file does not fit the database: its sealed persons were sealed with another '{0}' key "
    "(number {1}). Restore the key file that was backed up for this database"};

inline constexpr message keys_foreign{
    "vault.keys_foreign", failure::refused,
    "密钥文件 {0} 不是这个数据库一直使用的那一份：用它无法识别已清除的文书、封存的自然人数据和已"
    "出具的回执。请移走该文件，再用 lixin vault keys restore 恢复原来的密钥",
    "the key file {0} is not the one that this database was always used with: it knows neither the "
    "documents that were purged nor sealed persons nor receipts that were given. Move it away and "
    "restore the right keys (`lixin vault keys restore`)"};

inline constexpr message keys_gone{
    "vault.keys_gone", failure::refused,
    "没有密钥文件 {0}，而数据库一直在使用密钥；没有新建密钥，以免与原有数据不符。"
    "请先恢复密钥（lixin vault keys restore）",
    "there is no key file {0}, and the database was used with one; no new keys were made, since "
    "they would not fit its data. Restore the keys first (`lixin vault keys restore`)"};

inline constexpr message unknown_form{
    "vault.unknown_form", failure::internal,
    "封存数据的格式无法识别，可能由更新版本的程序写入。请使用与数据库相同或更新版本的程序",
    "the sealed text has a form that this program does not know; a newer program may have written "
    "it. Use a program as new as the database"};

inline constexpr message too_many_rows{"vault.too_many_rows", failure::internal,
                                       "一次最多封存 {1} 行，现为 {0} 行",
                                       "at most {1} rows can be sealed at once, not {0}"};

inline constexpr message key_missing{
    "vault.key_missing", failure::refused,
    "数据库正在使用第 {1} 号“{0}”密钥，而密钥文件中没有这把密钥。"
    "请恢复包含该密钥的密钥文件（lixin vault keys restore）",
    "the database uses key number {1} of '{0}', which the key file does not have. Restore a key "
    "file that has it (`lixin vault keys restore`)"};

inline constexpr message rotation_running{
    "vault.rotation_running", failure::unavailable, "另一个程序正在更换密钥。请待其完成后再试",
    "another program is rotating the keys. Try again when it has finished"};

inline constexpr message older_form{
    "vault.older_form", failure::refused,
    "有 {0} 行封存数据由旧版程序写入，缺少重新计算摘要所需的内容，未更换任何密钥。"
    "请撤回相应批次并重新报送，或者只更换封存密钥（--seal）",
    "{0} sealed rows were written by an older program and lack what new digests are computed from; "
    "no key was changed. Withdraw their hand-ins and hand them in again, or rotate the seal key "
    "only (--seal)"};

inline constexpr message rows_left{
    "vault.rows_left", failure::unavailable,
    "还有 {0} 行使用旧密钥，旧密钥继续有效。请再次运行同一命令",
    "{0} rows still use the older keys, which stay in use. Run the same command again"};

inline constexpr message look_unjustified{
    "vault.look_unjustified", failure::unusable_input,
    "查阅自然人的封存数据须写明经办人（--as）、用途（--purpose）和法定依据（--basis），"
    "每项不超过 {0} 字节",
    "a look at a person's sealed rows takes an actor (--as), a purpose (--purpose) and a basis in "
    "law (--basis), each of at most {0} bytes"};

}  // namespace lixin::vault::errc
