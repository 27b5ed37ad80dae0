#include "http/accept_language.h"

#include <optional>

#include "http/field_text.h"

namespace lixin::http {
namespace {

// "0", "0.8", "1.000" in thousandths.
std::optional<int> weight(std::string_view q) {
  if (q.empty() || q.size() > 5 || (q[0] != '0' && q[0] != '1')) return std::nullopt;
  if (q.size() > 1 && q[1] != '.') return std::nullopt;
  int thousandths = (q[0] - '0') * 1000;
  int unit = 100;
  for (const char c : q.substr(q.size() > 1 ? 2 : 1)) {
    if (c < '0' || c > '9') return std::nullopt;
    thousandths += (c - '0') * unit;
    unit /= 10;
  }
  return thousandths <= 1000 ? std::optional(thousandths) : std::nullopt;
}

bool is_language(std::string_view range, std::string_view two_letters) {
  if (range.size() < 2 || (range.size() > 2 && range[2] != '-')) return false;
  return (range[0] | 0x20) == two_letters[0] && (range[1] | 0x20) == two_letters[1];
}

}  // namespace

language preferred_language(std::string_view accept_language, language otherwise) {
  // -1: not named. A language that is not named has the weight of "*".
  int zh = -1;
  int en = -1;
  int any = -1;
  bool zh_first = otherwise == language::zh;
  while (!accept_language.empty()) {
    std::string_view parameters = cut(accept_language, ',');
    const std::string_view range = cut(parameters, ';');
    std::optional<int> q = 1000;
    if (!parameters.empty()) {
      std::string_view value = parameters;
      const std::string_view name = cut(value, '=');
      q = name == "q" || name == "Q" ? weight(trimmed(value)) : std::nullopt;
    }
    if (!q) continue;
    if (is_language(range, "zh")) {
      if (zh < 0 && en < 0) zh_first = true;
      if (*q > zh) zh = *q;
    } else if (is_language(range, "en")) {
      if (zh < 0 && en < 0) zh_first = false;
      if (*q > en) en = *q;
    } else if (range == "*") {
      any = *q;
    }
  }
  if (zh < 0) zh = any;
  if (en < 0) en = any;
  if (zh <= 0 && en <= 0) return otherwise;
  if (zh == en) return zh_first ? language::zh : language::en;
  return zh > en ? language::zh : language::en;
}

}  // namespace lixin::http
