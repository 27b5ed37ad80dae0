#include "access/api_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "access/errc.h"
#include "access/key_rows.h"
#include "access/names.h"
#include "crypto/crypto.h"
#include "journal/audit.h"
#include "journal/journal.h"

namespace lixin::access {
namespace {

constexpr std::string_view key_mark = "lxk_";
constexpr std::size_t number_digits_max = 18;

bool covers(const std::vector<std::string>& codes, std::string_view code) {
  return codes.empty() || std::ranges::find(codes, code) != codes.end();
}

result<key_terms> checked(const key_terms& given, date today) {
  key_terms out = given;
  LIXIN_TRY(out.name, checked_title(given.name));
  LIXIN_CHECK(check_roles(out.roles, !out.authority.empty()));
  if (out.roles.has(role::admin)) return error(errc::key_role);
  if (out.matters.size() > key_scope_max || out.datasets.size() > key_scope_max ||
      out.networks.size() > key_networks_max) {
    return error(errc::key_lists,
                 {std::to_string(key_scope_max), std::to_string(key_networks_max)});
  }
  for (const auto* codes : {&out.matters, &out.datasets}) {
    for (const std::string& code : *codes) LIXIN_CHECK(check_scope_code(code));
  }
  if (out.last_day < today || out.last_day > today + key_days_max)
    return error(errc::key_day,
                 {to_string(today), to_string(today + key_days_max), to_string(out.last_day)});
  if (out.per_minute < 1 || out.per_minute > key_quota_max)
    return error(errc::key_quota, {std::to_string(key_quota_max), std::to_string(out.per_minute)});
  return out;
}

// What is said of a key in the audit chain.
std::string told(std::int64_t number, const key_terms& t) {
  std::string out = fmt::format("{} ({}), roles {}, until {}", actor_of_key(number), t.name,
                                to_string(t.roles), to_string(t.last_day));
  if (!t.authority.empty()) out += fmt::format(", authority {}", t.authority);
  if (!t.matters.empty()) out += fmt::format(", {} matters", t.matters.size());
  if (!t.datasets.empty()) out += fmt::format(", {} datasets", t.datasets.size());
  for (const network& n : t.networks) out += fmt::format(", from {}", to_string(n));
  return out;
}

// Those who hold the keys in memory read them again. The row's lock also puts changes in order.
result<void> count_change(pg::connection& c) {
  LIXIN_CHECK(c.exec("UPDATE access_state SET key_changes = key_changes + 1"));
  return {};
}

}  // namespace

bool key_terms::covers_matter(std::string_view code) const { return covers(matters, code); }
bool key_terms::covers_dataset(std::string_view code) const { return covers(datasets, code); }
bool key_terms::covers_address(const ip_address& from) const {
  return networks.empty() ||
         std::ranges::any_of(networks, [&](const network& n) { return n.holds(from); });
}

// ---- the text

std::string key_text(const key_parts& key) {
  return fmt::format("{}{}_{}", key_mark, key.number, crypto::to_base64url(key.secret));
}

std::optional<key_parts> parse_key(std::string_view text) {
  if (text.size() > key_text_bytes_max || !text.starts_with(key_mark)) return std::nullopt;
  text.remove_prefix(key_mark.size());
  const std::string_view number = text.substr(0, text.find('_'));
  if (number.empty() || number.size() > number_digits_max || number.size() == text.size() ||
      number.front() < '1' || number.front() > '9') {
    return std::nullopt;
  }
  key_parts out;
  const auto [end, failed] =
      std::from_chars(number.data(), number.data() + number.size(), out.number);
  if (failed != std::errc() || end != number.data() + number.size()) return std::nullopt;
  auto secret = crypto::from_base64url(text.substr(number.size() + 1));
  if (!secret.ok() || secret->size() != key_secret_bytes) return std::nullopt;
  out.secret = std::move(*secret);
  return out;
}

std::string actor_of_key(std::int64_t number) { return fmt::format("key {}", number); }

// ---- changes

result<issued_key> issue_key(pg::connection& c, const key_terms& terms, const std::string& actor,
                             const clock& now) {
  LIXIN_TRY(const key_terms t, checked(terms, now.today()));
  std::vector<std::string> networks;
  for (const network& n : t.networks) networks.push_back(to_string(n));
  key_parts key{0, crypto::random_bytes(key_secret_bytes)};
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto authority, authority_number(c, t.authority));
  LIXIN_CHECK(count_change(c));
  LIXIN_TRY(const auto r,
            c.exec("INSERT INTO api_key (secret_digest, name, authority_id, roles, matters, "
                   "datasets, networks, last_day, per_minute, made_at, made_by) VALUES "
                   "($1::bytea, $2::text, $3::integer, $4::smallint, $5::text[], $6::text[], "
                   "$7::text[], $8::date, $9::integer, $10::timestamptz, $11::text) RETURNING "
                   "key_number",
                   pg::params()
                       .add_bytes(crypto::bytes(crypto::sm3(key.secret)))
                       .add(t.name)
                       .add(authority)
                       .add(int{t.roles.bits()})
                       .add(t.matters)
                       .add(t.datasets)
                       .add(networks)
                       .add(t.last_day)
                       .add(t.per_minute)
                       .add(journal::to_string(now.now()))
                       .add(actor)));
  key.number = r.int64(0, 0);
  LIXIN_CHECK(
      journal::append_act(c, {journal::action::key_issued, actor, told(key.number, t)}, now.now()));
  LIXIN_CHECK(tx.commit());
  issued_key out{key.number, key_text(key)};
  crypto::wipe(key.secret);
  return out;
}

