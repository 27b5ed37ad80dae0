#include "city/city.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <thread>

#include "city/errc.h"
#include "city/organisations.h"
#include "city/records.h"
#include "city/sink.h"

namespace lixin::city {
namespace {

constexpr std::uint64_t fault_stream = 0x6661'7500;
constexpr std::uint64_t change_stream = 0x6368'6100;
constexpr std::uint32_t registration_strangers = 3'000'000;
constexpr std::uint32_t blank_rows_per_million = 300;

// Late or not by the day of decision, worked out once for the ten years.
class late_table {
 public:
  static result<late_table> make(const calendar::working_days& days, date today, int limit) {
    late_table t;
    t.today_ = today;
    for (int back = 0; back <= 3700; ++back) {
      LIXIN_TRY(const bool late, days.is_late(today - back, limit, today));
      t.late_.push_back(late);
    }
    return t;
  }
  bool is_late(date decided) const { return late_[static_cast<std::size_t>(today_ - decided)]; }

 private:
  date today_;
  std::vector<bool> late_;
};

struct world {
  const settings& s;
  const population& bodies;
  const record_maker& make;
  const late_table& late;
  const std::vector<hand_in>& plan;
};

bool is_faulty(const settings& s, const hand_in& h, std::uint64_t row) {
  random r(s.seed, fault_stream + h.number, row);
  return r.below(1'000'000) < s.faults_per_million;
}

// One hand-in file and its part of the truth.
class file_maker {
 public:
  file_maker(const world& w, const hand_in& h)
      : w_(w),
        h_(h),
        s_(*h.columns),
        truth_path_(fmt::format("{}/truth.{:02}.part", w.s.out, h.number)) {
    summary_.file = h;
    for (int i = 0; i < faults; ++i) {
      const auto f = static_cast<fault>(i);
      if (fits(f, h)) kinds_.push_back(f);
    }
    // Files begin with different kinds, so that small cities show them all as well.
    std::ranges::rotate(kinds_,
                        kinds_.begin() + h.number * 7 % static_cast<std::uint32_t>(kinds_.size()));
  }

  result<void> run() {
    truth_.open(truth_path_, std::ios::binary);
    LIXIN_TRY(sink_, open_sink(h_, w_.s.out + "/" + h_.file));
    switch (h_.what) {
      case content::registration:
        LIXIN_CHECK(registrations());
        break;
      case content::changes:
        LIXIN_CHECK(changes());
        break;
      case content::records:
        LIXIN_CHECK(records());
        break;
      case content::corrections:
        LIXIN_CHECK(corrections());
        break;
    }
    for (const draft& d : at_the_end_) LIXIN_CHECK(emit(d));
    LIXIN_CHECK(sink_->close());
    truth_.close();
    if (!truth_) return error(errc::cannot_write, {truth_path_, std::strerror(errno)});
    return {};
  }

  const file_summary& summary() const { return summary_; }
  const std::set<std::string>& planted() const { return planted_; }
  const std::string& truth_path() const { return truth_path_; }

 private:
  bool registers(body kind) const {
    const bool staffed = kind == body::institution || kind == body::government_body;
    const bool social = kind == body::social_organisation;
    return h_.from->code == "bwbb"  ? staffed
           : h_.from->code == "mzj" ? social
                                    : !staffed && !social;
  }

  result<void> registrations() {
    draft d;
    for (std::uint32_t i = 0; i < w_.bodies.size(); ++i) {
      const organisation& o = w_.bodies.at(i);
      if (!registers(o.kind)) continue;
      w_.make.make_registration(h_, o, true, d);
      if (!is_faulty(w_.s, h_, i)) {
        LIXIN_CHECK(emit(d));
        continue;
      }
      LIXIN_CHECK(faulty_registration(i, d));
    }
    return {};
  }

