#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>
#include <thread>

#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "measure/batch.h"
#include "measure/errc.h"
#include "measure/image.h"
#include "tabular/tabular.h"
#include "text/fold.h"
#include "text/json.h"

namespace lixin {
namespace {

using measure::answerer;

// ---- reading codes

// The headings of a column of codes, folded.
bool is_code_heading(std::string_view cell) {
  static const std::set<std::string, std::less<>> known = [] {
    std::set<std::string, std::less<>> out;
    for (const char* heading :
         {"统一社会信用代码", "社会信用代码", "统一信用代码", "信用代码", "主体代码", "credit_code",
          "credit code", "unified social credit code", "uscc"})
      out.insert(text::fold_name(heading));
    return out;
  }();
  return known.contains(text::fold_name(cell));
}

bool has_digit(std::string_view cell) {
  return cell.find_first_of("0123456789") != std::string_view::npos ||
         cell.find("０") != std::string_view::npos || cell.find("９") != std::string_view::npos;
}

struct typed_row {
  std::uint64_t number;
  std::uint64_t end_offset;
};

// Codes of a file, group by group, in its order.
class code_file {
 public:
  static result<code_file> open(const std::string& path) {
    LIXIN_TRY(auto in, tabular::open(path));
    code_file out(std::move(in));
    LIXIN_CHECK(out.find_column(path));
    return out;
  }

  // False when no row was left.
  result<bool> next(std::vector<std::string>& codes, std::vector<typed_row>& rows) {
    codes.clear();
    rows.clear();
    while (codes.empty()) {
      if (!ready_) {
        block_.clear();
        LIXIN_TRY(const bool more, in_->read(block_, measure::batch_checker::codes_max));
        if (!more) return false;
      }
      ready_ = false;
      for (const auto& r : block_.rows) {
        if (std::exchange(skip_heading_, false)) continue;
        const auto cells = block_.cells_of(r);
        codes.emplace_back(column_ < cells.size() ? cells[column_].text : std::string_view());
        rows.push_back({r.number, r.end_offset});
      }
    }
    return true;
  }
  std::uint64_t bytes_total() const { return in_->bytes_total(); }

 private:
  explicit code_file(std::unique_ptr<tabular::reader> in) : in_(std::move(in)) {}

  // The named column, or the only one; its first cell may be a heading of any name.
  result<void> find_column(const std::string& path) {
    LIXIN_TRY(ready_, in_->read(block_, measure::batch_checker::codes_max));
    if (!ready_) return {};
    const auto first = block_.cells_of(block_.rows.front());
    const auto named =
        std::ranges::find_if(first, [](const tabular::cell& c) { return is_code_heading(c.text); });
    if (named != first.end()) {
      column_ = static_cast<std::size_t>(named - first.begin());
      skip_heading_ = true;
      return {};
    }
    const auto wider = [&](const tabular::block::row& r) { return r.cell_count > 1; };
    if (std::ranges::any_of(block_.rows, wider))
      return error(errc::no_code_column, {}, {path, "", block_.rows.front().number, ""});
    skip_heading_ = first.empty() || !has_digit(first[0].text);
    return {};
  }

  std::unique_ptr<tabular::reader> in_;
  tabular::block block_;
  bool ready_ = false;  // block_ holds rows that were not given yet
  bool skip_heading_ = false;
  std::size_t column_ = 0;
};

// ---- writing answers

class answer_file {
 public:
  virtual ~answer_file() = default;
  virtual result<void> write(std::uint64_t row, const answerer::one& x) = 0;
  virtual result<void> close() = 0;
};

error cannot_write(const std::string& path, int why) {
  return error(errc::cannot_write,
               {path, reason_of(why, language::zh), reason_of(why, language::en)});
}

class json_answers : public answer_file {
 public:
  static result<std::unique_ptr<answer_file>> create(const std::string& path) {
    std::FILE* f = std::fopen(path.c_str(), "wb");
    if (f == nullptr) return cannot_write(path, errno);
    return std::unique_ptr<answer_file>(new json_answers(f, path));
  }
  result<void> write(std::uint64_t row, const answerer::one& x) override {
    text::json_writer json(out_);
    json.begin_object().member("row", static_cast<std::int64_t>(row));
    json.key("answer").raw(x.bytes).member("receipt", x.receipt).end_object();
    out_ += '\n';
    return out_.size() < buffer_bytes ? result<void>() : flush();
  }
  result<void> close() override {
    LIXIN_CHECK(flush());
    if (std::fclose(file_.release()) != 0) return cannot_write(path_, errno);
    return {};
  }