result<bool> revoke_key(pg::connection& c, std::int64_t number, const std::string& actor,
                        const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(count_change(c));
  LIXIN_TRY(const auto r,
            c.exec("SELECT revoked_at IS NOT NULL FROM api_key WHERE key_number = $1::bigint",
                   pg::params().add(number)));
  if (r.empty()) return error(errc::no_such_key, {std::to_string(number)});
  if (r.boolean(0, 0)) return false;
  LIXIN_CHECK(
      c.exec("UPDATE api_key SET revoked_at = $2::timestamptz, revoked_by = $3::text WHERE "
             "key_number = $1::bigint",
             pg::params().add(number).add(journal::to_string(now.now())).add(actor)));
  LIXIN_CHECK(journal::append_act(c, {journal::action::key_revoked, actor, actor_of_key(number)},
                                  now.now()));
  LIXIN_CHECK(tx.commit());
  return true;
}

// ---- reading

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

result<key_terms> terms_of(const pg::rows& r, int row, int column) {
  key_terms out;
  out.name = r.text(row, column);
  out.authority = r.text(row, column + 1);
  out.roles = role_set::of_bits(r.int64(row, column + 2));
  out.matters = words_of(r.text(row, column + 3));
  out.datasets = words_of(r.text(row, column + 4));
  for (const std::string& text : words_of(r.text(row, column + 5))) {
    LIXIN_TRY(const network n, parse_network(text));
    out.networks.push_back(n);
  }
  out.last_day = r.day(row, column + 6);
  out.per_minute = static_cast<int>(r.int64(row, column + 7));
  return out;
}

result<std::vector<key_entry>> list_keys(pg::connection& c, std::int64_t after, int limit) {
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT k.key_number, k.name, a.code, k.roles, array_to_string(k.matters, ' '), "
             "array_to_string(k.datasets, ' '), array_to_string(k.networks, ' '), "
             "k.last_day, k.per_minute, to_char(k.made_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
             "k.made_by, to_char(k.revoked_at, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
             "k.revoked_by FROM api_key k LEFT JOIN authority a USING (authority_id) WHERE "
             "k.key_number > $1::bigint ORDER BY k.key_number LIMIT $2::integer",
             pg::params().add(after).add(limit)));
  std::vector<key_entry> out;
  for (int i = 0; i < r.size(); ++i) {
    key_entry e;
    e.number = r.int64(i, 0);
    LIXIN_TRY(e.terms, terms_of(r, i, 1));
    e.made_at = r.text(i, 9);
    e.made_by = r.text(i, 10);
    e.revoked_at = r.text(i, 11);
    e.revoked_by = r.text(i, 12);
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace lixin::access
