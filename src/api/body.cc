#include "api/body.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "api/errc.h"
#include "calendar/parse.h"
#include "identity/personal.h"

namespace lixin::api {
namespace {

constexpr std::size_t shown_bytes_max = 64;

// A name that was sent, to be repeated in a sentence; a natural person's number never is.
std::string shown(std::string_view name) {
  const bool personal = identity::find_in_text(name) != identity::personal_number::none ||
                        identity::identity_cell(name) != identity::personal_number::none;
  return personal || name.size() > shown_bytes_max ? "…" : std::string(name);
}

error wrong(std::string_view name, std::string zh, std::string en) {
  return error(errc::member_wrong, {std::string(name), std::move(zh), std::move(en)},
               {.column = std::string(name)});
}

result<date> day_of(std::string_view name, std::string_view text) {
  const auto day = calendar::parse_date(text);
  if (day.ok()) return *day;
  return wrong(name, "日期，如 2026-11-24", "a date, such as 2026-11-24");
}

// "application/json", with or without parameters.
bool is_json(std::string_view type) {
  constexpr std::string_view wanted = "application/json";
  const std::string_view begin = type.substr(0, std::min(type.find(';'), type.size()));
  const auto end = begin.find_last_not_of(' ');
  return std::ranges::equal(
      begin.substr(0, end == begin.npos ? 0 : end + 1), wanted,
      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// No sentence, code or name of ours has them, and the database takes no NUL.
bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string listed(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

result<body_reader> body_reader::of(const http::request& r) {
  if (!is_json(r.header("Content-Type").value_or(""))) return error(errc::json_expected);
  LIXIN_TRY(auto all, text::parse_members(r.body));
  return body_reader(std::move(all));
}

const text::json_member* body_reader::take(std::string_view name) {
  asked_.emplace_back(name);
  const auto found = std::ranges::find(all_, name, &text::json_member::name);
  const bool there = found != all_.end() && found->kind != text::json_member::value_kind::null;
  return there ? &*found : nullptr;
}

result<std::string> body_reader::text(std::string_view name, std::string_view zh,
                                      std::string_view en) {
  LIXIN_TRY(auto value, optional_text(name));
  if (!value.empty()) return value;
  return error(errc::member_missing, {std::string(name), std::string(zh), std::string(en)},
               {.column = std::string(name)});
}

result<std::string> body_reader::optional_text(std::string_view name) {
  const text::json_member* m = take(name);
  if (m == nullptr) return std::string();
  if (m->kind != text::json_member::value_kind::string || !is_plain(m->text)) {
    return wrong(name, "不含控制字符的字符串", "a string without control characters");
  }
  return m->text;
}

result<std::optional<date>> body_reader::optional_day(std::string_view name) {
  LIXIN_TRY(const std::string text, optional_text(name));
  if (text.empty()) return std::optional<date>();
  LIXIN_TRY(const date day, day_of(name, text));
  return std::optional(day);
}

result<bool> body_reader::flag(std::string_view name) {
  const text::json_member* m = take(name);
  if (m == nullptr) return false;
  if (m->kind != text::json_member::value_kind::boolean) {
    return wrong(name, "true 或 false", "true or false");
  }
  return m->truth;
}

result<std::int64_t> body_reader::optional_number(std::string_view name, std::int64_t most) {
  const text::json_member* m = take(name);
  if (m == nullptr) return std::int64_t{0};
  if (m->kind != text::json_member::value_kind::integer || m->number < 1 || m->number > most) {
    return wrong(name, fmt::format("1 到 {} 的整数", most),
                 fmt::format("a whole number from 1 to {}", most));
  }
  return m->number;
}

result<std::vector<std::string>> body_reader::texts(std::string_view name, std::string_view zh,
                                                    std::string_view en) {
  const text::json_member* m = take(name);
  if (m == nullptr) {
    return error(errc::member_missing, {std::string(name), std::string(zh), std::string(en)},
                 {.column = std::string(name)});
  }
  if (m->kind != text::json_member::value_kind::strings) {
    return wrong(name, "字符串数组", "an array of strings");
  }
  return m->items;
}

result<void> body_reader::end() const {
  for (const text::json_member& m : all_) {
    if (std::ranges::find(asked_, m.name) != asked_.end()) continue;
    return error(errc::member_unknown, {shown(m.name), listed(asked_)}, {.column = shown(m.name)});
  }
  return {};
}

std::int64_t path_number(const http::request& r, std::string_view name) {
  const std::string_view text = r.placeholder(name);
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  return ec == std::errc() && end == text.data() + text.size() && n > 0 ? n : 0;
}

result<void> check_parameters(const http::request& r,
                              std::initializer_list<std::string_view> known) {
  std::vector<std::string_view> seen;
  for (const http::name_value& p : r.query) {
    const bool is_known = std::ranges::find(known, p.name) != known.end();
    if (is_known && std::ranges::find(seen, p.name) == seen.end()) {
      if (!is_plain(p.value)) {
        return wrong(p.name, "不含控制字符的文字", "text without control characters");
      }
      seen.push_back(p.name);
      continue;
    }
    const std::vector<std::string> names(known.begin(), known.end());
    return error(errc::member_unknown, {shown(p.name), names.empty() ? "-" : listed(names)},
                 {.column = shown(p.name)});
  }
  return {};
}

std::string text_parameter(const http::request& r, std::string_view name) {
  return std::string(r.parameter(name).value_or(""));
}

result<std::int64_t> number_parameter(const http::request& r, std::string_view name,
                                      std::int64_t fallback, std::int64_t least,
                                      std::int64_t most) {
  const auto text = r.parameter(name);
  if (!text) return fallback;
  std::int64_t value = 0;
  const auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (ec == std::errc() && end == text->data() + text->size() && value >= least && value <= most) {
    return value;
  }
  return wrong(name, fmt::format("{} 到 {} 的整数", least, most),
               fmt::format("a whole number from {} to {}", least, most));
}

result<std::optional<date>> day_parameter(const http::request& r, std::string_view name) {
  const auto text = r.parameter(name);
  if (!text || text->empty()) return std::optional<date>();
  LIXIN_TRY(const date day, day_of(name, *text));
  return std::optional(day);
}

}  // namespace lixin::api
