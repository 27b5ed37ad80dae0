// Accounts of staff and keys of other systems.
#include <fmt/format.h>

#include "access/api_key.h"
#include "access/staff.h"
#include "archive/errc.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/secrets.h"
#include "lixin/terminal.h"
#include "measure/errc.h"
#include "text/json.h"

namespace lixin {
namespace {

constexpr int page_rows = 1000;

result<access::role_set> roles_of(const std::vector<std::string>& codes) {
  std::vector<std::string> shown;
  for (const std::string& code : codes) shown.push_back(as_typed(code));
  return access::roles_named(shown);
}

std::string titles(language lang, access::role_set roles) {
  std::string out;
  for (const access::role r : access::all_roles) {
    if (!roles.has(r)) continue;
    out += fmt::format("{}{}", out.empty() ? "" : say(lang, "、", ", "), title_of(lang, r));
  }
  return out;
}

void write_strings(text::json_writer& json, std::string_view name,
                   const std::vector<std::string>& all) {
  json.key(name).begin_array();
  for (const std::string& s : all) json.string(s);
  json.end_array();
}

void write_roles(text::json_writer& json, access::role_set roles) {
  std::vector<std::string> codes;
  for (const access::role r : access::all_roles) {
    if (roles.has(r)) codes.emplace_back(code_of(r));
  }
  write_strings(json, "roles", codes);
}

void write_optional(text::json_writer& json, std::string_view name, const std::string& value) {
  json.key(name);
  value.empty() ? json.null() : json.string(value);
}

std::vector<std::string> written(const std::vector<access::network>& all) {
  std::vector<std::string> out;
  for (const access::network& n : all) out.push_back(to_string(n));
  return out;
}

// Every row, however many pages they take.
template <class Entry>
result<std::vector<Entry>> all_of(pg::connection& c,
                                  result<std::vector<Entry>> (*list)(pg::connection&, std::int64_t,
                                                                     int)) {
  std::vector<Entry> out;
  for (bool more = true; more;) {
    LIXIN_TRY(auto page, list(c, out.empty() ? 0 : out.back().number, page_rows));
    more = page.size() == page_rows;
    std::ranges::move(page, std::back_inserter(out));
  }
  return out;
}

// What a change answered: whether there was something to change.
result<int> print_change(const app& a, const std::string& name, bool changed) {
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("user", name).member("changed", changed).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  changed ? a.print("账号 {} 已更新。\n", "The account {} is changed.\n", name)
          : a.print("账号 {} 原已如此，没有改动。\n",
                    "The account {} was so before; nothing was changed.\n", name);
  return done;
}

// Older key files have no key for the secrets of codes yet.
result<crypto::key_file> sealing_keys(app& a) {
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  crypto::key_file out = *keys;
  if (out.find_newest(access::staff_seal_purpose) == nullptr)
    LIXIN_CHECK(out.ensure(access::staff_seal_purpose));
  return out;
}

}  // namespace

// ---- staff

result<int> user_add(app& a, const user_options& o) {
  LIXIN_TRY(const auto roles, roles_of(o.roles));
  LIXIN_TRY(std::string password, new_password(a, o.password_file));
  LIXIN_TRY(pg::connection * db, a.database());
  const auto number = access::add_staff(
      *db, {o.login_name, o.display_name, o.authority, roles, password}, a.actor(), a.now());
  crypto::wipe(password);
  if (!number.ok()) return number.error();
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("number", *number).member("user", o.login_name).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("已新建账号 {}（{}）。建议再启用动态码：lixin user totp {}\n",
          "The account {} ({}) is made. Codes of a telephone make it safer: lixin user totp {}\n",
          o.login_name, titles(a.lang(), roles), o.login_name);
  return done;
}

result<int> user_list(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto all, all_of(*db, access::list_staff));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const access::staff_entry& e : all) {
      json.begin_object()
          .member("number", e.number)
          .member("user", e.login_name)
          .member("name", e.display_name);
      write_optional(json, "authority", e.authority);
      write_roles(json, e.roles);
      json.member("totp", e.has_totp).member("failures", std::int64_t{e.failures});
      write_optional(json, "locked_until", e.locked_until);
      json.member("made_at", e.made_at).member("made_by", e.made_by);
      write_optional(json, "disabled_at", e.disabled_at);
      write_optional(json, "disabled_by", e.disabled_by);
      json.end_object();
    }
    json.end_array();
    fmt::print("{}\n", out);
    return done;
  }
  text_table table(
      a.zh() ? std::vector<std::string>{"登录名", "姓名", "角色", "单位", "动态码", "状态"}
             : std::vector<std::string>{"login", "name", "roles", "authority", "codes", "state"});
  for (const access::staff_entry& e : all) {
    std::string state = say(a.lang(), "启用", "enabled");
    if (!e.locked_until.empty())
      state = say(a.lang(), "锁定至 {}", "locked until {}", e.locked_until);
    if (!e.disabled_at.empty()) state = say(a.lang(), "停用", "disabled");
    table.add({e.login_name, e.display_name, titles(a.lang(), e.roles), e.authority,
               e.has_totp ? say(a.lang(), "有", "yes") : say(a.lang(), "无", "no"), state});
  }
  fmt::print("{}", table.text());
  return done;
}

