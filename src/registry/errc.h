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

// ---- ties between subjects

inline constexpr message link_to_itself{
    "registry.link_to_itself", failure::unusable_input,
    "两个代码都是主体“{0}”的代码，不能与自身关联。请核对后给出两个不同的主体。",
    "Both codes belong to subject “{0}”, which cannot be tied to itself. Give two different "
    "subjects."};

inline constexpr message alias_of_another{
    "registry.alias_of_another", failure::refused,
    "“{0}”已登记为“{1}”的重复登记。如登记有误，请先用 lixin subject unalias {0} {1} 解除。",
    "“{0}” is entered as a duplicate of “{1}” already. If that is wrong, end it first: `lixin "
    "subject unalias {0} {1}`."};

inline constexpr message alias_of_alias{
    "registry.alias_of_alias", failure::refused,
    "“{0}”本身是“{1}”的重复登记，不能作为主登记。请改为指定“{1}”。",
    "“{0}” is itself a duplicate of “{1}” and cannot be the main registration. Name “{1}” "
    "instead."};

inline constexpr message alias_has_aliases{
    "registry.alias_has_aliases", failure::refused,
    "“{0}”名下已有 {1} 个重复登记（如“{2}”），不能再作为“{3}”的重复登记。请先用 lixin subject "
    "unalias 逐一解除，再改为“{3}”的重复登记。",
    "“{0}” has {1} duplicate(s) of its own (such as “{2}”), so it cannot be a duplicate of “{3}”. "
    "End them with `lixin subject unalias`, then enter each as a duplicate of “{3}”."};

inline constexpr message too_many_aliases{
    "registry.too_many_aliases", failure::refused,
    "“{0}”已有 {1} 个重复登记，达到上限。请核对是否应合并到同一主体。",
    "“{0}” has {1} duplicates, the most there may be. Make sure that they are one subject."};

inline constexpr message alias_kinds_differ{
    "registry.alias_kinds_differ", failure::refused,
    "“{0}”是{1}，“{2}”是{3}"
    "，主体类别不同，不是同一主体的重复登记。请核对代码；主体类型变更请登记为合"
    "并或分立。",
    "“{0}” is of the kind {4} and “{2}” of the kind {5}: two kinds are not one subject registered "
    "twice. Check the codes; a change of kind is a succession."};

inline constexpr message alias_in_succession{
    "registry.alias_in_succession", failure::refused,
    "“{0}”与“{1}"
    "”之间登记有合并或分立关系，不是同一主体的重复登记。请核对；如该关系有误，请先撤销。",
    "“{0}” and “{1}” are tied by a merger or division, so they are not one subject registered "
    "twice. Check both; if that tie is wrong, revoke it first."};

inline constexpr message no_such_alias{
    "registry.no_such_alias", failure::refused,
    "“{0}”从未登记为“{1}”的重复登记，无可解除。请用 lixin subject show {0} 核对。",
    "“{0}” was never entered as a duplicate of “{1}”, so there is nothing to end. `lixin subject "
    "show {0}` says what stands."};

inline constexpr message no_such_succession{
    "registry.no_such_succession", failure::refused,
    "“{0}”与“{1}”之间从未登记过{2}，无可撤销。请用 lixin subject show {0} 核对。",
    "No {3} of “{0}” into “{1}” was ever entered, so there is nothing to revoke. `lixin "
    "subject show {0}` says what stands."};

inline constexpr message succession_in_group{
    "registry.succession_in_group", failure::refused,
    "“{0}”与“{1}”登记为同一主体（重复登记），其间不存在合并或分立。如重复登记有误，请先用 lixin "
    "subject unalias 解除。",
    "“{0}” and “{1}” are entered as one subject registered twice, between which there is no merger "
    "or division. If that is wrong, end it first with `lixin subject unalias`."};

inline constexpr message succession_reversed{
    "registry.succession_reversed", failure::refused,
    "已登记“{0}”因{2}由“{1}”承继，不能再登记相反的关系。如原登记有误，请先撤销。",
    "It is entered that “{1}” succeeded “{0}” by {3}; the reverse cannot stand beside it. If "
    "that is wrong, revoke it first."};

}  // namespace lixin::registry::errc