 private:
  static constexpr std::size_t buffer_bytes = 256 * 1024;
  json_answers(std::FILE* f, std::string path) : file_(f), path_(std::move(path)) {}
  result<void> flush() {
    if (std::fwrite(out_.data(), 1, out_.size(), file_.get()) != out_.size() ||
        std::fflush(file_.get()) != 0)
      return cannot_write(path_, errno);
    out_.clear();
    return {};
  }

  struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, closer> file_;
  std::string path_, out_;
};

// One line each for people; what a measure says in full is in the JSON lines.
class csv_answers : public answer_file {
 public:
  static result<std::unique_ptr<answer_file>> create(const std::string& path, language lang) {
    LIXIN_TRY(auto to, tabular::create(path));
    std::unique_ptr<csv_answers> out(new csv_answers(std::move(to), lang));
    const std::array<std::string, 8> zh{"行号",     "统一社会信用代码", "核查结果", "适用措施",
                                        "执行单位", "依据的记录",       "说明",     "核查回执"};
    const std::array<std::string, 8> en{"row",    "credit_code", "outcome", "measures",
                                        "bodies", "records",     "note",    "receipt"};
    LIXIN_CHECK(out->to_->write(lang == language::zh ? zh : en));
    return std::unique_ptr<answer_file>(std::move(out));
  }
  result<void> write(std::uint64_t row, const answerer::one& x) override {
    for (std::string& c : cells_) c.clear();
    cells_[0] = fmt::format("{}", row);
    cells_[1] = x.answer.code;
    cells_[2] = title_of(lang_, x.answer.outcome);
    for (const measure::answered_measure& m : x.answer.measures) {
      add(cells_[3], name_of(lang_, m));
      add(cells_[4], m.body);
      for (const measure::cited_entry& e : m.entries) add(cells_[5], e.record);
    }
    if (x.answer.failed != measure::code_layer::none)
      cells_[6] = measure::reason_of(x.answer.failed).sentence(lang_);
    cells_[7] = x.receipt;
    return to_->write(cells_);
  }
  result<void> close() override { return to_->close(); }

 private:
  csv_answers(std::unique_ptr<tabular::writer> to, language lang)
      : to_(std::move(to)), lang_(lang), cells_(8) {}
  // Each once: several lists often lead to the same measure.
  void add(std::string& cell, const std::string& what) const {
    const std::string_view between = lang_ == language::zh ? "；" : "; ";
    for (std::string_view rest = cell; !rest.empty();) {
      const std::size_t end = rest.find(between);
      if (rest.substr(0, end) == what) return;
      rest = end == rest.npos ? std::string_view() : rest.substr(end + between.size());
    }
    if (!cell.empty()) cell += between;
    cell += what;
  }

  std::unique_ptr<tabular::writer> to_;
  language lang_;
  std::vector<std::string> cells_;
};

// The file has its name only when it is whole, and takes no other file's place.
class new_file {
 public:
  explicit new_file(std::string path) : path_(std::move(path)) {
    const auto ending = path_.rfind('.');
    part_ = path_.substr(0, ending) + ".part" + path_.substr(ending);
  }
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file() {
    if (mine_) ::unlink(part_.c_str());
  }
  const std::string& part() const { return part_; }

  result<void> claim() {
    std::error_code ec;
    for (const std::string& p : {path_, part_})
      if (std::filesystem::exists(std::filesystem::symlink_status(p, ec)))
        return error(errc::answers_there, {p});
    mine_ = true;
    return {};
  }
  result<void> keep() {
    if (::link(part_.c_str(), path_.c_str()) == 0) return {};
    if (errno == EEXIST) return error(errc::answers_there, {path_});
    return cannot_write(path_, errno);
  }

