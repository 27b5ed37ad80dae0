#include "archive/batch.h"

#include <fmt/format.h>

#include "api/batch_json.h"
#include "archive/errc.h"
#include "archive/import.h"
#include "archive/withdraw.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

using archive::all_fates;
using archive::batch_info;
using archive::fate;
using archive::row_fate;

constexpr int first_rows_shown = 5;
constexpr std::size_t file_columns_max = 28;
constexpr std::size_t authority_columns_max = 22;

// ---- text

std::string counts_line(language lang, const archive::fate_counts& c) {
  const bool zh = lang == language::zh;
  std::string out = say(lang, "读入 {} 行：", "{} rows read: ", grouped(c.total()));
  for (const fate f : all_fates) {
    if (f != fate::accepted) out += zh ? "，" : ", ";
    out += say(lang, "{1} {0}", "{0} {1}", grouped(c[f]), title_of(lang, f));
  }
  return out + say(lang, "；其中迟报 {}", "; {} of them late", grouped(c.late));
}

void print_batch(const app& a, const batch_info& b) {
  a.print("批次 {}（{}）  {} ← {}（{}）  {}\n", "Batch {} ({})  {} from {} ({})  {}\n", b.id.value,
          title_of(a.lang(), b.state), b.dataset, b.authority_title, b.authority, b.file_name);
  fmt::print("  {}\n", counts_line(a.lang(), b.counts));
}

void print_row(const app& a, const row_fate& r) {
  a.print("  第 {} 行  {}", "  row {}  {}", r.row_number, title_of(a.lang(), r.what));
  if (!r.record.empty())
    a.print("  记录 {} 第 {} 版", "  record {}, version {}", r.record, r.version);
  if (r.late) a.print("  迟报", "  late");
  if (r.name_differs) a.print("  名称与登记不同", "  name differs from the registered one");
  if (r.content_ended) a.print("  内容保存期满，已清除", "  content ended");
  fmt::print("\n");
  for (const auto& x : r.reasons) {
    if (!x.column.empty()) a.print("      【{}】", "      [{}] ", x.column);
    if (x.column.empty()) fmt::print("      ");
    a.print("{}（{}）\n", "{} ({})\n", a.zh() ? x.zh : x.en, x.code);
  }
}

// What to do next about rows that did not go in.
void print_hints(const app& a, const batch_info& b, bool reported) {
  if (b.counts[fate::pending] > 0) {
    a.print("  待定的行已保存，不必重报；办理：lixin pending list\n",
            "  Pending rows are kept, so do not hand them in again; to decide them: "
            "lixin pending list\n");
  }
  if (b.counts[fate::refused] > 0 && !reported) {
    a.print("  导出退回表（附原因，改好可直接再报）：lixin batch show {} --report 退回.xlsx\n",
            "  The refused rows with their reasons, to mend and hand in again: "
            "lixin batch show {} --report mend.xlsx\n",
            b.id.value);
  }
}

// ---- options

result<std::optional<fate>> fate_named(const std::string& text) {
  if (text.empty()) return std::optional<fate>();
  std::string known;
  for (const fate f : all_fates) {
    if (text == archive::code_of(f)) return std::optional<fate>(f);
    known += (known.empty() ? "" : ", ") + std::string(archive::code_of(f));
  }
  return error(errc::bad_option, {"--fate", known, as_typed(text)});
}

result<tabular::options> options_from(const batch_import_options& o) {
  tabular::options out;
  out.sheet = o.sheet;
  if (!o.encoding.empty()) {
    out.encoding = text::encoding_named(o.encoding);
    if (!out.encoding) {
      return error(errc::bad_option, {"--encoding", "UTF-8, GB18030", as_typed(o.encoding)});
    }
  }
  if (o.separator == "tab" || o.separator == "\t") {
    out.separator = '\t';
  } else if (o.separator == "," || o.separator == ";" || o.separator == "|") {
    out.separator = o.separator[0];
  } else if (!o.separator.empty()) {
    return error(errc::bad_option, {"--separator", "\",\" \";\" \"|\" tab", as_typed(o.separator)});
  }
  return out;
}

// Said before a long hand-in rather than after it.
result<void> check_report(const std::string& path) {
  if (path.empty() || tabular::can_create(path)) return {};
  return error(errc::bad_ending, {"--report", ".csv, .xlsx, .jsonl", as_typed(path)});
}

int code_for(const batch_info& b) { return b.counts[fate::refused] > 0 ? done_with_refused : done; }

// ---- import

result<int> heading_refused(const std::vector<error>& faults, const std::string& dataset) {
  for (const error& e : faults) print_error(e);
  return error(archive::errc::headings_unusable, {fmt::format("{}", faults.size()), dataset});
}

