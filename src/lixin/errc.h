#pragma once

#include "base/error.h"

namespace lixin::errc {

inline constexpr message bad_date{
    "lixin.bad_date", failure::unusable_input, "{0} 应为日期，如 2026-11-24；所给为“{1}”：{2}",
    "{0} takes a date such as 2026-11-24; “{1}” was given: {3}"};

inline constexpr message bad_position{
    "lixin.bad_position", failure::unusable_input,
    "--known-at 应为日志位置（如 1200）、日期或时间（如 2026-11-24T08:00:00Z）；所给为“{0}”。",
    "--known-at takes a position of the journal (1200), a date or a time (2026-11-24T08:00:00Z); “{0}” "
    "was given."};

inline constexpr message bad_viewer{
    "lixin.bad_viewer", failure::unusable_input,
    "--viewer 应为 {0} 之一（信源单位写作 source-authority:单位简码）；所给为“{1}”。",
    "--viewer takes one of {0} (an authority as source-authority:CODE); “{1}” was given."};

inline constexpr message bad_fate{
    "lixin.bad_fate", failure::unusable_input, "--fate 应为 {0} 之一；所给为“{1}”。",
    "--fate takes one of {0}; “{1}” was given."};

inline constexpr message bad_option{
    "lixin.bad_option", failure::unusable_input, "{0} 应为 {1} 之一；所给为“{2}”。",
    "{0} takes one of {1}; “{2}” was given."};

inline constexpr message cannot_make_folder{
    "lixin.cannot_make_folder", failure::unusable_input,
    "无法建立数据文件夹 {0}：{1}。请用 --data 或 LIXIN_DATA 指定可写的位置。",
    "The data folder {0} cannot be made: {1}. Name a writable place with --data or LIXIN_DATA."};

inline constexpr message cannot_open{
    "lixin.cannot_open", failure::unusable_input, "无法打开 {0}：{1}。请检查路径和权限。",
    "{0} cannot be opened: {1}. Check the path and its permissions."};

inline constexpr message pack_faults{
    "lixin.pack_faults", failure::unusable_input, "共有 {0} 处错误，没有装入任何内容。",
    "{0} fault(s); nothing was loaded."};

inline constexpr message needs_code_or_receipt{
    "lixin.needs_code_or_receipt", failure::unusable_input,
    "核查须给出主体代码和 --matter，或者只给 --receipt。",
    "A check takes a subject's code and --matter, or --receipt alone."};

}  // namespace lixin::errc