result<int> user_disable(app& a, const user_options& o) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const bool changed, access::disable_staff(*db, o.login_name, a.actor(), a.now()));
  return print_change(a, o.login_name, changed);
}

result<int> user_enable(app& a, const user_options& o) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const bool changed, access::enable_staff(*db, o.login_name, a.actor(), a.now()));
  return print_change(a, o.login_name, changed);
}

result<int> user_password(app& a, const user_options& o) {
  LIXIN_TRY(std::string password, new_password(a, o.password_file));
  LIXIN_TRY(pg::connection * db, a.database());
  auto set = access::set_password(*db, o.login_name, password, a.actor(), a.now());
  crypto::wipe(password);
  LIXIN_CHECK(std::move(set));
  return print_change(a, o.login_name, true);
}

result<int> user_totp(app& a, const user_options& o) {
  LIXIN_TRY(pg::connection * db, a.database());
  if (o.off) {
    LIXIN_TRY(const bool changed, access::clear_totp(*db, o.login_name, a.actor(), a.now()));
    return print_change(a, o.login_name, changed);
  }
  LIXIN_TRY(const auto keys, sealing_keys(a));
  LIXIN_TRY(const std::string uri, access::set_totp(*db, keys, o.login_name, a.actor(), a.now()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("user", o.login_name).member("uri", uri).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("请把下面一行录入手机验证器，只显示这一次；账号 {} 登录时从现在起须填动态码。\n{}\n",
          "Enter this line into an authenticator application; it is shown this once. From now on "
          "{} signs in with a code.\n{}\n",
          o.login_name, uri);
  return done;
}

result<int> user_roles(app& a, const user_options& o) {
  LIXIN_TRY(const auto roles, roles_of(o.roles));
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const bool changed,
            access::set_roles(*db, o.login_name, roles, o.authority, a.actor(), a.now()));
  return print_change(a, o.login_name, changed);
}

// ---- keys

namespace {

// A mistyped code would make a key that may do nothing, found out on the day it is needed.
result<void> check_scope(app& a, const key_options& o) {
  if (o.matters.empty() && o.datasets.empty()) return {};
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * store, a.packs());
  LIXIN_TRY(const auto head, journal::read_head(*db));
  const auto packs = store->at(a.now().today(), head.last);
  std::string matters, datasets;
  for (const auto& p : packs->packs()) {
    for (const auto& m : p->matters) matters += (matters.empty() ? "" : ", ") + m.code;
    for (const auto& d : p->datasets) datasets += (datasets.empty() ? "" : ", ") + d.code;
  }
  for (const std::string& code : o.matters) {
    if (packs->find_matter(code) == nullptr)
      return error(measure::errc::matter_unknown, {as_typed(code), matters});
  }
  for (const std::string& code : o.datasets) {
    if (packs->find_dataset(code) == nullptr)
      return error(archive::errc::dataset_unknown, {as_typed(code), datasets});
  }
  return {};
}

result<access::key_terms> terms_of(app& a, const key_options& o) {
  access::key_terms out;
  out.name = o.name;
  out.authority = o.authority;
  LIXIN_TRY(out.roles, roles_of(o.roles));
  LIXIN_CHECK(check_scope(a, o));
  out.matters = o.matters;
  out.datasets = o.datasets;
  for (const std::string& text : o.networks) {
    LIXIN_TRY(const auto n, access::parse_network(text));
    out.networks.push_back(n);
  }
  LIXIN_TRY(out.last_day, date_named("--until", o.until, date()));
  out.per_minute = static_cast<int>(o.per_minute);
  return out;
}

}  // namespace

