// What an account may be: a small set of roles. What each role may do stands in the route table of
// the server and in `policy`, not here. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::access {

// Bits, as the database keeps them: add, never change.
enum class role : std::uint8_t {
  data_officer = 1,  // hands in for an authority (policy: source_authority)
  centre = 2,        // of the credit centre (policy: centre)
  checker = 4,       // asks checks for an authority
  auditor = 8,       // who and when, no content (policy: auditor)
  admin = 16,        // accounts and keys, no records (policy: admin)
};
inline constexpr std::array<role, 5> all_roles{role::data_officer, role::centre, role::checker,
                                               role::auditor, role::admin};
std::string_view code_of(role r);  // "data-officer" "centre" "checker" "auditor" "admin"
std::string_view title_zh(role r);
std::string_view title_en(role r);
std::optional<role> role_named(std::string_view code);

class role_set {
 public:
  constexpr role_set() = default;
  constexpr role_set(std::initializer_list<role> all) {
    for (const role r : all) add(r);
  }
  // Bits that are no role of this program are dropped: what it does not know it does not allow.
  static constexpr role_set of_bits(std::int64_t bits) {
    role_set out;
    for (const role r : all_roles) {
      if ((bits & static_cast<std::int64_t>(r)) != 0) out.add(r);
    }
    return out;
  }
  constexpr void add(role r) { bits_ = static_cast<std::uint8_t>(bits_ | bit(r)); }
  constexpr bool has(role r) const { return (bits_ & bit(r)) != 0; }
  constexpr bool has_any(role_set of) const { return (bits_ & of.bits_) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr std::uint8_t bits() const { return bits_; }
  constexpr bool operator==(const role_set&) const = default;

 private:
  static constexpr std::uint8_t bit(role r) { return static_cast<std::uint8_t>(r); }
  std::uint8_t bits_ = 0;
};

// Codes in the order of all_roles, ", " between them.
std::string to_string(role_set roles);
// errc::no_such_role; no code at all is one too.
result<role_set> roles_named(std::span<const std::string> codes);

// Those that act for an authority.
inline constexpr role_set roles_of_an_authority{role::data_officer, role::checker};
// Auditor and admin each stand alone: who watches or gives out rights does not use them. Data
// officer and checker belong to an authority, the others to none. errc::role_alone,
// errc::authority_missing, errc::authority_unwanted.
result<void> check_roles(role_set roles, bool has_authority);

}  // namespace lixin::access
