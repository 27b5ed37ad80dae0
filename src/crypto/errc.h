// What crypto can answer instead of a value. No message holds a key, a digest or a text.
#pragma once

#include "base/error.h"

namespace lixin::crypto::errc {

inline constexpr message not_authentic{
    "crypto.not_authentic", failure::refused,
    "密文无法通过校验：密钥、密文或其所属对象与加密时不一致。请核对密钥文件是否为加密时所用的文件",
    "the sealed text does not verify: the key, the text or what it is bound to differs from the "
    "time of sealing. Check that the key file is the one it was sealed with"};

inline constexpr message not_base64url{
    "crypto.not_base64url", failure::unusable_input,
    "应为 base64url 文本（字母、数字、“-”和“_”，末尾不加“=”），第 {0} 个字符起不符合",
    "expected base64url text (letters, digits, '-' and '_', no '=' at the end); from character {0} "
    "on it is not"};

inline constexpr message key_file_unreadable{
    "crypto.key_file_unreadable", failure::unavailable,
    "无法读取密钥文件 {0}：{1}。请确认该文件属于运行本程序的用户",
    "the key file {0} cannot be read: {1}. It must belong to the user that runs this program"};

inline constexpr message key_file_unwritable{
    "crypto.key_file_unwritable", failure::unavailable,
    "无法新建密钥文件 {0}：{1}。请确认其所在文件夹存在且可写",
    "the key file {0} cannot be made: {1}. Its folder must exist and be writable"};

inline constexpr message key_file_exposed{
    "crypto.key_file_exposed", failure::refused,
    "密钥文件 {0} 可被其他用户读取或改写（权限 {1}）。请执行 chmod 600，并考虑更换密钥",
    "other users may read or change the key file {0} (mode {1}). Run chmod 600 on it and think of "
    "new keys"};

inline constexpr message key_file_foreign{
    "crypto.key_file_foreign", failure::refused,
    "密钥文件 {0} 应为普通文件，且属于运行本程序的用户；现为其他用户所有，或不是普通文件",
    "the key file {0} must be a plain file of the user that runs this program; it belongs to "
    "another user or is no plain file"};

inline constexpr message key_line_wrong{
    "crypto.key_line_wrong", failure::unusable_input,
    "密钥文件 {0} 第 {1} 行应为“编号 用途 密钥”（编号为正整数，密钥为 32 字节的 base64url 文本）。"
    "请从备份恢复该文件",
    "line {1} of the key file {0} should be '<number> <purpose> <key>' (a number from 1, and 32 "
    "bytes as base64url). Restore the file from its backup"};

inline constexpr message key_twice{
    "crypto.key_twice", failure::unusable_input,
    "密钥文件 {0} 第 {1} 行的用途和编号在前面已经出现过。每个用途的编号只能出现一次",
    "line {1} of the key file {0} repeats a purpose and number from above. A purpose has each "
    "number once"};

inline constexpr message key_purpose_missing{
    "crypto.key_purpose_missing", failure::unusable_input,
    "密钥文件 {0} 中缺少用途为“{1}”的密钥。请从备份恢复该文件；新建的密钥无法打开已加密的数据",
    "the key file {0} has no key for purpose '{1}'. Restore the file from its backup; a new key "
    "cannot open what is already sealed"};

inline constexpr message no_such_key{
    "crypto.no_such_key", failure::not_found,
    "密钥文件中没有用途为“{0}”的第 {1} 号密钥。请恢复包含该密钥的备份文件",
    "the key file has no key number {1} for purpose '{0}'. Restore the backup that holds it"};

inline constexpr message key_file_busy{
    "crypto.key_file_busy", failure::unavailable,
    "密钥文件 {0} 正被另一个程序改写。请待其完成后重试",
    "another program is changing the key file {0}. Try again when it has finished"};

inline constexpr message key_conflict{
    "crypto.key_conflict", failure::refused,
    "备份中用途为“{1}”的第 {2} 号密钥与密钥文件 {0} 中的不同，没有恢复任何密钥。"
    "请确认备份属于本系统；如需整体改用备份，请先把现有密钥文件移到别处",
    "key number {2} for purpose '{1}' of the backup differs from the one in the key file {0}; no "
    "key was restored. Check that the backup is of this installation; to use it instead, first "
    "move the present key file elsewhere"};

inline constexpr message not_sm2_key{
    "crypto.not_sm2_key", failure::unusable_input,
    "应为 PEM 格式的 SM2 公钥（由 lixin audit key 导出），所给内容无法识别",
    "expected an SM2 public key in PEM form (as `lixin audit key` writes it); this is none"};

inline constexpr message passphrase_wrong{
    "crypto.passphrase_wrong", failure::refused,
    "口令不正确，或者备份文件已损坏或被改动。请核对口令，或换用另一份备份",
    "the passphrase is wrong, or the backup was damaged or changed. Check the passphrase, or take "
    "another copy"};

inline constexpr message passphrase_short{
    "crypto.passphrase_short", failure::unusable_input,
    "口令至少应有 {0} 个字节，所给为 {1} 个字节。请换用更长的口令",
    "a passphrase takes at least {0} bytes; {1} were given. Choose a longer one"};

inline constexpr message not_locked_text{
    "crypto.not_locked_text", failure::unusable_input,
    "应为 lixin 生成的加密备份，所给文件的格式无法识别",
    "expected an encrypted backup as lixin writes it; this file has another form"};

}  // namespace lixin::crypto::errc