  // A refused registration would leave all records of its body unbound; so refused ones are further
  // bodies that nothing else speaks of.
  result<void> faulty_registration(std::uint32_t i, draft& d) {
    random r(w_.s.seed, fault_stream + h_.number, i);
    r.next();
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      const fault f = kinds_[k];
      if (takes_more_rows(f)) {
        take(k);
        return several(f, r, d);
      }
      organisation stranger = w_.bodies.stranger(registration_strangers + i);
      draft bad;
      w_.make.make_registration(h_, stranger, true, bad);
      if (!apply(f, h_, w_.make, r, bad)) continue;
      take(k);
      LIXIN_CHECK(emit(d));
      return emit(bad);
    }
    return emit(d);
  }

  // Later news of bodies of the first file: renamed ones, moved ones, repeats.
  result<void> changes() {
    const hand_in& first = w_.plan.front();
    draft d;
    for (std::uint32_t i = 0; i < w_.bodies.size(); ++i) {
      const organisation& o = w_.bodies.at(i);
      if (!registers(o.kind)) continue;
      w_.make.make_registration(h_, o, false, d);
      random r(w_.s.seed, change_stream + h_.number, i);
      const std::uint32_t n = r.below(1000);
      if (!o.former_name.empty()) {
        d.expected = fate::corrected;
        LIXIN_CHECK(emit(d));
      } else if (n < 12 && !is_faulty(w_.s, first, i)) {
        d.expected = n < 6 ? fate::unchanged : fate::corrected;
        if (n >= 6) change_content(h_, 7, d);
        LIXIN_CHECK(emit(d));
      }
    }
    return {};
  }

  result<void> records() {
    draft d;
    for (std::uint64_t row = 0; row < h_.rows; ++row) {
      if (is_faulty(w_.s, h_, row)) {
        LIXIN_CHECK(faulty_record(row, d));
      } else {
        w_.make.make_record(h_, row, w_.make.is_personal(h_, row), d);
        LIXIN_CHECK(emit(d));
      }
    }
    return {};
  }

  result<void> faulty_record(std::uint64_t row, draft& d) {
    random r(w_.s.seed, fault_stream + h_.number, row);
    r.next();
    for (std::size_t k = 0; k < kinds_.size(); ++k) {
      const fault f = kinds_[k];
      w_.make.make_record(h_, row, needs_person(f), d);
      if (takes_more_rows(f)) {
        take(k);
        return several(f, r, d);
      }
      if (!apply(f, h_, w_.make, r, d)) continue;
      take(k);
      return emit(d);
    }
    w_.make.make_record(h_, row, false, d);
    return emit(d);
  }

  // Further rows about the document of `first`, next to it or at the end of the file.
  result<void> several(fault f, random& r, const draft& first) {
    LIXIN_CHECK(emit(first));
    draft again = first;
    const bool now = r.permille(500);
    const auto place = [&](const draft& d) -> result<void> {
      if (now) return emit(d);
      at_the_end_.push_back(d);
      return {};
    };
    if (f == fault::repeated) {
      again.expected = fate::unchanged;
      return place(again);
    }
    if (f == fault::repeated_with_change || f == fault::changed_back) {
      again.expected = fate::corrected;
      change_content(h_, 1, again);
      LIXIN_CHECK(place(again));
      if (f == fault::repeated_with_change) return {};
      draft back = first;
      back.expected = fate::pending;
      back.name_differs = false;
      back.reasons = {archive_would_revert};
      back.bound_to.clear();
      return place(back);
    }
    other_body(r, again);
    if (f == fault::second_party) {
      again.cells[s_.ordinal] = "2";
      return place(again);
    }
    again.expected = fate::pending;
    again.reasons = {archive_counterpart_changed};
    again.bound_to.clear();
    return place(again);
  }

  void other_body(random& r, draft& d) {
    const std::string before = d.bound_to;
    const organisation* o = nullptr;
    do {
      o = &w_.bodies.pick_private(r);
    } while (o->code == before);
    d.planted.clear();
    w_.make.set_party(h_, *o, r, d);
    d.name_differs = false;
  }