void print_import_json(const archive::import_outcome& out) {
  std::string text;
  text::json_writer json(text, true);
  json.begin_object()
      .member("already", out.already)
      .member("resumed_after", static_cast<std::int64_t>(out.resumed_after))
      .key("batch");
  api::write_batch(json, out.batch);
  json.end_object();
  fmt::print("{}\n", text);
}

result<void> print_import(const app& a, pg::connection& db, const archive::import_outcome& out) {
  if (out.already) {
    a.print("这个文件已在批次 {} 归集过，没有任何改动（要重新读一遍请加 --again）。\n",
            "This file was handed in before as batch {}; nothing was changed (--again reads it "
            "once more).\n",
            out.batch.id.value);
  }
  if (out.resumed_after > 0) {
    a.print("上次中断，从第 {} 行之后接着归集。\n",
            "The last run was interrupted; this one went on after row {}.\n", out.resumed_after);
  }
  print_batch(a, out.batch);
  if (out.batch.counts.total() == 0) {
    a.print("  表头以下没有数据行。\n", "  There is no row below the heading.\n");
  }
  const std::int64_t refused = out.batch.counts[fate::refused];
  if (refused == 0) return {};
  LIXIN_TRY(const auto rows,
            archive::rows_of(db, out.batch.id, {.what = fate::refused, .limit = first_rows_shown}));
  if (refused > first_rows_shown) {
    a.print("  退回的前 {} 行：\n", "  The first {} refused rows:\n", rows.size());
  } else {
    a.print("  退回的行：\n", "  Refused rows:\n");
  }
  for (const row_fate& r : rows) print_row(a, r);
  return {};
}

result<void> write_report(const app& a, pg::connection& db, batch_id id, const std::string& path) {
  LIXIN_TRY(const auto written, archive::write_refused(db, id, path));
  const std::string note =
      written == 0
          ? say(a.lang(), "没有退回的行，{} 中只有表头。\n",
                "No row was refused; {} holds the heading alone.\n", path)
          : say(a.lang(), "退回的 {1} 行已写入 {0}，改好后可直接再报。\n",
                "{1} refused rows were written to {0}; mend them and hand the file in again.\n",
                path, grouped(written));
  fmt::print(stderr, "{}", note);
  return {};
}

// Whether there were more than `limit`, which are taken off.
template <class Item>
bool cut(std::vector<Item>& items, int limit) {
  const auto kept = static_cast<std::size_t>(limit);
  if (items.size() <= kept) return false;
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(kept), items.end());
  return true;
}

}  // namespace

result<int> batch_import(app& a, const batch_import_options& o) {
  LIXIN_TRY(auto options, options_from(o));
  LIXIN_CHECK(check_report(o.report));
  LIXIN_TRY(const auto context, a.context());
  const archive::import_request request{.dataset = o.dataset,
                                        .authority = o.authority,
                                        .path = o.path,
                                        .actor = a.actor(),
                                        .options = std::move(options),
                                        .again = o.again};
  progress_line progress(a.lang());
  auto outcome = archive::import_file(context, request, [&](const archive::import_progress& p) {
    progress.show(p.rows, p.bytes, p.bytes_total);
  });
  progress.end();
  if (!outcome.ok()) return std::move(outcome).error();
  if (!outcome->heading_faults.empty()) {
    return heading_refused(outcome->heading_faults, o.dataset);
  }
  if (a.json()) {
    print_import_json(*outcome);
  } else {
    LIXIN_CHECK(print_import(a, context.connection, *outcome));
    print_hints(a, outcome->batch, !o.report.empty());
  }
  if (!o.report.empty()) {
    std::fflush(stdout);
    LIXIN_CHECK(write_report(a, context.connection, outcome->batch.id, o.report));
  }
  return code_for(outcome->batch);
}

// ---- reading

