// What can be wrong with a spreadsheet. No sentence repeats what a cell holds: it may be personal.
#pragma once

#include "base/error.h"

namespace lixin::tabular::errc {

// The file as a whole.
inline constexpr message cannot_open{
    "tabular.cannot_open", failure::unusable_input, "打不开文件“{0}”：{1}。请核对路径和读取权限。",
    "cannot open the file \"{0}\": {1}; check the path and that you may read it"};
inline constexpr message cannot_read{"tabular.cannot_read", failure::unavailable,
                                     "读取文件时出错：{0}。请检查磁盘后重试。",
                                     "reading the file failed: {0}; check the disk and try again"};
inline constexpr message empty_file{
    "tabular.empty_file", failure::unusable_input,
    "文件是空的。应当至少有一行表头，请重新导出后再上传。",
    "the file is empty; at least a heading row is expected, so export it again"};
inline constexpr message too_large{
    "tabular.too_large", failure::unusable_input,
    "文件有 {0} 字节，超过上限 {1} 字节。请拆成几个文件。",
    "the file has {0} bytes, more than the limit of {1}; split it into several files"};
inline constexpr message utf16{
    "tabular.utf16", failure::unusable_input,
    "文件是 UTF-16 编码（“Unicode 文本”），应为 UTF-8 或 GB18030。请另存为“CSV "
    "UTF-8（逗号分隔）”。",
    "the file is UTF-16 (\"Unicode text\"), UTF-8 or GB18030 is expected; save it as "
    "\"CSV UTF-8 (comma delimited)\""};
inline constexpr message markup_file{
    "tabular.markup_file", failure::unusable_input,
    "文件内容是网页或 XML，不是表格。请用表格软件打开，另存为 .xlsx 或“CSV UTF-8”。",
    "the file holds a web page or XML, not a table; open it in spreadsheet software and save it as "
    ".xlsx or \"CSV UTF-8\""};
inline constexpr message pdf_file{"tabular.pdf_file", failure::unusable_input,
                                  "文件是 PDF，不是表格。请提供 .xlsx 或 CSV 文件。",
                                  "the file is a PDF, not a table; hand in an .xlsx or CSV file"};

// Workbooks.
inline constexpr message encrypted{
    "tabular.encrypted", failure::unusable_input,
    "工作簿设有打开密码，无法读取。请取消密码后另存为 .xlsx。",
    "the workbook is protected by a password; remove it and save the file as .xlsx"};
inline constexpr message old_xls{
    "tabular.old_xls", failure::unusable_input,
    "文件是旧版 .xls（或其他旧版 Office 文件），应为 .xlsx。请用表格软件打开，另存为 .xlsx。",
    "the file is an old .xls (or another old Office file), .xlsx is expected; open it in "
    "spreadsheet software and save it as .xlsx"};
inline constexpr message ods{
    "tabular.ods", failure::unusable_input,
    "文件是 ODF 表格（.ods），应为 .xlsx。请用表格软件打开，另存为 .xlsx。",
    "the file is an OpenDocument spreadsheet (.ods), .xlsx is expected; save it as .xlsx"};
inline constexpr message binary_workbook{
    "tabular.binary_workbook", failure::unusable_input,
    "文件是二进制工作簿（.xlsb），应为 .xlsx。请用表格软件打开，另存为 .xlsx。",
    "the file is a binary workbook (.xlsb), .xlsx is expected; save it as .xlsx"};
inline constexpr message not_workbook{
    "tabular.not_workbook", failure::unusable_input,
    "文件是压缩包，但里面不是 .xlsx 工作簿。请直接提供 .xlsx 或 CSV 文件，不要压缩。",
    "the file is a ZIP archive but no .xlsx workbook; hand in the .xlsx or CSV file itself"};
inline constexpr message broken_zip{
    "tabular.broken_zip", failure::unusable_input,
    "工作簿文件已损坏（{0}）。请重新导出，或用表格软件打开后另存一份。",
    "the workbook file is damaged ({0}); export it again, or open it and save a copy"};
inline constexpr message broken_xml{
    "tabular.broken_xml", failure::unusable_input,
    "工作簿的 {0} 不是规范的 XML（{1}）。请用表格软件打开后另存一份。",
    "{0} of the workbook is not well-formed XML ({1}); open the file and save a copy"};
inline constexpr message missing_part{"tabular.missing_part", failure::unusable_input,
                                      "工作簿里缺少 {0}。请用表格软件打开后另存一份。",
                                      "the workbook lacks {0}; open the file and save a copy"};
inline constexpr message broken_order{
    "tabular.broken_order", failure::unusable_input,
    "工作表的行号和单元格编号应当递增，这里却没有。请用表格软件打开后另存一份。",
    "rows and cells of a sheet must be numbered upwards, but here they are not; open the file and "
    "save a copy"};
inline constexpr message unknown_string{
    "tabular.unknown_string", failure::unusable_input,
    "单元格引用的共享文字不存在。请用表格软件打开后另存一份。",
    "the cell refers to a shared text that does not exist; open the file and save a copy"};
inline constexpr message doctype{
    "tabular.doctype", failure::refused,
    "工作簿的 {0} 含有 DOCTYPE 声明，出于安全原因不予读取。请用表格软件打开后另存一份。",
    "{0} of the workbook has a DOCTYPE, which is refused for safety; open the file and save a "
    "copy"};
inline constexpr message zip_bomb{
    "tabular.zip_bomb", failure::refused,
    "工作簿的 {0} 解压后超过上限（{1} 字节，或压缩前的 {2} 倍）。请拆成几个文件，"
    "或用表格软件打开后另存一份。",
    "{0} of the workbook unzips to more than the limit ({1} bytes, or {2} times its zipped size); "
    "split the file, or open it and save a copy"};
inline constexpr message too_many_entries{
    "tabular.too_many_entries", failure::refused,
    "压缩包的目录过大，上限为 {0} 个文件。请提供由表格软件保存的 .xlsx。",
    "the archive's directory is too large, at most {0} files are allowed; hand in an .xlsx that "
    "spreadsheet software saved"};
inline constexpr message no_sheet{
    "tabular.no_sheet", failure::unusable_input,
    "工作簿里没有可读取的工作表。请加上一张带表头的工作表。",
    "the workbook has no sheet to read; add a sheet with a heading row"};
inline constexpr message unknown_sheet{
    "tabular.unknown_sheet", failure::unusable_input,
    "没有名为“{0}”的工作表。工作簿里有：{1}。请从中选择。",
    "there is no sheet named \"{0}\"; the workbook has: {1}; choose one of these"};
inline constexpr message shared_strings_too_large{
    "tabular.shared_strings_too_large", failure::unusable_input,
    "工作簿的文字总量超过上限 {0} 字节。请拆成几个文件，或改用 CSV。",
    "the workbook's texts take more than {0} bytes; split the file, or use CSV"};

// Bytes that are no text. Offsets count from 0 at the start of the file.
inline constexpr message nul_byte{
    "tabular.nul_byte", failure::unusable_input,
    "文件第 {0} 字节处有空字符（NUL），应为纯文本。文件可能已损坏或不是 CSV，请重新导出。",
    "there is a NUL byte at byte {0}, plain text is expected; the file may be damaged or no CSV, "
    "so "
    "export it again"};
inline constexpr message bad_utf8{
    "tabular.bad_utf8", failure::unusable_input,
    "文件第 {0} 字节处不是有效的 UTF-8。若文件由旧版软件导出，请指定编码 GB18030；"
    "否则请另存为“CSV UTF-8”。",
    "the byte at {0} is not valid UTF-8; if older software exported the file, give the encoding "
    "GB18030, otherwise save it as \"CSV UTF-8\""};
inline constexpr message bad_gb18030{
    "tabular.bad_gb18030", failure::unusable_input,
    "文件第 {0} 字节处不是有效的 GB18030。若文件其实是 UTF-8，请指定编码 UTF-8；"
    "否则请另存为“CSV UTF-8”。",
    "the byte at {0} is not valid GB18030; if the file is in fact UTF-8, give the encoding UTF-8, "
    "otherwise save it as \"CSV UTF-8\""};

inline constexpr message bad_separator{
    "tabular.bad_separator", failure::unusable_input,
    "分隔符应为逗号、分号、制表符或竖线（|）之一。",
    "the separator must be a comma, a semicolon, a tab or a vertical bar (|)"};

// Rows and cells.
inline constexpr message text_after_quote{
    "tabular.text_after_quote", failure::unusable_input,
    "右引号之后应当是分隔符或行尾，却还有文字。单元格内的引号请写成两个（\"\"），"
    "或补上漏掉的分隔符。",
    "a separator or the end of the line is expected after a closing quote, but text follows; write "
    "a quote inside a cell twice (\"\"), or put in the missing separator"};
inline constexpr message unclosed_quote{
    "tabular.unclosed_quote", failure::unusable_input,
    "本行有一个左引号，到文件末尾都没有右引号。请补上右引号，或去掉这个引号。",
    "a quote opened in this row is never closed; close it, or take it away"};
inline constexpr message quote_runs_on{
    "tabular.quote_runs_on", failure::unusable_input,
    "本行有一个左引号，之后 {0} 字节内都没有右引号，多半是漏写了。请补上右引号，或去掉这个引号。",
    "a quote opened in this row is still open {0} bytes later and was most likely never closed; "
    "close it, or take it away"};
inline constexpr message cell_too_long{
    "tabular.cell_too_long", failure::unusable_input,
    "单元格超过 {0} 字节。请缩短内容；若是漏写了引号或换行，请补上。",
    "the cell is longer than {0} bytes; shorten it, or mend a missing quote or line break"};
inline constexpr message row_too_long{
    "tabular.row_too_long", failure::unusable_input,
    "本行超过 {0} 字节。请缩短内容；若是漏写了引号或换行，请补上。",
    "the row is longer than {0} bytes; shorten it, or mend a missing quote or line break"};
inline constexpr message too_many_columns{
    "tabular.too_many_columns", failure::unusable_input,
    "本行超过 {0} 列。请删去多余的列，并核对分隔符。",
    "the row has more than {0} columns; delete those not needed, and check the separator"};
inline constexpr message too_many_rows{
    "tabular.too_many_rows", failure::unusable_input, "文件超过 {0} 行。请拆成几个文件。",
    "the file has more than {0} rows; split it into several files"};
inline constexpr message no_heading{
    "tabular.no_heading", failure::unusable_input,
    "没有表头。第一行（# 开头的注释行除外）应为各列的名称。",
    "there is no heading; the first row (apart from comment lines with #) must name the columns"};
inline constexpr message ragged_row{
    "tabular.ragged_row", failure::unusable_input,
    "本行有 {0} 个单元格，表头只有 {1} 列。含逗号的内容请加引号，或删去多余的单元格。",
    "the row has {0} cells but the heading has {1}; quote text that holds a comma, or delete the "
    "cells that are too many"};

// JSON lines. {0} is the sign's number in its line, the first being 1.
inline constexpr message json_not_utf8{
    "tabular.json_not_utf8", failure::unusable_input,
    "JSON 文件应为 UTF-8 编码，所给（或指定）的是 GB18030。请转换为 UTF-8 后再报送，"
    "不要指定 --encoding。",
    "a JSON file is UTF-8, but GB18030 was given or asked for; convert the file to UTF-8 and "
    "leave --encoding out"};
inline constexpr message json_bad_utf8{
    "tabular.json_bad_utf8", failure::unusable_input,
    "文件第 {0} 字节处不是有效的 UTF-8。JSON 文件应为 UTF-8；若是 GB18030（GBK）等编码，"
    "请转换为 UTF-8 后再报送。",
    "the byte at {0} is not valid UTF-8, which JSON must be; if the file is GB18030 (GBK) or "
    "another encoding, convert it to UTF-8"};
inline constexpr message json_array{
    "tabular.json_array", failure::unusable_input,
    "本行第 {0} 个字符是数组的左方括号。应为 JSON Lines：每行一个对象，不要外层的方括号，"
    "行尾不加逗号。",
    "sign {0} of the line opens an array; JSON lines are expected: one object a line, without "
    "brackets around them and without commas at the ends"};
inline constexpr message json_not_object{
    "tabular.json_not_object", failure::unusable_input,
    "本行第 {0} 个字符处应为左花括号：每行应为一个完整的 JSON 对象。请补全，或删去本行。",
    "a left brace is expected at sign {0}: each line is one whole JSON object; complete the line "
    "or delete it"};
inline constexpr message json_expected{
    "tabular.json_expected", failure::unusable_input,
    "本行第 {0} 个字符处应为 {1}。请检查引号、冒号和逗号（都用英文半角）。",
    "{1} is expected at sign {0} of the line; check quotes, colons and commas"};
inline constexpr message json_cut{
    "tabular.json_cut", failure::unusable_input,
    "本行到第 {0} 个字符就结束了，对象还不完整。每个对象应写在同一行里（不要换行排版），"
    "以右花括号结束。",
    "the line ends at sign {0} and its object is not complete; each object must stand on one line "
    "(not laid out over several) and end with a right brace"};
inline constexpr message json_after{
    "tabular.json_after", failure::unusable_input,
    "本行第 {0} 个字符起，对象之后还有内容。每行只写一个对象，行尾不加逗号。",
    "something follows the object from sign {0} of the line; write one object a line, with no "
    "comma at the end"};
inline constexpr message json_unclosed{
    "tabular.json_unclosed", failure::unusable_input,
    "本行第 {0} 个字符的引号到行尾都没有配对的引号。请补上；内容中的换行写作 \\n。",
    "the quote at sign {0} is not closed before the line ends; close it, and write a line break "
    "inside a text as \\n"};
inline constexpr message json_bad_value{
    "tabular.json_bad_value", failure::unusable_input,
    "本行第 {0} 个字符处应为带引号的文字、数字、true、false 或 null。文字请加英文双引号。",
    "a quoted text, a number, true, false or null is expected at sign {0} of the line; put text "
    "in double quotes"};
inline constexpr message json_bad_number{
    "tabular.json_bad_number", failure::unusable_input,
    "本行第 {0} 个字符处不是规范的 JSON "
    "数字（如多余的前导零、缺小数位）。编号、代码等请加引号写成文字。",
    "there is no JSON number at sign {0} of the line (a leading zero, no digit after the point "
    "...); write numbers of documents and codes as text in quotes"};
inline constexpr message json_nested{
    "tabular.json_nested", failure::unusable_input,
    "本行第 {0} "
    "个字符处是嵌套的对象或数组。每个键只能对应一个值；多个值请写成一段文字，用“；”隔开。",
    "there is a nested object or array at sign {0} of the line; each key takes one value, so write "
    "several as one text, separated by \";\""};
inline constexpr message json_repeated_key{
    "tabular.json_repeated_key", failure::unusable_input,
    "本行第 {0} 个字符处的键在同一行里已经出现过。同一行内每个键只能出现一次，请删去一个。",
    "the key at sign {0} stands in this line already; a key may stand once in a line, so delete "
    "one"};
inline constexpr message json_control{
    "tabular.json_control", failure::unusable_input,
    "本行第 {0} 个字符是文字中的控制字符（如制表符），JSON 不允许直接出现。请写作 \\t "
    "等转义，或删去。",
    "sign {0} of the line is a control character inside a text (such as a tab), which JSON does "
    "not allow; write it as an escape like \\t, or delete it"};
inline constexpr message json_nul{
    "tabular.json_nul", failure::unusable_input,
    "本行第 {0} 个字符处是空字符（\\u0000），应为纯文本。请删去。",
    "there is a NUL (\\u0000) at sign {0} of the line, plain text is expected; delete it"};
inline constexpr message json_bad_escape{
    "tabular.json_bad_escape", failure::unusable_input,
    "本行第 {0} 个字符处的反斜杠转义无效。反斜杠本身请写成两个。",
    "the backslash at sign {0} of the line begins no valid escape; write a backslash twice"};
inline constexpr message json_value_too_long{
    "tabular.json_value_too_long", failure::unusable_input,
    "本行第 {0} 个字符处的值超过 {1} 字节。请缩短内容。",
    "the value at sign {0} of the line is longer than {1} bytes; shorten it"};
inline constexpr message json_key_too_long{
    "tabular.json_key_too_long", failure::unusable_input,
    "本行第 {0} 个字符处的键超过 {1} 字节。键应为目录项的短代码或表头名称。",
    "the key at sign {0} of the line is longer than {1} bytes; keys are the short codes or "
    "headings of the dataset"};
inline constexpr message json_too_many_keys{
    "tabular.json_too_many_keys", failure::unusable_input,
    "本行第 {0} 个字符处：文件里不同的键超过 {1} 个。键应为目录项的短代码或表头名称，"
    "不要把内容写成键。",
    "sign {0} of the line: the file has more than {1} different keys; keys are the short codes or "
    "headings of the dataset, not content"};
inline constexpr message json_changed{
    "tabular.json_changed", failure::unusable_input,
    "本行第 {0} 个字符处的键在打开文件时还没有，文件在读取过程中被改动。请等写完后重新报送。",
    "the key at sign {0} of the line was not there when the file was opened; the file changes "
    "while it is read, so hand it in again when it is complete"};

// Writing.
inline constexpr message cannot_write{
    "tabular.cannot_write", failure::unavailable,
    "写不了文件“{0}”：{1}。请检查目录、权限和剩余空间。",
    "cannot write the file \"{0}\": {1}; check the folder, your rights and the free space"};
inline constexpr message unknown_ending{
    "tabular.unknown_ending", failure::unusable_input,
    "输出文件“{0}”的扩展名应为 .csv、.xlsx 或 .jsonl。请改名。",
    "the output file \"{0}\" must end in .csv, .xlsx or .jsonl; rename it"};
inline constexpr message too_long_for_xlsx{
    "tabular.too_long_for_xlsx", failure::unusable_input,
    "单元格超过 .xlsx 允许的 {0} 个字符。请改为输出 CSV。",
    "the cell has more than the {0} characters that .xlsx allows; write CSV instead"};
inline constexpr message too_many_for_xlsx{
    "tabular.too_many_for_xlsx", failure::unusable_input,
    ".xlsx 的一张工作表最多 {0} 行、{1} 列。请改为输出 CSV，或拆成几个文件。",
    "a sheet of .xlsx holds at most {0} rows and {1} columns; write CSV instead, or several files"};
inline constexpr message bad_sheet_name{
    "tabular.bad_sheet_name", failure::unusable_input,
    "工作表名“{0}”不可用：须为 1 至 31 个字符，不含 [ ] : * ? / \\，首尾不是单引号，且不重名。",
    "the sheet name \"{0}\" cannot be used: it must have 1 to 31 characters, none of [ ] : * ? / "
    "\\, no apostrophe at either end, and be unique"};

}  // namespace lixin::tabular::errc
