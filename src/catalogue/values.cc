#include "catalogue/values.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace lixin::catalogue {
namespace {

constexpr std::size_t whole_digits_max = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct separator {
  std::string_view sign;
  bool strong;  // never part of a value
};
constexpr std::array separators{
    separator{";", true},  separator{"；", true},  separator{"|", true},   separator{"\n", true},
    separator{",", false}, separator{"，", false}, separator{"、", false},
};

const separator* separator_at(std::string_view cell, std::size_t at) {
  for (const separator& s : separators) {
    if (cell.substr(at, s.sign.size()) == s.sign) return &s;
  }
  return nullptr;
}

// A stretch between separators; `group` counts the strong separators before it.
struct piece {
  std::size_t begin, end, group;
};

std::vector<piece> pieces_of(std::string_view cell) {
  std::vector<piece> out;
  std::size_t begin = 0;
  std::size_t group = 0;
  const auto close = [&](std::size_t end) {
    while (begin < end && cell[begin] == ' ') ++begin;
    std::size_t stop = end;
    while (stop > begin && cell[stop - 1] == ' ') --stop;
    if (stop > begin) out.push_back({begin, stop, group});
  };
  for (std::size_t i = 0; i < cell.size();) {
    const separator* s = separator_at(cell, i);
    if (s == nullptr) {
      ++i;
      continue;
    }
    close(i);
    if (s->strong) ++group;
    i += s->sign.size();
    begin = i;
  }
  close(cell.size());
  return out;
}

bool is_wildcard(const code_list& list, const code_value* v) {
  return list.wildcard >= 0 && v == &list.values[static_cast<std::size_t>(list.wildcard)];
}

}  // namespace

int decimals_of(std::string_view unit) { return unit == "wan" ? 6 : 2; }

std::string fen_in_unit(std::string_view fen, int decimals) {
  const auto n = static_cast<std::size_t>(decimals);
  std::string digits(fen);
  if (digits.size() <= n) digits.insert(0, n + 1 - digits.size(), '0');
  digits.insert(digits.size() - n, 1, '.');
  return digits;
}

std::optional<std::string> fen_of(std::string_view amount, int decimals) {
  const std::size_t dot = std::min(amount.find('.'), amount.size());
  std::string_view whole = amount.substr(0, dot);
  std::string_view part = amount.substr(std::min(dot + 1, amount.size()));
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit)) return std::nullopt;
  if (dot < amount.size() && part.empty()) return std::nullopt;
  if (!std::all_of(part.begin(), part.end(), is_digit)) return std::nullopt;
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  if (whole.size() > whole_digits_max || part.size() > static_cast<std::size_t>(decimals)) {
    return std::nullopt;
  }
  std::string fen(whole);
  fen += part;
  fen.append(static_cast<std::size_t>(decimals) - part.size(), '0');
  fen.erase(0, std::min(fen.find_first_not_of('0'), fen.size() - 1));
  return fen;
}

subject_kind kind_of_credit_code(std::string_view code) {
  const char authority = code.empty() ? '\0' : code[0];
  const char body = code.size() < 2 ? '\0' : code[1];
  switch (authority) {
    case '9':  // market regulation: 1 enterprise, 2 individual business, 3 farmers' cooperative
      return body == '2' ? subject_kind::individual_business : subject_kind::enterprise;
    case '1':  // staffing commission: 1 state organ, 2 institution, 3 mass organisation, 9 other
      return body == '1' ? subject_kind::government_body : subject_kind::institution;
    case '5':  // civil affairs: 1 association, 2 private non-enterprise unit, 3 foundation, 9 other
      return subject_kind::social_organisation;
    case 'N':  // agriculture: collective economic bodies of group, village and township
      return subject_kind::enterprise;
    default:  // justice, culture, unions and the rest are bodies of public service
      return subject_kind::institution;
  }
}

std::optional<std::string> choices_of(const code_list& list, std::string_view cell,
                                      std::string_view& stray) {
  const std::vector<piece> pieces = pieces_of(cell);
  std::vector<std::string_view> found;
  for (std::size_t i = 0; i < pieces.size();) {
    const code_value* value = nullptr;
    std::size_t next = i;
    // The longest run of pieces that is one value of the list.
    for (std::size_t last = i; last < pieces.size() && pieces[last].group == pieces[i].group;
         ++last) {
      const auto run = cell.substr(pieces[i].begin, pieces[last].end - pieces[i].begin);
      const code_value* v = list.find(run);
      if (v == nullptr || (is_wildcard(list, v) && last > i)) continue;
      value = v;
      next = last + 1;
    }
    if (value == nullptr) {
      stray = cell.substr(pieces[i].begin, pieces[i].end - pieces[i].begin);
      return std::nullopt;
    }
    std::string_view code = value->code;
    if (is_wildcard(list, value)) {
      // "其他-责令改正、限期整改" goes on until a value that is on the list by itself.
      while (next < pieces.size() && pieces[next].group == pieces[i].group) {
        const auto one = cell.substr(pieces[next].begin, pieces[next].end - pieces[next].begin);
        if (list.find(one) != nullptr) break;
        ++next;
      }
      code = cell.substr(pieces[i].begin, pieces[next - 1].end - pieces[i].begin);
    }
    if (std::find(found.begin(), found.end(), code) == found.end()) found.push_back(code);
    i = next;
  }
  std::string out;
  for (const std::string_view code : found) {
    if (!out.empty()) out += ';';
    out += code;
  }
  return out;
}

}  // namespace lixin::catalogue
