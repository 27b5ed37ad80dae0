#include "archive/pending.h"

#include <fmt/format.h>

#include "api/pending_json.h"
#include "archive/errc.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

using archive::decide_outcome;
using archive::decision_kind;
using archive::pending_row;

constexpr int bind_page = 500;

std::string described(language lang, const archive::pending_proposal& p) {
  std::string out;
  api::each_decision(p.kind, [&](const api::decision_words& k) {
    if (!out.empty()) out += lang == language::zh ? "，" : ", ";
    out += lang == language::zh ? k.zh : k.en;
    if (k.kind == decision_kind::bind_named) {
      out += fmt::format(" {} {}", p.subject_code, p.subject_name);
    }
    if (k.kind == decision_kind::another_party) out += fmt::format(" {}", p.party_ordinal);
  });
  return out;
}

result<void> read_after(const std::string& text, archive::pending_filter& f) {
  if (text.empty() || api::read_row_name(text, f)) return {};
  return error(errc::bad_option, {"--after", "BATCH-ROW", as_typed(text)});
}

void print_list_json(const std::vector<pending_row>& rows, bool more) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().key("rows").begin_array();
  for (const pending_row& r : rows) api::write_pending(json, r);
  json.end_array().key("next");
  more ? json.string(api::row_name(rows.back())) : json.null();
  json.end_object();
  fmt::print("{}\n", out);
}

void print_pending(const app& a, const pending_row& r) {
  a.print("批次 {} 第 {} 行  {} ← {}（{}）  {} 报送\n",
          "batch {} row {}  {} from {} ({})  handed in on {}\n", r.batch.value, r.row, r.dataset,
          r.authority_title, r.authority, to_string(r.handed_in_on));
  if (r.has_content) {
    fmt::print("      {}  {}\n", r.document, r.name);
  } else {
    a.print("      涉及自然人，不保留内容：只能退回（--reject），并通知信源单位重新报送\n",
            "      about a natural person, content not kept: reject it (--reject) and ask for a "
            "new hand-in\n");
  }
  for (const auto& x : r.reasons) {
    a.print("      {}（{}）\n", "      {} ({})\n", a.zh() ? x.zh : x.en, x.code);
  }
  if (r.rejected_row != 0) {
    a.print("      相同内容曾被退回：批次 {} 第 {} 行\n",
            "      the same content was rejected before: batch {} row {}\n", r.rejected_batch.value,
            r.rejected_row);
  }
  if (r.proposal) {
    a.print("      {} 已提出：{}；须由另一人以相同内容办理\n",
            "      {} proposed: {}; another person must decide the same\n", r.proposal->by,
            described(a.lang(), *r.proposal));
  } else if (r.two_persons) {
    a.print("      失信名单条目：须两人办理\n",
            "      an entry of an adverse list: two persons decide\n");
  }
}

void print_outcome(const app& a, std::int64_t batch, std::uint64_t row, const decide_outcome& o) {
  if (o.proposal_withdrawn) {
    a.print("批次 {} 第 {} 行：办理意见已撤回，本行仍为待定。\n",
            "Batch {} row {}: the proposal is withdrawn; the row is still pending.\n", batch, row);
    return;
  }
  if (o.proposed) {
    o.already
        ? a.print("批次 {} 第 {} 行：您此前已提出同样的意见，须由另一人办理，没有任何改动。\n",
                  "Batch {} row {}: you proposed the same before; it waits for another person. "
                  "Nothing was changed.\n",
                  batch, row)
        : a.print(
              "批次 {} 第 {} 行：失信名单条目须两人办理；意见已记录，请另一人以相同内容办理。\n",
              "Batch {} row {}: an entry of an adverse list takes two persons; the proposal is "
              "kept, and another person must decide the same.\n",
              batch, row);
    return;
  }
  if (o.already) {
    a.print("批次 {} 第 {} 行：此前已作同样的办理，没有任何改动；结果为“{}”",
            "Batch {} row {}: decided so before, nothing was changed; it is “{}”", batch, row,
            title_of(a.lang(), o.what));
  } else {
    a.print("批次 {} 第 {} 行：已办理，结果为“{}”", "Batch {} row {}: decided, it is “{}”", batch,
            row, title_of(a.lang(), o.what));
  }
  if (!o.record.empty()) {
    a.print("，记录 {} 第 {} 版", ", record {}, version {}", o.record, o.version);
  }
  a.print("。\n", ".\n");
}

}  // namespace

