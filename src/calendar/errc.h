// What can go wrong with dates and the working-day table.
#pragma once

#include "base/error.h"

namespace lixin::calendar::errc {

inline constexpr message not_a_date{
    "calendar.not_a_date", failure::unusable_input,
    "应为日期，实际为“{0}”。请写成 2024-05-01、2024/5/1、2024.5.1、20240501 或 2024年5月1日。",
    "expected a date, but \"{0}\" stands there. Write 2024-05-01, 2024/5/1, 2024.5.1, 20240501 or "
    "2024年5月1日."};

inline constexpr message year_not_first{
    "calendar.year_not_first", failure::unusable_input,
    "日期应以四位数的年份开头，实际为“{0}”，无法确定年月日的先后。请写成 2024-05-01 或 "
    "2024年5月1日。",
    "a date begins with the year in four digits, but \"{0}\" stands there, and which part is the "
    "day "
    "cannot be told. Write 2024-05-01 or 2024年5月1日."};

inline constexpr message serial_number{
    "calendar.serial_number", failure::unusable_input,
    "应为日期，实际为“{0}"
    "”，像是表格软件存储日期用的序号。请把该列的单元格格式设为“日期”后重新保存。",
    "expected a date, but \"{0}\" stands there, which looks like the serial number by which a "
    "spreadsheet stores one. Set the column's format to \"date\" and save again."};

inline constexpr message other_time_zone{
    "calendar.other_time_zone", failure::unusable_input,
    "日期应为北京时间，实际为“{0}”，带有其他时区，换算后可能不是同一天。请只写日期，如 "
    "2024-05-01。",
    "a date is meant in Beijing time, but \"{0}\" names another zone, where it may be another day. "
    "Write the date alone, as 2024-05-01."};

inline constexpr message no_such_day{
    "calendar.no_such_day", failure::unusable_input, "日历上没有“{0}”这一天。请核对月份和日期。",
    "there is no day \"{0}\" in the calendar. Check month and day."};

inline constexpr message year_out_of_range{
    "calendar.year_out_of_range", failure::unusable_input,
    "年份应在 1900 年至 2099 年之间，实际为“{0}”。请核对年份。",
    "the year must lie between 1900 and 2099, but \"{0}\" stands there. Check the year."};

inline constexpr message year_not_loaded{
    "calendar.year_not_loaded", failure::unavailable,
    "{0} "
    "年的节假日安排尚未载入，不能推算该年的工作日。请按国务院办公厅通知把该年的放假和调休日期补入城"
    "市的 "
    "calendar.csv，再运行 lixin city load 重新载入。",
    "the arrangement of holidays for {0} is not loaded, so working days of that year cannot be "
    "counted. Add the year's rest and make-up days from the State Council's notice to the city's "
    "calendar.csv and load it again with `lixin city load`."};

inline constexpr message bad_heading{
    "calendar.bad_heading", failure::unusable_input,
    "节假日表的首行应为“date,working,name,source”，实际为“{0}”。请补上或改正首行。",
    "the first line of the calendar must be \"date,working,name,source\", but \"{0}\" stands "
    "there. "
    "Mend the first line."};

inline constexpr message bad_line{"calendar.bad_line", failure::unusable_input,
                                  "每行应有 4 栏（date,working,name,source），实际有 {0} "
                                  "栏。内容中有逗号时，请用英文双引号括起来。",
                                  "a line must have 4 columns (date,working,name,source), but this "
                                  "has {0}. Put a value that holds "
                                  "a comma in double quotes."};

inline constexpr message bad_working{
    "calendar.bad_working", failure::unusable_input, "应填 yes（上班）或 no（放假），实际为“{0}”。",
    "expected yes (a working day) or no (a day off), but \"{0}\" stands there."};

inline constexpr message missing_cell{
    "calendar.missing_cell", failure::unusable_input,
    "此处不能为空：name 填节日名称，source 填国务院办公厅通知的网址。",
    "this must not be empty: name takes the holiday, source the address of the State Council's "
    "notice."};

inline constexpr message repeated_day{
    "calendar.repeated_day", failure::unusable_input,
    "{0} 在节假日表中出现了不止一次。请只保留最新通知的那一行。",
    "{0} stands in the calendar more than once. Keep the line of the latest notice only."};

inline constexpr message too_large{"calendar.too_large", failure::unusable_input,
                                   "节假日表最多 {1} 字节，实际为 {0} 字节。请确认选对了文件。",
                                   "a calendar may have at most {1} bytes, but this has {0}. Make "
                                   "sure that it is the right file."};

}  // namespace lixin::calendar::errc
