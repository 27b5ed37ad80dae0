#include "access/names.h"

#include <algorithm>
#include <array>

#include "access/errc.h"
#include "crypto/crypto.h"
#include "identity/personal.h"
#include "text/encoding.h"
#include "text/fold.h"

namespace lixin::access {
namespace {

// One Chinese sign or three letters: a name of one letter stands in every password.
constexpr std::size_t word_bytes_min = 3;

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool holds_a_persons_number(std::string_view text) {
  return identity::find_in_text(text) != identity::personal_number::none ||
         identity::identity_cell(text) != identity::personal_number::none;
}

void to_lower_ascii(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

void take_out(std::string& from, std::string_view word) {
  if (word.size() < word_bytes_min) return;
  for (auto at = from.find(word); at != std::string::npos; at = from.find(word, at)) {
    from.erase(at, word.size());
  }
}

}  // namespace

result<void> check_login_name(std::string_view name) {
  const bool good = name.size() >= 2 && name.size() <= login_name_bytes_max &&
                    is_lower(name.front()) && std::ranges::all_of(name, [](char c) {
                      return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
                    });
  if (!good || holds_a_persons_number(name))
    return error(errc::login_name_form, {std::to_string(login_name_bytes_max)});
  return {};
}

result<std::string> checked_title(std::string_view text) {
  const bool readable = text::valid_utf8_prefix(text) == text.size();
  std::string out = readable ? text::tidy(text) : std::string();
  if (out.empty() || text::length(out) > title_chars_max || holds_a_persons_number(out))
    return error(errc::title_form, {std::to_string(title_chars_max)});
  return out;
}

result<void> check_scope_code(std::string_view code) {
  const bool good = !code.empty() && code.size() <= code_bytes_max && is_lower(code.front()) &&
                    std::ranges::all_of(code, [](char c) {
                      return is_lower(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
                    });
  if (!good) return error(errc::scope_form, {std::to_string(code_bytes_max)});
  return {};
}

result<void> check_password(std::string_view password, std::string_view login_name,
                            std::string_view display_name) {
  const bool readable = text::valid_utf8_prefix(password) == password.size();
  const std::size_t chars = readable ? text::length(password) : 0;
  if (chars < password_chars_min || chars > password_chars_max)
    return error(errc::password_length,
                 {std::to_string(password_chars_min), std::to_string(password_chars_max)});
  std::string own(password);
  to_lower_ascii(own);
  std::string display(display_name);
  to_lower_ascii(display);
  for (const std::string_view word :
       {std::string_view(display), login_name, std::string_view("lixin"), std::string_view("立信")})
    take_out(own, word);
  const bool enough = text::length(own) >= password_own_chars_min;
  crypto::wipe(own);
  if (!enough) return error(errc::password_of_names, {std::to_string(password_own_chars_min)});
  return {};
}

result<std::optional<std::int64_t>> authority_number(pg::connection& c, const std::string& code) {
  if (code.empty()) return std::optional<std::int64_t>();
  LIXIN_TRY(const auto r, c.exec("SELECT authority_id FROM authority WHERE code = $1::text",
                                 pg::params().add(code)));
  if (r.empty()) return error(errc::no_such_authority, {code.substr(0, code_bytes_max)});
  return std::optional(r.int64(0, 0));
}

}  // namespace lixin::access