  // The rows of an earlier file again, some with other content.
  result<void> corrections() {
    hand_in target = w_.plan[h_.corrects - 1];
    target.dates = h_.dates;
    draft d;
    const std::uint64_t count = std::min(h_.rows, target.rows);
    const std::uint64_t stride = count == 0 ? 1 : target.rows / count;
    for (std::uint64_t k = 0; k < count; ++k) {
      for (std::uint64_t row = k * stride; row < (k + 1) * stride; ++row) {
        if (is_faulty(w_.s, target, row) || w_.make.is_personal(target, row)) continue;
        w_.make.make_record(target, row, false, d);
        LIXIN_CHECK(correct(k, d));
        break;
      }
    }
    return {};
  }

  result<void> correct(std::uint64_t k, draft& d) {
    random r(w_.s.seed, change_stream + h_.number, k);
    const std::uint64_t what = k % 10;
    if (what < 3) {
      d.expected = fate::unchanged;
      return emit(d);
    }
    if (what == 3) return several_again(fault::other_party, r, d);
    const draft before = d;
    d.expected = fate::corrected;
    change_content(h_, 1, d);
    if (what == 4) square_brackets(d.cells[s_.document]);
    LIXIN_CHECK(emit(d));
    if (what == 5) {
      change_content(h_, 2, d);
      return emit(d);
    }
    if (what == 6) return several_again(fault::changed_back, r, before);
    return {};
  }

  result<void> several_again(fault f, random& r, draft d) {
    d.expected = fate::pending;
    if (f == fault::other_party) {
      other_body(r, d);
      d.reasons = {archive_counterpart_changed};
    } else {
      d.reasons = {archive_would_revert};
    }
    d.bound_to.clear();
    d.name_differs = false;
    return emit(d);
  }

  static void square_brackets(std::string& document) {
    for (const auto& [from, to] : {std::pair{"〔", "["}, std::pair{"〕", "]"}}) {
      const std::size_t at = document.find(from);
      if (at != std::string::npos) document.replace(at, 3, to);
    }
  }

  // The kind that was shown goes to the end of the queue.
  void take(std::size_t k) {
    const fault f = kinds_[k];
    ++summary_.faults_of[static_cast<std::size_t>(f)];
    kinds_.erase(kinds_.begin() + static_cast<std::ptrdiff_t>(k));
    kinds_.push_back(f);
  }

  result<void> emit(const draft& d) {
    random r(w_.s.seed, change_stream, (std::uint64_t{h_.number} << 40) + row_number_);
    if (r.below(1'000'000) < blank_rows_per_million) {
      LIXIN_CHECK(sink_->write_blank());
      ++row_number_;
    }
    ++row_number_;
    LIXIN_CHECK(sink_->write(d));
    ++summary_.rows_of[static_cast<std::size_t>(d.expected)];
    for (const std::string& number : d.planted) planted_.insert(number);
    write_truth(d);
    return {};
  }

  void write_truth(const draft& d) {
    const bool bound = d.expected == fate::accepted || d.expected == fate::unchanged ||
                       d.expected == fate::corrected;
    const bool late = bound && s_.hand_in_working_days > 0 && w_.late.is_late(d.decided);
    if (late) ++summary_.late;
    const bool other_name = bound && d.name_differs;
    line_.clear();
    auto out = std::back_inserter(line_);
    fmt::format_to(out, "{}\t{}\t{}\t", h_.file, row_number_, word_of(d.expected));
    std::vector<std::string_view> reasons = d.reasons;
    std::ranges::sort(reasons);
    fmt::format_to(out, "{}\t{}{}{}\t{}\t{}\n", fmt::join(reasons, "|"), late ? "late" : "",
                   late && other_name ? "|" : "", other_name ? "name_differs" : "",
                   s_.document == absent ? "" : d.cells[s_.document], bound ? d.bound_to : "");
    truth_.write(line_.data(), static_cast<std::streamsize>(line_.size()));
  }

  static constexpr std::string_view archive_would_revert = "archive.would_revert";
  static constexpr std::string_view archive_counterpart_changed = "archive.counterpart_changed";

