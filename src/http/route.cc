#include "http/route.h"

#include <algorithm>
#include <array>
#include <optional>

namespace lixin::http {
namespace {

constexpr std::size_t method_count = 7;
std::size_t index_of(method m) { return static_cast<std::size_t>(m); }

std::vector<std::string_view> parts_of(std::string_view pattern) {
  LIXIN_ASSERT(!pattern.empty() && pattern[0] == '/');
  std::vector<std::string_view> parts;
  pattern.remove_prefix(1);
  while (!pattern.empty()) {
    const std::size_t slash = pattern.find('/');
    const std::string_view part = pattern.substr(0, slash);
    LIXIN_ASSERT(!part.empty());
    parts.push_back(part);
    if (slash == std::string_view::npos) break;
    pattern.remove_prefix(slash + 1);
    LIXIN_ASSERT(!pattern.empty());
  }
  return parts;
}

// The name in "{name}".
std::optional<std::string_view> placeholder_in(std::string_view part) {
  if (part.front() != '{') return std::nullopt;
  LIXIN_ASSERT(part.size() > 2 && part.back() == '}');
  return part.substr(1, part.size() - 2);
}

struct named_segment {
  std::size_t at;
  std::string_view name;
};

}  // namespace

struct route_table::node {
  struct served {
    const http::route* route = nullptr;
    std::vector<named_segment> names;
  };
  std::vector<std::pair<std::string_view, std::unique_ptr<node>>> texts;  // sorted
  std::unique_ptr<node> any;
  std::array<served, method_count> by_method;
  std::string allow;  // empty: no pattern ends here

  node& text_child(std::string_view part) {
    const auto at =
        std::ranges::lower_bound(texts, part, {}, [](const auto& t) { return t.first; });
    if (at != texts.end() && at->first == part) return *at->second;
    return *texts.emplace(at, part, std::make_unique<node>())->second;
  }

  void write_allow() {
    allow.clear();
    for (std::size_t i = 0; i < method_count; ++i) {
      const auto m = static_cast<method>(i);
      const bool head_by_get = m == method::head && by_method[index_of(method::get)].route;
      if (!by_method[i].route && !head_by_get) continue;
      allow.append(http::name(m)).append(", ");
    }
    allow += http::name(method::options);
  }
};

route_table::route_table(std::vector<route> routes)
    : routes_(std::move(routes)), root_(std::make_unique<node>()) {
  for (const route& r : routes_) {
    LIXIN_ASSERT(r.method != method::head && r.method != method::options);
    LIXIN_ASSERT(r.runs == run::deferred ? r.later != nullptr : r.handler != nullptr);
    node* at = root_.get();
    node::served served{.route = &r};
    std::size_t position = 0;
    for (const std::string_view part : parts_of(r.pattern)) {
      if (const auto name = placeholder_in(part)) {
        for (const named_segment& n : served.names) LIXIN_ASSERT(n.name != *name);
        served.names.push_back({position, *name});
        if (!at->any) at->any = std::make_unique<node>();
        at = at->any.get();
      } else {
        at = &at->text_child(part);
      }
      ++position;
    }
    LIXIN_ASSERT(at->by_method[index_of(r.method)].route == nullptr);
    at->by_method[index_of(r.method)] = std::move(served);
    at->write_allow();
  }
}

route_table::~route_table() = default;
route_table::route_table(route_table&&) noexcept = default;
route_table& route_table::operator=(route_table&&) noexcept = default;

// As deep as a path has segments, which target.h limits.
const route_table::node* route_table::walk(const node& from,
                                           const std::vector<std::string_view>& segments,
                                           std::size_t at) const {
  if (at == segments.size()) return from.allow.empty() ? nullptr : &from;
  const std::string_view segment = segments[at];
  const auto text =
      std::ranges::lower_bound(from.texts, segment, {}, [](const auto& t) { return t.first; });
  if (text != from.texts.end() && text->first == segment) {
    if (const node* found = walk(*text->second, segments, at + 1)) return found;
  }
  if (!from.any || segment.empty()) return nullptr;
  return walk(*from.any, segments, at + 1);
}

route_table::match route_table::find(method m, const std::vector<std::string_view>& segments,
                                     std::vector<name_value>& placeholders) const {
  placeholders.clear();
  const node* at = walk(*root_, segments, 0);
  if (at == nullptr) return {};
  const node::served& served = at->by_method[index_of(m == method::head ? method::get : m)];
  for (const named_segment& n : served.names) placeholders.push_back({n.name, segments[n.at]});
  return {.route = served.route, .allow = at->allow};
}

}  // namespace lixin::http