 private:
  std::string path_, part_;
  bool mine_ = false;
};

bool is_json_lines(const std::string& path) {
  return path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

// ---- the whole

struct tally {
  std::array<std::int64_t, 8> by_outcome{};
  std::int64_t total = 0;
};

void print_tally(const app& a, const tally& t, position at, const std::string& path) {
  using measure::outcome;
  constexpr std::array shown{outcome::clear,  outcome::watch,           outcome::limited,
                             outcome::barred, outcome::unknown_subject, outcome::invalid_code};
  if (a.json()) {
    std::string out;
    text::json_writer json(out);
    json.begin_object().member("codes", t.total).member("position", at.value);
    json.key("outcomes").begin_object();
    for (const outcome o : shown)
      json.member(measure::code_of(o), t.by_outcome[static_cast<std::size_t>(o)]);
    json.end_object().member("file", path).end_object();
    fmt::print("{}\n", out);
    return;
  }
  a.print("已核查 {} 个代码（数据截至日志第 {} 号），结果写入 {}\n",
          "{} codes checked (data up to position {} of the journal), answers in {}\n",
          grouped(t.total), at.value, path);
  for (const outcome o : shown) {
    const std::int64_t n = t.by_outcome[static_cast<std::size_t>(o)];
    if (n > 0) fmt::print("  {}  {}\n", grouped(n), title_of(a.lang(), o));
  }
}

result<tally> answer_all(const app& a, pg::connection& db, code_file& in,
                         measure::batch_checker& checker, answer_file& out) {
  tally t;
  progress_line progress(a.lang());
  std::vector<std::string> codes;
  std::vector<typed_row> rows;
  for (;;) {
    LIXIN_TRY(const bool more, in.next(codes, rows));
    if (!more) break;
    LIXIN_TRY(const auto answers, checker.check(db, codes));
    for (std::size_t i = 0; i < answers.size(); ++i) {
      LIXIN_CHECK(out.write(rows[i].number, answers[i]));
      ++t.by_outcome[static_cast<std::size_t>(answers[i].answer.outcome)];
    }
    t.total += static_cast<std::int64_t>(answers.size());
    progress.show(t.total, rows.back().end_offset, in.bytes_total());
  }
  progress.end();
  return t;
}

}  // namespace

result<int> check_file(app& a, const check_options& o) {
  if (o.matter.empty() || o.out.empty() || !o.code.empty() || !o.receipt.empty() ||
      !o.known_at.empty())
    return error(errc::needs_file_and_out);
  if (!is_json_lines(o.out) && !o.out.ends_with(".csv"))
    return error(errc::bad_ending, {"--out", ".csv, .jsonl", as_typed(o.out)});
  LIXIN_TRY(auto viewer, viewer_named(o.viewer));
  const date today = a.now().today();
  LIXIN_TRY(const date as_of, date_named("--as-of", o.as_of, today));
  if (as_of > today)
    return error(measure::errc::as_of_in_future, {to_string(as_of), to_string(today)});
  const measure::asking by{a.actor(), std::move(viewer), today, a.now().now()};
  LIXIN_CHECK(measure::check_asking(by));
  LIXIN_TRY(auto in, code_file::open(o.file));
  new_file place(o.out);
  LIXIN_CHECK(place.claim());
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_CHECK(a.packs());
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  LIXIN_TRY(const std::string conninfo, a.conninfo());
  const auto connections = std::clamp(std::thread::hardware_concurrency(), 1u, 8u);
  LIXIN_TRY(const auto city, measure::image::build(conninfo, static_cast<int>(connections)));
  const measure::image_state& state = city->newest();
  measure::image_source from(state);
  LIXIN_TRY(const auto question,
            measure::question::now(*state.packs, by, o.matter, as_of, state.at, state.at, from));
  LIXIN_TRY(auto checker, measure::batch_checker::open(question, from, *keys, by));
  LIXIN_TRY(auto out, is_json_lines(o.out) ? json_answers::create(place.part())
                                           : csv_answers::create(place.part(), a.lang()));
  LIXIN_TRY(const tally t, answer_all(a, *db, in, checker, *out));
  LIXIN_CHECK(out->close());
  LIXIN_CHECK(place.keep());
  print_tally(a, t, state.at, o.out);
  const auto invalid = static_cast<std::size_t>(measure::outcome::invalid_code);
  return t.by_outcome[invalid] > 0 ? done_with_refused : done;
}

}  // namespace lixin
