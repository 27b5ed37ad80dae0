#include "archive/batch.h"

#include <fmt/format.h>

#include "archive/import.h"
#include "archive/withdraw.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

using archive::all_fates;
using archive::batch_info;
using archive::fate;
using archive::row_fate;

constexpr int first_rows_shown = 5;

void write_counts(text::json_writer& json, const archive::fate_counts& c) {
  json.begin_object().member("read", c.total());
  for (const fate f : all_fates) json.member(archive::code_of(f), c[f]);
  json.member("late", c.late).end_object();
}

void write_batch(text::json_writer& json, const batch_info& b) {
  json.begin_object()
      .member("batch", b.id.value)
      .member("state", archive::code_of(b.state))
      .member("dataset", b.dataset)
      .member("authority", b.authority)
      .member("authority_title", b.authority_title)
      .member("file", b.file_name)
      .member("file_bytes", b.file_bytes)
      .member("file_sm3", b.file_digest)
      .member("pack", b.pack)
      .member("pack_version", b.pack_version)
      .member("actor", b.actor)
      .member("handed_in_on", to_string(b.handed_in_on))
      .member("started_at", b.started_at)
      .member("finished_at", b.finished_at)
      .member("withdrawn_at", b.withdrawn_at)
      .member("withdrawn_by", b.withdrawn_by)
      .member("withdrawn_why", b.withdrawn_why)
      .key("rows");
  write_counts(json, b.counts);
  json.end_object();
}

void write_row(text::json_writer& json, const row_fate& r) {
  json.begin_object()
      .member("row", static_cast<std::int64_t>(r.row_number))
      .member("fate", archive::code_of(r.what));
  if (!r.record.empty()) json.member("record", r.record).member("version", std::int64_t{r.version});
  json.member("late", r.late).member("name_differs", r.name_differs).key("reasons").begin_array();
  for (const auto& x : r.reasons) {
    json.begin_object()
        .member("code", x.code)
        .member("column", x.column)
        .member("zh", x.zh)
        .member("en", x.en)
        .end_object();
  }
  json.end_array().end_object();
}

std::string counts_line(const archive::fate_counts& c) {
  std::string out = fmt::format("读入 {} 行：", grouped(c.total()));
  for (const fate f : all_fates) {
    out += fmt::format("{}{} {}", f == fate::accepted ? "" : "，", archive::title_zh(f), grouped(c[f]));
  }
  return out + fmt::format("；迟报 {}", grouped(c.late));
}

void print_batch(const batch_info& b) {
  fmt::print("批次 {}  {}  {} ← {}（{}）  {}\n", b.id.value, archive::title_zh(b.state), b.dataset,
             b.authority_title, b.authority, b.file_name);
  fmt::print("  {}\n", counts_line(b.counts));
}

void print_row(const row_fate& r) {
  fmt::print("  第 {} 行  {}", r.row_number, archive::title_zh(r.what));
  if (!r.record.empty()) fmt::print("  记录 {} 第 {} 版", r.record, r.version);
  if (r.late) fmt::print("  迟报");
  if (r.name_differs) fmt::print("  名称与登记不同");
  fmt::print("\n");
  for (const auto& x : r.reasons) {
    fmt::print("      {}{}（{}）\n", x.column.empty() ? "" : fmt::format("【{}】", x.column), x.zh,
               x.code);
  }
}

result<std::optional<fate>> fate_named(const std::string& text) {
  if (text.empty()) return std::optional<fate>();
  std::string known;
  for (const fate f : all_fates) {
    if (text == archive::code_of(f)) return std::optional<fate>(f);
    known += (known.empty() ? "" : ", ") + std::string(archive::code_of(f));
  }
  return error(errc::bad_fate, {known, text});
}

result<tabular::options> options_from(const batch_import_options& o) {
  tabular::options out;
  out.sheet = o.sheet;
  if (!o.encoding.empty()) {
    out.encoding = text::encoding_named(o.encoding);
    if (!out.encoding) {
      return error(errc::bad_option, {"--encoding", "UTF-8, GB18030", o.encoding});
    }
  }
  if (o.separator == "tab") {
    out.separator = '\t';
  } else if (o.separator == "," || o.separator == ";") {
    out.separator = o.separator[0];
  } else if (!o.separator.empty()) {
    return error(errc::bad_option, {"--separator", "\",\", \";\", tab", o.separator});
  }
  return out;
}

int code_for(const batch_info& b) {
  return b.counts[fate::refused] > 0 ? done_with_refused : done;
}

result<int> heading_refused(const std::vector<error>& faults) {
  for (const error& e : faults) print_error(e);
  return exit_code(failure::unusable_input);
}

result<void> print_import(app& a, pg::connection& db, const archive::import_outcome& out) {
  if (a.options().json) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object()
        .member("already", out.already)
        .member("resumed_after", static_cast<std::int64_t>(out.resumed_after))
        .key("batch");
    write_batch(json, out.batch);
    json.end_object();
    fmt::print("{}\n", text);
    return {};
  }
  if (out.already) {
    fmt::print("这个文件已在批次 {} 归集过，没有任何改动（要重新读一遍请加 --again）。\n",
               out.batch.id.value);
  }
  if (out.resumed_after > 0) fmt::print("从第 {} 行之后续传。\n", out.resumed_after);
  print_batch(out.batch);
  if (out.batch.counts[fate::refused] == 0) return {};
  LIXIN_TRY(const auto rows,
            archive::rows_of(db, out.batch.id, {.what = fate::refused, .limit = first_rows_shown}));
  fmt::print("  前 {} 个退回行：\n", rows.size());
  for (const row_fate& r : rows) print_row(r);
  return {};
}

}  // namespace

