// The words of the sheets and what they stand for, one table each; private to the module.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/catalogue.h"

namespace lixin::catalogue::words {

template <class Enum>
struct word {
  std::string_view code;
  Enum value;
};

inline constexpr std::array kinds{
    word<subject_kind>{"enterprise", subject_kind::enterprise},
    word<subject_kind>{"individual_business", subject_kind::individual_business},
    word<subject_kind>{"institution", subject_kind::institution},
    word<subject_kind>{"social_organisation", subject_kind::social_organisation},
    word<subject_kind>{"government_body", subject_kind::government_body},
};
inline constexpr std::array tones{
    word<tone>{"adverse", tone::adverse},
    word<tone>{"positive", tone::positive},
    word<tone>{"neutral", tone::neutral},
};
inline constexpr std::array disclosures{
    word<disclosure>{"public", disclosure::published},
    word<disclosure>{"shared", disclosure::shared},
    word<disclosure>{"consent", disclosure::consent},
    word<disclosure>{"source", disclosure::source},
    word<disclosure>{"hidden", disclosure::hidden},
};
inline constexpr std::array certainties{
    word<certainty>{"verified", certainty::verified},
    word<certainty>{"unverified", certainty::unverified},
};
inline constexpr std::array classes{
    word<publicity_class>{"none", publicity_class::none},
    word<publicity_class>{"minor", publicity_class::minor},
    word<publicity_class>{"general", publicity_class::general},
    word<publicity_class>{"serious", publicity_class::serious},
};
inline constexpr std::array effects{
    word<effect>{"barred", effect::barred},
    word<effect>{"limited", effect::limited},
    word<effect>{"watch", effect::watch},
    word<effect>{"benefit", effect::benefit},
};
inline constexpr std::array presences{
    word<presence>{"M", presence::mandatory},
    word<presence>{"C", presence::conditional},
    word<presence>{"O", presence::optional},
    word<presence>{"MH", presence::mandatory_if_column},
    word<presence>{"CH", presence::conditional_if_column},
};
inline constexpr std::array answers{word<bool>{"yes", true}, word<bool>{"no", false}};
inline constexpr std::array list_kinds{word<int>{"serious", 0}, word<int>{"honour", 1},
                                       word<int>{"abnormal", 2}, word<int>{"record", 3}};

inline constexpr std::array types{
    word<field_type>{"text", field_type::text},
    word<field_type>{"name", field_type::name},
    word<field_type>{"choice", field_type::choice},
    word<field_type>{"choices", field_type::choices},
    word<field_type>{"date", field_type::date},
    word<field_type>{"fen", field_type::fen},
    word<field_type>{"integer", field_type::integer},
    word<field_type>{"credit_code", field_type::credit_code},
    word<field_type>{"organisation_code", field_type::organisation_code},
    word<field_type>{"registration_number", field_type::registration_number},
    word<field_type>{"identifier", field_type::identifier},
    word<field_type>{"document", field_type::document},
    word<field_type>{"person_name", field_type::person_name},
    word<field_type>{"person_number", field_type::person_number},
    word<field_type>{"discard", field_type::discard},
};
inline constexpr std::array roles{
    word<field_role>{"party_name", field_role::party_name},
    word<field_role>{"party_class", field_role::party_class},
    word<field_role>{"credit_code", field_role::credit_code},
    word<field_role>{"organisation_code", field_role::organisation_code},
    word<field_role>{"registration_number", field_role::registration_number},
    word<field_role>{"tax_number", field_role::tax_number},
    word<field_role>{"institution_certificate", field_role::institution_certificate},
    word<field_role>{"social_certificate", field_role::social_certificate},
    word<field_role>{"person_id_type", field_role::person_id_type},
    word<field_role>{"person_id_number", field_role::person_id_number},
    word<field_role>{"document", field_role::document},
    word<field_role>{"party_ordinal", field_role::party_ordinal},
    word<field_role>{"decided_on", field_role::decided_on},
    word<field_role>{"valid_from", field_role::valid_from},
    word<field_role>{"valid_to", field_role::valid_to},
    word<field_role>{"published_until", field_role::published_until},
    word<field_role>{"publicity_class", field_role::publicity_class},
    word<field_role>{"procedure", field_role::procedure},
    word<field_role>{"authority_code", field_role::authority_code},
    word<field_role>{"notified_on", field_role::notified_on},
    word<field_role>{"effective_on", field_role::effective_on},
    word<field_role>{"ended_on", field_role::ended_on},
    word<field_role>{"remedy", field_role::remedy},
    word<field_role>{"kind", field_role::kind},
    word<field_role>{"former_name", field_role::former_name},
    word<field_role>{"county", field_role::county},
};

template <class Table>
auto value_of(const Table& table, std::string_view code)
    -> std::optional<decltype(table.front().value)> {
  for (const auto& w : table) {
    if (w.code == code) return w.value;
  }
  return std::nullopt;
}

template <class Table, class Enum>
std::string_view code_of(const Table& table, Enum value) {
  for (const auto& w : table) {
    if (w.value == value) return w.code;
  }
  return {};
}

template <class Table>
std::vector<std::string_view> codes_of(const Table& table) {
  std::vector<std::string_view> out;
  for (const auto& w : table) out.push_back(w.code);
  return out;
}

// What a writer may have meant: the candidate that is a slip away, else all of them (the first
// ten), "-" when there are none.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

// "a|b|c" to its parts, blanks at the ends cut, empty parts dropped.
std::vector<std::string> split_bar(std::string_view cell);

// The values of a canonical `choices` cell, or the one value of any other.
std::vector<std::string_view> split_values(std::string_view canonical);

}  // namespace lixin::catalogue::words
