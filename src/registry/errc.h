#pragma once

#include "base/error.h"

namespace lixin::registry::errc {

inline constexpr message subject_unknown{
    "registry.subject_unknown", failure::not_found,
    "代码“{0}"
    "”有效，但本平台没有登记这一主体。请核对代码；如确为本市主体，请由登记机关归集登记信息。",
    "The code “{0}” is valid, but no such subject is registered here. Check the code; if it "
    "belongs to "
    "this city, its registration has still to be handed in."};

inline constexpr message code_invalid{
    "registry.code_invalid", failure::unusable_input,
    "查询主体须给出统一社会信用代码、组织机构代码或注册号；所给内容不是有效代码：{0}",
    "A subject is named by its unified social credit code, organisation code or registration "
    "number; "
    "what was given is not a valid one: {1}"};

inline constexpr message subject_ambiguous{
    "registry.subject_ambiguous", failure::unusable_input,
    "“{0}”同时是 {1} 个主体的标识，无法确定是哪一个。请改用统一社会信用代码查询。",
    "“{0}” belongs to {1} subjects, so it does not say which is meant. Use the unified social "
    "credit "
    "code."};

}  // namespace lixin::registry::errc