result<int> key_add(app& a, const key_options& o) {
  LIXIN_TRY(const auto terms, terms_of(a, o));
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto key, access::issue_key(*db, terms, a.actor(), a.now()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object()
        .member("number", key.number)
        .member("key", key.text)
        .member("until", to_string(terms.last_day))
        .end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("第 {} 号密钥，有效至 {}。只显示这一次，请经可靠途径交给对方：\n{}\n",
          "Key number {}, serving until {}. It is shown this once; hand it over by a safe way:\n"
          "{}\n",
          key.number, to_string(terms.last_day), key.text);
  return done;
}

result<int> key_list(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto all, all_of(*db, access::list_keys));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const access::key_entry& e : all) {
      json.begin_object().member("number", e.number).member("name", e.terms.name);
      write_optional(json, "authority", e.terms.authority);
      write_roles(json, e.terms.roles);
      write_strings(json, "matters", e.terms.matters);
      write_strings(json, "datasets", e.terms.datasets);
      write_strings(json, "networks", written(e.terms.networks));
      json.member("until", to_string(e.terms.last_day))
          .member("per_minute", std::int64_t{e.terms.per_minute})
          .member("made_at", e.made_at)
          .member("made_by", e.made_by);
      write_optional(json, "revoked_at", e.revoked_at);
      write_optional(json, "revoked_by", e.revoked_by);
      json.end_object();
    }
    json.end_array();
    fmt::print("{}\n", out);
    return done;
  }
  text_table table(
      a.zh() ? std::vector<std::string>{"编号", "名称", "角色", "单位", "有效至", "每分钟", "状态"}
             : std::vector<std::string>{"number", "name", "roles", "authority", "until", "a minute",
                                        "state"});
  const date today = a.now().today();
  for (const access::key_entry& e : all) {
    std::string state = say(a.lang(), "有效", "serves");
    if (e.terms.last_day < today) state = say(a.lang(), "已到期", "over");
    if (!e.revoked_at.empty()) state = say(a.lang(), "已由 {} 吊销", "revoked by {}", e.revoked_by);
    table.add({fmt::format("{}", e.number), e.terms.name, titles(a.lang(), e.terms.roles),
               e.terms.authority, to_string(e.terms.last_day), grouped(e.terms.per_minute), state});
  }
  fmt::print("{}", table.text());
  return done;
}

result<int> key_revoke(app& a, const key_options& o) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const bool changed, access::revoke_key(*db, o.number, a.actor(), a.now()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("number", o.number).member("changed", changed).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  changed ? a.print("第 {} 号密钥已吊销。\n", "Key number {} is revoked.\n", o.number)
          : a.print("第 {} 号密钥此前已吊销，没有改动。\n",
                    "Key number {} was revoked before; nothing was changed.\n", o.number);
  return done;
}

}  // namespace lixin
