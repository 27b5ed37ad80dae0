// Texts that people write beside the rows (reasons, documents of events, names of files and actors)
// are kept and shown in clear: like the free text of a row, none may hold a person's number. Pure.
#pragma once

#include <string>
#include <string_view>

#include "archive/errc.h"
#include "base/error.h"
#include "identity/personal.h"

namespace lixin::archive {

// errc::personal_number_in_text, which names what was given by `zh` and `en` and never repeats it.
inline result<void> refuse_personal(std::string_view text, const char* zh, const char* en) {
  const auto kind = identity::find_in_text(text);
  if (kind == identity::personal_number::none) return {};
  return error(errc::personal_number_in_text, {zh, std::string(identity::title_zh(kind)), en,
                                               std::string(identity::title_en(kind))});
}

}  // namespace lixin::archive