result<int> batch_list(app& a, int limit, std::int64_t before) {
  LIXIN_TRY(pg::connection * db, a.database());
  // One more than asked for tells whether there are more.
  LIXIN_TRY(auto batches, archive::list_batches(*db, batch_id(before), limit + 1));
  const bool more = cut(batches, limit);
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("batches").begin_array();
    for (const auto& b : batches) api::write_batch(json, b);
    json.end_array().key("next");
    more ? json.number(batches.back().id.value) : json.null();
    json.end_object();
    fmt::print("{}\n", out);
    return done;
  }
  if (batches.empty()) {
    before == 0 ? a.print("还没有归集批次。\n", "There are no hand-ins yet.\n")
                : a.print("没有更早的批次。\n", "There are no earlier hand-ins.\n");
    return done;
  }
  std::vector<std::string> heading{"批次",     "报送日期", "状态", "目录项",
                                   "信源单位", "文件",     "读入"};
  if (!a.zh()) heading = {"batch", "handed in", "state", "dataset", "authority", "file", "rows"};
  for (const fate f : all_fates) heading.emplace_back(title_of(a.lang(), f));
  text_table table(std::move(heading));
  table.right(0, 1).right(6, 1 + all_fates.size());
  for (const auto& b : batches) {
    std::vector<std::string> line{fmt::format("{}", b.id.value),
                                  to_string(b.handed_in_on),
                                  std::string(title_of(a.lang(), b.state)),
                                  b.dataset,
                                  shortened(b.authority_title, authority_columns_max),
                                  shortened(b.file_name, file_columns_max),
                                  grouped(b.counts.total())};
    for (const fate f : all_fates) line.push_back(grouped(b.counts[f]));
    table.add(std::move(line));
  }
  fmt::print("{}", table.text());
  if (more) {
    a.print("更早的批次：lixin batch list --before {}\n",
            "Earlier ones: lixin batch list --before {}\n", batches.back().id.value);
  }
  return done;
}

namespace {

void print_show_json(const batch_info& batch, const std::vector<row_fate>& rows, bool more) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().key("batch");
  api::write_batch(json, batch);
  json.key("rows").begin_array();
  for (const auto& r : rows) api::write_row(json, r);
  json.end_array().key("next");
  more ? json.number(static_cast<std::int64_t>(rows.back().row_number)) : json.null();
  json.end_object();
  fmt::print("{}\n", out);
}

void print_show(const app& a, const batch_show_options& o, const batch_info& batch,
                const std::vector<row_fate>& rows, bool more) {
  print_batch(a, batch);
  a.print("  报送人 {}，报送日期 {}，领域包 {} {}，文件 {} 字节\n  SM3 {}\n",
          "  handed in by {} on {}, pack {} {}, {} bytes\n  SM3 {}\n", batch.actor,
          to_string(batch.handed_in_on), batch.pack, batch.pack_version, grouped(batch.file_bytes),
          batch.file_digest);
  if (!batch.withdrawn_why.empty()) {
    a.print("  撤回人 {}，原因：{}\n", "  withdrawn by {}: {}\n", batch.withdrawn_by,
            batch.withdrawn_why);
  }
  for (const auto& r : rows) print_row(a, r);
  if (rows.empty()) {
    o.rows || !o.fate.empty() || o.after > 0
        ? a.print("  没有符合条件的行。\n", "  No row is like that.\n")
        : a.print("  没有需要说明的行（逐行查看请加 --rows）。\n",
                  "  No row needs a word (--rows shows every row).\n");
  }
  if (more) {
    a.print("更多的行：lixin batch show {} --after {}{}\n",
            "More: lixin batch show {} --after {}{}\n", batch.id.value, rows.back().row_number,
            !o.fate.empty() ? " --fate " + o.fate : std::string(o.rows ? " --rows" : ""));
  }
}

}  // namespace

result<int> batch_show(app& a, const batch_show_options& o) {
  LIXIN_TRY(const auto what, fate_named(o.fate));
  LIXIN_CHECK(check_report(o.report));
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto batch, archive::find_batch(*db, batch_id(o.id)));
  const archive::row_filter filter{
      .after = o.after, .what = what, .noted = !o.rows && !what, .limit = o.limit + 1};
  LIXIN_TRY(auto rows, archive::rows_of(*db, batch.id, filter));
  const bool more = cut(rows, o.limit);
  a.json() ? print_show_json(batch, rows, more) : print_show(a, o, batch, rows, more);
  if (!o.report.empty()) {
    std::fflush(stdout);
    LIXIN_CHECK(write_report(a, *db, batch.id, o.report));
  }
  return done;
}

result<int> batch_withdraw(app& a, std::int64_t id, const std::string& reason) {
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto w, archive::withdraw_batch(context, batch_id(id), a.actor(), reason));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    api::write_withdrawal(json, batch_id(id), w);
    fmt::print("{}\n", out);
    return done;
  }
  if (w.already) {
    a.print("批次 {} 此前已经撤回，没有任何改动。\n",
            "Batch {} was withdrawn before; nothing was changed.\n", id);
    return done;
  }
  a.print(
      "批次 {} 已撤回：恢复旧内容 {} 条，撤下 {} 条，撤下封存 {} 条；已被其他批次更正而保留 {} "
      "条。\n",
      "Batch {} is withdrawn: {} records stand as before, {} were taken down, {} sealed rows "
      "were taken down; {} stay, since another batch has corrected them.\n",
      id, grouped(w.restored), grouped(w.withdrawn), grouped(w.unsealed), grouped(w.kept));
  return done;
}

}  // namespace lixin