  const world& w_;
  const hand_in& h_;
  const shape& s_;
  std::string truth_path_;
  std::ofstream truth_;
  std::unique_ptr<sink> sink_;
  std::vector<fault> kinds_;  // in the order in which they come next
  std::deque<draft> at_the_end_;
  std::uint64_t row_number_ = 1;  // the heading
  std::string line_;
  std::set<std::string> planted_;
  file_summary summary_;
};

result<std::string> read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in) return error(errc::cannot_read, {path, std::strerror(errno)});
  return bytes;
}

result<void> prepare_folder(const std::string& out) {
  std::error_code ec;
  std::filesystem::create_directories(out, ec);
  if (ec) return error(errc::cannot_write, {out, ec.message()});
  const bool empty = std::filesystem::is_empty(out, ec);
  if (ec) return error(errc::cannot_read, {out, ec.message()});
  if (!empty) return error(errc::folder_not_empty, {out});
  return {};
}

// The parts of the truth in order, and the two lists.
result<void> put_together(const settings& s, const std::deque<file_maker>& files) {
  std::ofstream truth(s.out + "/truth.tsv", std::ios::binary);
  std::ofstream order(s.out + "/handins.tsv", std::ios::binary);
  std::ofstream planted(s.out + "/planted.txt", std::ios::binary);
  truth << "file\trow\tfate\treasons\tflags\tdocument\tcode\n";
  order << "order\tfile\tdataset\tauthority\tformat\trows\n";
  std::set<std::string> numbers;
  for (const file_maker& f : files) {
    {
      std::ifstream part(f.truth_path(), std::ios::binary);
      if (f.summary().rows() > 0) truth << part.rdbuf();
    }
    std::error_code ec;
    std::filesystem::remove(f.truth_path(), ec);
    const hand_in& h = f.summary().file;
    order << fmt::format("{}\t{}\t{}\t{}\t{}\t{}\n", h.number, h.file, h.columns->dataset,
                         h.from->code, remark_of(h), f.summary().rows());
    numbers.insert(f.planted().begin(), f.planted().end());
  }
  for (const std::string& number : numbers) planted << number << '\n';
  for (std::ofstream* out : {&truth, &order, &planted}) {
    out->close();
    if (!*out) return error(errc::cannot_write, {s.out, std::strerror(errno)});
  }
  return {};
}

result<void> run_all(std::deque<file_maker>& files, int threads) {
  // The longest files first, so that the threads end together.
  std::vector<file_maker*> queue;
  for (file_maker& f : files) queue.push_back(&f);
  std::ranges::sort(queue, std::greater{}, [](const file_maker* f) {
    return std::pair(f->summary().file.rows, f->summary().file.number);
  });
  std::atomic<std::size_t> next = 0;
  std::vector<std::optional<error>> failed(queue.size());
  const auto work = [&] {
    for (std::size_t i = next++; i < queue.size(); i = next++) {
      if (auto done = queue[i]->run(); !done.ok()) failed[i] = done.error();
    }
  };
  std::vector<std::thread> others;
  for (int i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  for (std::thread& t : others) t.join();
  for (std::optional<error>& e : failed) {
    if (e) return std::move(*e);
  }
  return {};
}

}  // namespace

std::uint64_t file_summary::rows() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t n : rows_of) sum += n;
  return sum;
}

result<std::vector<file_summary>> write_city(const settings& s, int threads) {
  LIXIN_TRY(const std::string sheet, read_whole(s.calendar));
  LIXIN_TRY(const auto days, calendar::working_days::from_csv(sheet, s.calendar));
  LIXIN_TRY(const auto late, late_table::make(days, s.today, licence_shape().hand_in_working_days));
  LIXIN_CHECK(prepare_folder(s.out));
  const population bodies(s.seed, s.organisations, s.today);
  const record_maker make(s, bodies);
  const std::vector<hand_in> plan = plan_of(s);
  const world w{s, bodies, make, late, plan};
  std::deque<file_maker> files;
  for (const hand_in& h : plan) files.emplace_back(w, h);
  LIXIN_CHECK(run_all(files, threads));
  LIXIN_CHECK(put_together(s, files));
  std::vector<file_summary> out;
  for (const file_maker& f : files) out.push_back(f.summary());
  return out;
}

}  // namespace lixin::city
