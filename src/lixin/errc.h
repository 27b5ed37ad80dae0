#pragma once

#include "base/error.h"

namespace lixin::errc {

// ---- the command line itself

inline constexpr message unknown_command{
    "lixin.unknown_command", failure::unusable_input,
    "没有命令“{0}”。可用的命令：{1}。用 {2} --help 查看说明。",
    "There is no command “{0}”. Commands: {1}. See {2} --help."};

inline constexpr message mistyped_command{
    "lixin.mistyped_command", failure::unusable_input,
    "没有命令“{0}”，最接近的是“{3}”。可用的命令：{1}。用 {2} --help 查看说明。",
    "There is no command “{0}”; the nearest is “{3}”. Commands: {1}. See {2} --help."};

inline constexpr message missing_command{"lixin.missing_command", failure::unusable_input,
                                         "{0} 之后还应写明命令：{1}。用 {0} --help 查看说明。",
                                         "A command is missing after {0}: {1}. See {0} --help."};

inline constexpr message unknown_option{"lixin.unknown_option", failure::unusable_input,
                                        "{0} 没有选项“{1}”。用 {0} --help 查看全部选项。",
                                        "{0} has no option “{1}”. See {0} --help."};

inline constexpr message mistyped_option{
    "lixin.mistyped_option", failure::unusable_input,
    "{0} 没有选项“{1}”，最接近的是 {2}。用 {0} --help 查看全部选项。",
    "{0} has no option “{1}”; the nearest is {2}. See {0} --help."};

inline constexpr message extra_argument{
    "lixin.extra_argument", failure::unusable_input,
    "{0} 不需要“{1}”，请删去；含有空格的内容须加引号。用 {0} --help 查看用法。",
    "{0} takes no “{1}”; leave it out, and quote what has blanks in it. See {0} --help."};

inline constexpr message missing_argument{"lixin.missing_argument", failure::unusable_input,
                                          "{0} 缺少 {1}。用 {0} --help 查看用法。",
                                          "{0} needs {1}. See {0} --help."};

inline constexpr message option_value{
    "lixin.option_value", failure::unusable_input,
    "选项 {1} 后面应写一个值，而且只写一次。用 {0} --help 查看用法。",
    "The option {1} takes one value and stands once. See {0} --help."};

inline constexpr message bad_command_line{"lixin.bad_command_line", failure::unusable_input,
                                          "命令无法识别（{1}）。用 {0} --help 查看用法。",
                                          "The command cannot be read ({1}). See {0} --help."};

inline constexpr message bad_number{"lixin.bad_number", failure::unusable_input,
                                    "{0} 应为 {1} 到 {2} 之间的整数，所给为“{3}”。",
                                    "{0} takes a whole number from {1} to {2}; “{3}” was given."};

inline constexpr message too_small{"lixin.too_small", failure::unusable_input,
                                   "{0} 应为不小于 {1} 的整数，所给为“{2}”。",
                                   "{0} takes a whole number of at least {1}; “{2}” was given."};

inline constexpr message not_utf8{
    "lixin.not_utf8", failure::unusable_input,
    "命令的第 {0} 个参数不是 UTF-8 编码的文字。请把终端设为 UTF-8，文件名请改用 UTF-8。",
    "Argument {0} of the command is not text in UTF-8. Set the terminal to UTF-8, and give files "
    "names in UTF-8."};

// ---- values of options

inline constexpr message bad_date{"lixin.bad_date", failure::unusable_input,
                                  "{0} 应为日期，如 2026-11-24，所给为“{1}”：{2}",
                                  "{0} takes a date such as 2026-11-24; “{1}” was given: {3}"};

inline constexpr message bad_position{
    "lixin.bad_position", failure::unusable_input,
    "--known-at 应为日志位置（如 1200）、日期或时间（如 2026-11-24T08:00:00Z），所给为“{0}”。",
    "--known-at takes a position of the journal (1200), a date or a time (2026-11-24T08:00:00Z); "
    "“{0}” was given."};

inline constexpr message position_ahead{
    "lixin.position_ahead", failure::unusable_input,
    "日志目前只到第 {1} 号，所给为 {0}。请用 lixin changes 输出的位置。",
    "The journal ends at position {1} now, and {0} was given. `lixin changes` prints positions."};

inline constexpr message bad_viewer{
    "lixin.bad_viewer", failure::unusable_input,
    "--viewer 应为 {0} 之一（信源单位写作 source-authority:单位代码，共享组写作 sharing-group:"
    "组代码），所给为“{1}”。",
    "--viewer takes one of {0} (an authority as source-authority:CODE, a group as "
    "sharing-group:CODE); “{1}” was given."};

inline constexpr message bad_option{"lixin.bad_option", failure::unusable_input,
                                    "{0} 应为 {1} 之一，所给为“{2}”。",
                                    "{0} takes one of {1}; “{2}” was given."};

inline constexpr message bad_ending{"lixin.bad_ending", failure::unusable_input,
                                    "{0} 的文件名应以 {1} 结尾，所给为“{2}”。",
                                    "{0} takes a file name that ends in {1}; “{2}” was given."};

inline constexpr message needs_code_or_receipt{
    "lixin.needs_code_or_receipt", failure::unusable_input,
    "核查须给出主体代码和 --matter（如 lixin check 代码 --matter procurement.bid），或者只给 "
    "--receipt。",
    "A check takes a subject's code and --matter (lixin check CODE --matter procurement.bid), or "
    "--receipt alone."};

inline constexpr message needs_file_and_out{
    "lixin.needs_file_and_out", failure::unusable_input,
    "批量核查须给出 --file（代码文件）、--matter（事项）和 --out（结果文件，.csv 或 "
    ".jsonl），不能再写"
    "代码、--receipt 或 --known-at。",
    "A check of many codes takes --file (the codes), --matter and --out (.csv or .jsonl), and no "
    "code, --receipt or --known-at besides."};

inline constexpr message personal_number{
    "lixin.personal_number", failure::unusable_input,
    "所给内容是自然人的证件号码。本平台不按自然人查询，所给内容未作任何记录。请填写单位的统一社会信"
    "用代码、"
    "组织机构代码或注册号。",
    "What was given is a natural person's number. Natural persons are not looked up here, and "
    "nothing of it was written. Give an organisation's credit code, organisation code or "
    "registration number."};

// ---- files and folders

inline constexpr message cannot_make_folder{
    "lixin.cannot_make_folder", failure::unusable_input,
    "无法建立数据文件夹 {0}：{1}。请用 --data 或 LIXIN_DATA 指定可写的位置。",
    "The data folder {0} cannot be made: {2}. Name a writable place with --data or LIXIN_DATA."};

inline constexpr message cannot_open{
    "lixin.cannot_open", failure::unusable_input, "无法读取 {0}：{1}。请检查路径和权限。",
    "{0} cannot be read: {2}. Check the path and its permissions."};

inline constexpr message file_too_long{
    "lixin.file_too_long", failure::unusable_input,
    "{0} 超过 {1} 字节，不是所需的文件。请核对路径。",
    "{0} is longer than {1} bytes and not the file that is wanted. Check the path."};

inline constexpr message cannot_write_new{
    "lixin.cannot_write_new", failure::unusable_input,
    "无法新建 {0}：{1}。已有的文件不会被覆盖，请换一个文件名，或者先移走原文件。",
    "{0} cannot be made: {2}. A file that is there is never overwritten; give another name, or "
    "move the old one away."};

inline constexpr message person_mistyped{
    "lixin.person_mistyped", failure::unusable_input,
    "所输入的不是有效的居民身份证号码（位数或校验码不符），没有查阅。请核对后重新输入。",
    "What was typed is no valid resident number (its length or check sign is wrong); nothing was "
    "looked up. Check it and type it again."};

inline constexpr message no_person_given{
    "lixin.no_person_given", failure::unusable_input,
    "请从标准输入给出一行证件号码，例如 lixin vault open --purpose … --basis … < 文件；"
    "号码不能写在命令里。",
    "Give the person's number as one line on standard input (lixin vault open --purpose … --basis "
    "… < FILE); it is never an argument."};

inline constexpr message secret_lines{
    "lixin.secret_lines", failure::unusable_input,
    "文件 {0} 应只有口令或密码一行，现有多行。请只保留这一行。",
    "The file {0} should hold the passphrase or password in one line, and has several. Leave that "
    "line only."};

inline constexpr message no_passphrase{
    "lixin.no_passphrase", failure::unusable_input,
    "缺少口令：请用 --passphrase-file 指定存放口令的文件，或者设置环境变量 LIXIN_PASSPHRASE。",
    "A passphrase is missing: name a file that holds it with --passphrase-file, or set "
    "LIXIN_PASSPHRASE."};

inline constexpr message no_password{
    "lixin.no_password", failure::unusable_input,
    "缺少密码：请在终端中运行本命令，按提示输入；或者用 --password-file 指定存放密码的文件。"
    "密码不能写在命令里。",
    "A password is missing: run the command at a terminal, which asks for it, or name a file that "
    "holds it with --password-file; it is never an argument."};

inline constexpr message passwords_differ{
    "lixin.passwords_differ", failure::unusable_input, "两次输入的密码不一致，没有改动。请重试。",
    "The two passwords differ; nothing was changed. Try again."};

inline constexpr message audit_faults{
    "lixin.audit_faults", failure::refused,
    "审计链核对发现 {0} 处问题，见上面各条。请停止写入，保留现场，并与备份和已导出的链首比对。",
    "The audit chain has {0} fault(s); see above. Stop writing, keep everything as it is, and "
    "compare with backups and exported heads."};

inline constexpr message no_code_column{
    "lixin.no_code_column", failure::unusable_input,
    "文件有多列，但首行没有“统一社会信用代码”这一列名。请写上列名，或者只保留代码一列。",
    "The file has several columns, and none of its first row is called 统一社会信用代码 (or "
    "credit_code). Name the column, or leave the codes alone in the file."};

inline constexpr message answers_there{
    "lixin.answers_there", failure::refused,
    "{0} 已经存在，没有覆盖。请改用别的文件名，或者先移走该文件。",
    "{0} is there already and was not written over. Give another name, or move that file first."};

inline constexpr message cannot_write{
    "lixin.cannot_write", failure::unavailable, "无法写入 {0}：{1}。请检查路径、权限和磁盘空间。",
    "{0} cannot be written: {2}. Check the path, its permissions and the disk."};

inline constexpr message cannot_print{
    "lixin.cannot_print", failure::unavailable,
    "结果没有写完：{0}。请检查磁盘空间或者接收输出的程序，然后重试。",
    "The answer was not written to its end: {1}. Check the disk, or the program that reads it, and "
    "try again."};

inline constexpr message pack_faults{
    "lixin.pack_faults", failure::unusable_input,
    "共有 {0} 处错误，没有装入任何内容。请按上面各条改好后重试。",
    "{0} fault(s); nothing was loaded. Mend what stands above and try again."};

inline constexpr message sheet_faults{"lixin.sheet_faults", failure::unusable_input,
                                      "共有 {0} 处错误。请按上面各条改好后重试。",
                                      "{0} fault(s). Mend what stands above and try again."};

// ---- the server

inline constexpr message config_unreadable{
    "lixin.config_unreadable", failure::unusable_input,
    "设置文件 {0} 读不了：{1}。请核对路径和权限。",
    "The settings {0} cannot be read: {2}. Check path and permissions."};

inline constexpr message config_syntax{
    "lixin.config_syntax", failure::unusable_input,
    "这里不是正确的 TOML：{0}。请改正，例如 listen = [\"127.0.0.1:8080\"]。",
    "This is not TOML: {0}. Mend it; a setting reads listen = [\"127.0.0.1:8080\"]."};

inline constexpr message config_unknown{"lixin.config_unknown", failure::unusable_input,
                                        "没有“{0}”这一项，可用的有：{1}。",
                                        "There is no setting “{0}” here. Known are: {1}."};

inline constexpr message config_wrong{"lixin.config_wrong", failure::unusable_input,
                                      "“{0}”应为：{1}。", "“{0}” should be {2}."};

inline constexpr message config_faults{
    "lixin.config_faults", failure::unusable_input,
    "设置文件 {0} 有 {1} 处错误，见上。改正后重试。",
    "The settings {0} have {1} faults, as listed above. Mend them and try again."};

}  // namespace lixin::errc
