// Pending rows and what was decided about them as JSON, for the API and the command line.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "archive/pending.h"
#include "text/json.h"

namespace lixin::api {

struct decision_words {
  archive::decision_kind kind;
  const char *code, *zh, *en;
};
inline constexpr std::array<decision_words, 6> decisions{{
    {archive::decision_kind::bind_own, "bind", "按本行代码归属", "bind by the row's own codes"},
    {archive::decision_kind::bind_named, "bind-named", "归属到指定主体",
     "bind to the subject named"},
    {archive::decision_kind::replaces, "replaces", "替换原相对人", "replace the old counterpart"},
    {archive::decision_kind::another_party, "another-party", "同案另一当事人",
     "another party of the document"},
    {archive::decision_kind::accept_older, "accept", "确认以本行内容为准",
     "let the row's content stand"},
    {archive::decision_kind::reject, "reject", "退回", "reject"},
}};
template <class Each>
void each_decision(int flags, const Each& each) {
  for (const decision_words& k : decisions) {
    if ((flags & static_cast<int>(k.kind)) != 0) each(k);
  }
}

// "3-7": the row 7 of batch 3, after which a list goes on. False when it is no such name.
bool read_row_name(std::string_view text, archive::pending_filter& f);
std::string row_name(const archive::pending_row& r);

void write_pending(text::json_writer& json, const archive::pending_row& r);
void write_outcome(text::json_writer& json, std::uint64_t row, const archive::decide_outcome& o);

}  // namespace lixin::api
