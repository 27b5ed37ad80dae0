#include "access/roles.h"

#include <algorithm>

#include "access/errc.h"

namespace lixin::access {
namespace {

struct role_words {
  role value;
  std::string_view code, zh, en;
};
constexpr std::array<role_words, all_roles.size()> words{{
    {role::data_officer, "data-officer", "数据专员", "data officer"},
    {role::centre, "centre", "信用中心", "credit centre"},
    {role::checker, "checker", "核查用户", "checker"},
    {role::auditor, "auditor", "审计人员", "auditor"},
    {role::admin, "admin", "系统管理员", "administrator"},
}};

const role_words& of(role r) {
  const auto found = std::ranges::find(words, r, &role_words::value);
  LIXIN_ASSERT(found != words.end());
  return *found;
}

}  // namespace

std::string_view code_of(role r) { return of(r).code; }
std::string_view title_zh(role r) { return of(r).zh; }
std::string_view title_en(role r) { return of(r).en; }

std::optional<role> role_named(std::string_view code) {
  const auto found = std::ranges::find(words, code, &role_words::code);
  if (found == words.end()) return std::nullopt;
  return found->value;
}

std::string to_string(role_set roles) {
  std::string out;
  for (const role r : all_roles) {
    if (!roles.has(r)) continue;
    if (!out.empty()) out += ", ";
    out += code_of(r);
  }
  return out;
}

result<role_set> roles_named(std::span<const std::string> codes) {
  role_set out;
  for (const std::string& code : codes) {
    const auto r = role_named(code);
    if (!r) return error(errc::no_such_role, {to_string(role_set::of_bits(~0)), code});
    out.add(*r);
  }
  if (out.empty()) return error(errc::no_such_role, {to_string(role_set::of_bits(~0)), ""});
  return out;
}

result<void> check_roles(role_set roles, bool has_authority) {
  LIXIN_ASSERT(!roles.empty());
  for (const role alone : {role::auditor, role::admin}) {
    if (roles.has(alone) && roles != role_set{alone})
      return error(errc::role_alone, {std::string(code_of(alone))});
  }
  const bool wanted = roles.has_any(roles_of_an_authority);
  if (wanted && !has_authority) return error(errc::authority_missing, {to_string(roles)});
  if (!wanted && has_authority) return error(errc::authority_unwanted, {to_string(roles)});
  return {};
}

}  // namespace lixin::access
