// What can go wrong when the sample city is written.
#pragma once

#include "base/error.h"

namespace lixin::city::errc {

inline constexpr message folder_not_empty{
    "city.folder_not_empty", failure::unusable_input,
    "输出文件夹“{0}”应为空或尚不存在，现已有内容。请换一个文件夹，或先清空。",
    "the folder \"{0}\" must be empty or new, but holds something; name another or empty it"};

inline constexpr message cannot_write{
    "city.cannot_write", failure::unavailable, "无法写入“{0}”：{1}。请检查路径、权限和磁盘空间。",
    "cannot write \"{0}\": {1}; check path, permissions and space"};

inline constexpr message cannot_read{
    "city.cannot_read", failure::unusable_input, "无法读取“{0}”：{1}。请检查路径和权限。",
    "cannot read \"{0}\": {1}; check the path and its permissions"};

inline constexpr message bad_argument{"city.bad_argument", failure::unusable_input,
                                      "{0} 应为 {2}，现为 {1}。",
                                      "{0} must be {2}; {1} stands here"};

inline constexpr message bad_truth_line{
    "city.bad_truth_line", failure::unusable_input,
    "第 {0} 行应有 {1} 个以制表符分隔的栏，现有 {2} 个。",
    "line {0} must have {1} columns parted by tabs; it has {2}"};

inline constexpr message doubled_row{"city.doubled_row", failure::unusable_input,
                                     "第 {0} 行：文件“{1}”第 {2} 行已经出现过。",
                                     "line {0}: row {2} of \"{1}\" was there before"};

}  // namespace lixin::city::errc
