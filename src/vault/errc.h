// What the vault can answer instead of a value. No message names a person, a number or a content.
#pragma once

#include "base/error.h"

namespace lixin::vault::errc {

inline constexpr message keys_differ{
    "vault.keys_differ", failure::refused,
    "密钥文件与数据库不匹配：数据库中的自然人数据是用另一把“{0}”密钥（第 {1} 号）封存的。"
    "请恢复与该数据库一同备份的密钥文件；若刚更换过密钥，请先完成重新封存",
    "the key file does not fit the database: its sealed persons were sealed with another '{0}' key "
    "(number {1}). Restore the key file that was backed up for this database; after a change of "
    "keys, reseal first"};

inline constexpr message unknown_form{
    "vault.unknown_form", failure::internal,
    "封存数据的格式无法识别，可能由更新版本的程序写入。请使用与数据库相同或更新版本的程序",
    "the sealed text has a form that this program does not know; a newer program may have written "
    "it. Use a program as new as the database"};

inline constexpr message too_many_rows{"vault.too_many_rows", failure::internal,
                                       "一次最多封存 {1} 行，现为 {0} 行",
                                       "at most {1} rows can be sealed at once, not {0}"};

}  // namespace lixin::vault::errc