result<int> pending_list(app& a, const pending_list_options& o) {
  archive::pending_filter filter{.dataset = o.dataset,
                                 .authority = o.authority,
                                 .reason = o.reason,
                                 .limit = static_cast<int>(o.limit) + 1};
  LIXIN_CHECK(read_after(o.after, filter));
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(auto rows, archive::list_pending(context, filter));
  // One more than asked for tells whether there are more.
  const bool more = rows.size() > static_cast<std::size_t>(o.limit);
  if (more) rows.pop_back();
  if (a.json()) {
    print_list_json(rows, more);
    return done;
  }
  for (const pending_row& r : rows) print_pending(a, r);
  if (rows.empty()) a.print("没有待定的行。\n", "No row is pending.\n");
  if (more) {
    a.print("更多的行：加 --after {}-{}\n", "More: add --after {}-{}\n", rows.back().batch.value,
            rows.back().row);
  }
  return done;
}

// Row by row, each by itself: what fails does not hold the others up.
result<int> pending_decide(app& a, const pending_decide_options& o) {
  LIXIN_TRY(const auto context, a.context());
  archive::decide_request request = o.decision;
  request.batch = batch_id(o.batch);
  request.actor = a.actor();
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().member("batch", o.batch).key("decisions").begin_array();
  std::size_t failed = 0;
  for (const std::int64_t row : o.rows) {
    request.row = static_cast<std::uint64_t>(row);
    auto outcome = archive::decide_pending(context, request);
    if (!outcome.ok()) {
      if (o.rows.size() == 1) return std::move(outcome).error();
      print_error(std::move(outcome).error().at({.row = request.row}));
      ++failed;
      continue;
    }
    a.json() ? api::write_outcome(json, request.row, *outcome)
             : print_outcome(a, o.batch, request.row, *outcome);
  }
  json.end_array().end_object();
  if (a.json()) fmt::print("{}\n", out);
  return failed > 0 ? done_with_refused : done;
}

// What `decide --bind` does to one row, to each that waits for its subject only: by its own codes,
// each by itself, and where two persons are asked for, as the proposal or the confirmation of this
// one. What is not bound stays as it is.
result<int> pending_bind(app& a, const pending_bind_options& o) {
  LIXIN_TRY(const auto context, a.context());
  archive::pending_filter filter{.dataset = o.dataset,
                                 .authority = o.authority,
                                 .reason = std::string(archive::errc::subject_unknown.code),
                                 .limit = bind_page};
  std::int64_t decided = 0, proposed = 0, left = 0;
  while (true) {
    LIXIN_TRY(const auto rows, archive::list_pending(context, filter));
    for (const pending_row& r : rows) {
      archive::decide_request request;
      request.batch = r.batch;
      request.row = r.row;
      request.bind = true;
      request.actor = a.actor();
      auto outcome = archive::decide_pending(context, request);
      if (outcome.ok()) {
        ++(outcome->proposed ? proposed : decided);
      } else if (outcome.error().kind() == failure::refused) {
        ++left;  // not registered yet, another question is open, or somebody else was quicker
      } else {
        return std::move(outcome).error();
      }
    }
    if (rows.size() < static_cast<std::size_t>(filter.limit)) break;
    filter.after_batch = rows.back().batch;
    filter.after_row = rows.back().row;
  }
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object()
        .member("decided", decided)
        .member("proposed", proposed)
        .member("left", left)
        .end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("已归属 {} 行；须另一人办理 {} 行；仍待定 {} 行。\n",
          "{} rows bound; {} wait for another person; {} still pending.\n", decided, proposed,
          left);
  return done;
}

}  // namespace lixin
