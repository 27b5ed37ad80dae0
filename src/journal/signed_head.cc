#include <fmt/format.h>

#include <charconv>

#include "crypto/errc.h"
#include "crypto/sm2.h"
#include "journal/audit_bytes.h"
#include "journal/audit_verify.h"
#include "journal/errc.h"

namespace lixin::journal {
namespace {

constexpr std::string_view first_line = "lixin-audit-head 1\n";

// The value of the next line, which has to be "<name> <value>".
std::optional<std::string_view> take(std::string_view& text, std::string_view name) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(name) || text.size() <= name.size() ||
      text[name.size()] != ' ')
    return std::nullopt;
  const std::string_view value = text.substr(name.size() + 1, end - name.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

template <class Number>
bool take_number(std::string_view& text, std::string_view name, Number& out) {
  const auto value = take(text, name);
  if (!value) return false;
  const auto [end, failed] = std::from_chars(value->data(), value->data() + value->size(), out);
  return failed == std::errc() && end == value->data() + value->size() && out >= 0;
}

bool take_digest(std::string_view& text, crypto::digest& out) {
  const auto value = take(text, "digest");
  if (!value || value->size() != 2 * out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* at = value->data() + 2 * i;
    const auto [end, failed] = std::from_chars(at, at + 2, out[i], 16);
    if (failed != std::errc() || end != at + 2) return false;
  }
  return true;
}

}  // namespace

result<std::string> export_head(pg::connection& c, const crypto::key_file& keys,
                                std::chrono::system_clock::time_point now) {
  const auto* key = keys.find_newest(sign_purpose);
  if (key == nullptr) return error(crypto::errc::no_such_key, {std::string(sign_purpose), "1"});
  LIXIN_TRY(const auto r,
            c.exec("SELECT a.entry_number, a.digest, j.position, (extract(epoch FROM a.written_at) "
                   "* 1000000)::bigint FROM audit_head a, journal_head j"));
  if (r.empty()) return error(errc::no_audit_head);
  const std::chrono::system_clock::time_point written_at(std::chrono::microseconds(r.int64(0, 3)));
  std::string out(first_line);
  fmt::format_to(std::back_inserter(out),
                 "entry {}\ndigest {}\nposition {}\nwritten-at {}\nexported-at {}\nkey {}\n",
                 r.int64(0, 0), crypto::to_hex(digest_from(r.bytes(0, 1))), r.int64(0, 2),
                 to_string(written_at), to_string(now), key->number);
  out += fmt::format("signature {}\n", crypto::to_base64url(crypto::sm2_sign(key->secret, out)));
  return out;
}

result<signed_head> parse_head(std::string_view text) {
  const error wrong(errc::head_unreadable);
  if (text.size() > head_bytes_max || !text.starts_with(first_line)) return wrong;
  std::string_view rest = text.substr(first_line.size());
  signed_head out;
  if (!take_number(rest, "entry", out.entry) || !take_digest(rest, out.digest) ||
      !take_number(rest, "position", out.at.value))
    return wrong;
  const auto written_at = take(rest, "written-at");
  const auto exported_at = written_at ? take(rest, "exported-at") : std::nullopt;
  if (!exported_at || !take_number(rest, "key", out.key_number)) return wrong;
  out.written_at = *written_at;
  out.exported_at = *exported_at;
  out.signed_text = text.substr(0, text.size() - rest.size());
  const auto coded = take(rest, "signature");
  if (!coded || !rest.empty()) return wrong;
  auto signature = crypto::from_base64url(*coded);
  if (!signature.ok()) return wrong;
  out.signature = std::move(signature).value();
  return out;
}

result<void> check_signature(const signed_head& h, std::string_view public_point) {
  if (crypto::sm2_verify(public_point, h.signed_text, h.signature)) return {};
  return error(errc::head_not_signed, {fmt::format("{}", h.key_number)});
}

}  // namespace lixin::journal
