// Reads what a request says: the members of a JSON body, and the parameters of a query. Each fault
// names its member, says what was expected, and never repeats the value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "http/request.h"
#include "text/json.h"

namespace lixin::api {

class body_reader {
 public:
  // errc::json_expected, errc of text.
  static result<body_reader> of(const http::request& r);

  // The wanted member; `zh` and `en` say what it is. errc::member_missing, member_wrong.
  result<std::string> text(std::string_view name, std::string_view zh, std::string_view en);
  result<std::string> optional_text(std::string_view name);  // "" when absent or null
  result<std::optional<date>> optional_day(std::string_view name);
  result<bool> flag(std::string_view name);  // false when absent
  // 0 when absent.
  result<std::int64_t> optional_number(std::string_view name, std::int64_t most);
  result<std::vector<std::string>> texts(std::string_view name, std::string_view zh,
                                         std::string_view en);
  // Call it last: errc::member_unknown for what nobody asked for.
  result<void> end() const;

 private:
  explicit body_reader(std::vector<text::json_member> all) : all_(std::move(all)) {}
  const text::json_member* take(std::string_view name);

  std::vector<text::json_member> all_;
  std::vector<std::string> asked_;
};

// The number that stands for {name} in the path; 0 when what stands there is none from 1 up.
std::int64_t path_number(const http::request& r, std::string_view name);

// Parameters of the query. errc::member_unknown for one that is not among `known`, or comes twice.
result<void> check_parameters(const http::request& r,
                              std::initializer_list<std::string_view> known);
std::string text_parameter(const http::request& r, std::string_view name);  // "" when absent
result<std::int64_t> number_parameter(const http::request& r, std::string_view name,
                                      std::int64_t fallback, std::int64_t least, std::int64_t most);
result<std::optional<date>> day_parameter(const http::request& r, std::string_view name);

}  // namespace lixin::api
