#include "city/draft.h"

namespace lixin::city {

std::string_view word_of(fate f) {
  switch (f) {
    case fate::accepted:
      return "accepted";
    case fate::unchanged:
      return "unchanged";
    case fate::corrected:
      return "corrected";
    case fate::pending:
      return "pending";
    case fate::sealed:
      return "sealed";
    case fate::refused:
      return "refused";
  }
  return "";
}

void draft::clear(std::size_t columns) {
  cells.resize(columns);
  for (std::string& cell : cells) cell.clear();
  code_as_number = false;
  beyond.clear();
  expected = fate::accepted;
  reasons.clear();
  name_differs = false;
  bound_to.clear();
  decided = date();
  fined = false;
  planted.clear();
}

}  // namespace lixin::city