result<int> batch_import(app& a, const batch_import_options& o) {
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(auto options, options_from(o));
  const archive::import_request request{.dataset = o.dataset,
                                        .authority = o.authority,
                                        .path = o.path,
                                        .actor = a.actor(),
                                        .options = std::move(options),
                                        .again = o.again};
  progress_line progress;
  auto outcome = archive::import_file(context, request, [&](const archive::import_progress& p) {
    progress.show(p.rows, p.bytes, p.bytes_total);
  });
  progress.end();
  if (!outcome.ok()) return std::move(outcome).error();
  if (!outcome->heading_faults.empty()) return heading_refused(outcome->heading_faults);
  LIXIN_CHECK(print_import(a, context.connection, *outcome));
  if (!o.report.empty()) {
    LIXIN_TRY(const auto written,
              archive::write_refused(context.connection, outcome->batch.id, o.report));
    if (!a.options().json) {
      fmt::print("  退回的 {} 行已写入 {}，改好后可直接再报。\n", grouped(written), o.report);
    }
  }
  return code_for(outcome->batch);
}

result<int> batch_list(app& a, int limit, std::int64_t before) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto batches, archive::list_batches(*db, batch_id(before), limit));
  if (a.options().json) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& b : batches) write_batch(json, b);
    json.end_array();
    fmt::print("{}\n", out);
    return done;
  }
  text_table table({"批次", "状态", "目录项", "信源单位", "文件", "读入", "接收", "无变化", "更正",
                    "待定", "封存", "退回", "报送日期"});
  for (const auto& b : batches) {
    std::vector<std::string> line{fmt::format("{}", b.id.value),
                                  std::string(archive::title_zh(b.state)), b.dataset,
                                  b.authority_title, shortened(b.file_name, 32),
                                  grouped(b.counts.total())};
    for (const fate f : all_fates) line.push_back(grouped(b.counts[f]));
    line.push_back(to_string(b.handed_in_on));
    table.add(std::move(line));
  }
  fmt::print("{}", batches.empty() ? std::string("还没有归集批次。\n") : table.text());
  if (static_cast<int>(batches.size()) == limit && limit > 0) {
    fmt::print("还有更早的批次：加 --before {}\n", batches.back().id.value);
  }
  return done;
}

result<int> batch_show(app& a, const batch_show_options& o) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto batch, archive::find_batch(*db, batch_id(o.id)));
  LIXIN_TRY(const auto what, fate_named(o.fate));
  const archive::row_filter filter{
      .after = o.after, .what = what, .noted = !o.rows && !what, .limit = o.limit};
  LIXIN_TRY(const auto rows, archive::rows_of(*db, batch.id, filter));
  if (!o.report.empty()) {
    LIXIN_TRY(const auto written, archive::write_refused(*db, batch.id, o.report));
    fmt::print(stderr, "退回的 {} 行已写入 {}\n", grouped(written), o.report);
  }
  const bool more = static_cast<int>(rows.size()) == o.limit;
  if (a.options().json) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("batch");
    write_batch(json, batch);
    json.key("rows").begin_array();
    for (const auto& r : rows) write_row(json, r);
    json.end_array().key("next");
    more ? json.number(static_cast<std::int64_t>(rows.back().row_number)) : json.null();
    json.end_object();
    fmt::print("{}\n", out);
    return done;
  }
  print_batch(batch);
  fmt::print("  报送人 {}，报送日期 {}，领域包 {} {}，文件 {} 字节\n  SM3 {}\n", batch.actor,
             to_string(batch.handed_in_on), batch.pack, batch.pack_version,
             grouped(batch.file_bytes), batch.file_digest);
  if (!batch.withdrawn_why.empty()) {
    fmt::print("  撤回：{}，原因：{}\n", batch.withdrawn_by, batch.withdrawn_why);
  }
  for (const auto& r : rows) print_row(r);
  if (more) fmt::print("还有更多行：加 --after {}\n", rows.back().row_number);
  return done;
}

result<int> batch_withdraw(app& a, std::int64_t id, const std::string& reason) {
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto w, archive::withdraw_batch(context, batch_id(id), a.actor(), reason));
  if (a.options().json) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object()
        .member("batch", id)
        .member("already", w.already)
        .member("restored", w.restored)
        .member("withdrawn", w.withdrawn)
        .member("kept", w.kept)
        .member("unsealed", w.unsealed)
        .end_object();
    fmt::print("{}\n", out);
    return done;
  }
  if (w.already) {
    fmt::print("批次 {} 早已撤回，没有任何改动。\n", id);
    return done;
  }
  fmt::print("批次 {} 已撤回：恢复旧内容 {} 条，撤下 {} 条，封存撤下 {} 条；已被后来批次更正而保留 {} 条。\n",
             id, grouped(w.restored), grouped(w.withdrawn), grouped(w.unsealed), grouped(w.kept));
  return done;
}

}  // namespace lixin
