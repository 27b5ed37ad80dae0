#include "archive/import.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <thread>

#include "archive/chunk.h"
#include "archive/errc.h"
#include "archive/file_lock.h"
#include "archive/free_text.h"
#include "base/bounded_queue.h"
#include "journal/journal.h"
#include "text/fold.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

// One chunk being written, one ready, one being read.
constexpr std::size_t chunks_in_flight = 3;

struct file_identity {
  crypto::digest digest{};
  std::int64_t bytes = 0;
  std::int64_t modified_ns = 0;
  std::uint64_t inode = 0;
};

error cannot_read(const std::string& path, int why) {
  return error(errc::cannot_read_file, {reason_of(why, language::zh), reason_of(why, language::en)},
               {.file = path});
}

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

result<struct stat> stat_of(const std::string& path) {
  struct stat s{};
  if (::stat(path.c_str(), &s) != 0) {
    return cannot_read(path, errno);
  }
  return s;
}

void take_stat(file_identity& f, const struct stat& s) {
  f.bytes = s.st_size;
  f.modified_ns = s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec;
  f.inode = s.st_ino;
}

result<file_identity> identify(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return cannot_read(path, errno);
  std::unique_ptr<const int, void (*)(const int*)> closer(&fd, [](const int* f) { ::close(*f); });
  file_identity out;
  struct stat s{};
  if (::fstat(fd, &s) == 0) take_stat(out, s);
  crypto::sm3_stream digest;
  std::string buffer(1 << 20, '\0');
  while (true) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_read(path, errno);
    if (n == 0) break;
    digest.update({buffer.data(), static_cast<std::size_t>(n)});
  }
  out.digest = digest.finish();
  return out;
}

// How the file is read is part of what was handed in: another sheet of a workbook is another
// hand-in.
std::string options_key(const tabular::options& o) {
  return fmt::format("encoding={} separator={} sheet={}",
                     o.encoding ? text::name(*o.encoding) : std::string_view("auto"),
                     o.separator ? fmt::format("{:d}", *o.separator) : "auto", o.sheet);
}

class importer {
 public:
  importer(const import_context& context, const import_request& request,
           const std::function<void(const import_progress&)>& progress)
      : context_(context), request_(request), progress_(progress) {}

  result<import_outcome> run();

 private:
  result<void> find_names();
  result<bool> find_batch_of_file();
  result<void> lock_file();
  result<void> open_file();
  result<void> make_batch();
  result<void> check_unchanged() const;
  result<void> write_chunk(chunk_writer& writer, const chunk& c);
  result<void> stream();
  result<void> finish();
  void read_chunks(bounded_queue<std::unique_ptr<chunk>>& empty,
                   bounded_queue<std::unique_ptr<chunk>>& full);
  result<bool> fill(chunk& c);

  pg::connection& db() { return context_.connection; }

  const import_context& context_;
  const import_request& request_;
  const std::function<void(const import_progress&)>& progress_;

  file_identity file_;
  file_lock lock_;
  hand_in hand_in_;
  std::shared_ptr<const catalogue::pack> pack_;
  std::unique_ptr<tabular::reader> reader_;
  tabular::block heading_;  // the first block may hold rows beside the heading
  std::uint64_t done_to_row_ = 0;
  stopwatch committing_;
  std::optional<error> read_error_;  // set by the reading thread, read after it ended
  import_outcome outcome_;
};

result<import_outcome> importer::run() {
  LIXIN_CHECK(refuse_personal(name_of(request_.path), "文件名", "The file's name"));
  LIXIN_CHECK(refuse_personal(request_.actor, "报送人（--as）", "The actor (--as)"));
  LIXIN_CHECK(find_names());
  stopwatch digesting;
  {
    const stopwatch::lap lap(digesting);
    LIXIN_TRY(file_, identify(request_.path));
  }
  outcome_.timing.digest_s = digesting.seconds();
  LIXIN_CHECK(lock_file());
  LIXIN_TRY(const bool complete, find_batch_of_file());
  if (complete) return std::move(outcome_);
  LIXIN_CHECK(open_file());
  if (!outcome_.heading_faults.empty()) return std::move(outcome_);
  LIXIN_CHECK(stream());
  LIXIN_CHECK(finish());
  LIXIN_TRY(outcome_.batch, find_batch(db(), hand_in_.batch));
  return std::move(outcome_);
}

result<void> importer::find_names() {
  LIXIN_TRY(const auto head, journal::read_head(db()));
  hand_in_.handed_in_on = context_.now.today();
  hand_in_.actor = request_.actor;
  const auto in_force = context_.packs.at(hand_in_.handed_in_on, head.last);
  const catalogue::dataset* d = in_force->find_dataset(request_.dataset);
  if (d == nullptr) {
    std::string known;
    for (const auto& p : in_force->packs()) {
      for (const catalogue::dataset& x : p->datasets) known += (known.empty() ? "" : ", ") + x.code;
    }
    return error(errc::dataset_unknown, {request_.dataset, known});
  }
  for (const pack_version_id id : context_.packs.versions_at(hand_in_.handed_in_on, head.last)) {
    if (context_.packs.entry(id)->pack == d->pack) hand_in_.pack_version = id;
  }
  LIXIN_TRY(const auto numbers, db().exec("SELECT dataset_id FROM dataset WHERE code = $1::text",
                                          pg::params().add(d->code)));
  LIXIN_ASSERT(!numbers.empty());  // loading a pack numbers its datasets
  hand_in_.dataset_number = dataset_id(static_cast<std::int32_t>(numbers.int64(0, 0)));

  LIXIN_TRY(const auto authority,
            db().exec("SELECT authority_id FROM authority WHERE code = $1::text",
                      pg::params().add(request_.authority)));
  if (authority.empty()) {
    return error(errc::authority_unknown, {request_.authority});
  }
  hand_in_.authority_number = authority_id(static_cast<std::int32_t>(authority.int64(0, 0)));
  return {};
}

result<void> importer::lock_file() {
  LIXIN_TRY(const bool got, file_lock::take(db(), lock_, crypto::bytes(file_.digest),
                                            hand_in_.dataset_number, hand_in_.authority_number));
  if (!got) return error(errc::already_running, {request_.path});
  return {};
}

// The newest batch of this file that was not withdrawn; true when there is nothing left to do.
result<bool> importer::find_batch_of_file() {
  LIXIN_TRY(
      const auto r,
      db().exec("SELECT batch_id, state, last_row, pack_version_id, handed_in_on FROM batch "
                "WHERE file_digest = $1::bytea AND dataset_id = $2::integer AND authority_id = "
                "$3::integer AND file_options = $4::text AND state IN (1, 2) "
                "ORDER BY batch_id DESC LIMIT 1",
                pg::params()
                    .add_bytes(crypto::bytes(file_.digest))
                    .add(hand_in_.dataset_number.value)
                    .add(hand_in_.authority_number.value)
                    .add(options_key(request_.options))));
  if (r.empty()) return false;
  const bool done = r.int64(0, 1) == static_cast<int>(batch_state::done);
  if (done && request_.again) return false;
  hand_in_.batch = batch_id(r.int64(0, 0));
  if (done) {
    LIXIN_TRY(outcome_.batch, find_batch(db(), hand_in_.batch));
    outcome_.already = true;
    return true;
  }
  // Go on as it began: same rules, same day.
  done_to_row_ = static_cast<std::uint64_t>(r.int64(0, 2));
  outcome_.resumed_after = done_to_row_;
  hand_in_.pack_version = pack_version_id(static_cast<std::int32_t>(r.int64(0, 3)));
  hand_in_.handed_in_on = r.day(0, 4);
  return false;
}

result<void> importer::open_file() {
  pack_ = context_.packs.by_id(hand_in_.pack_version);
  take_rules(hand_in_, *pack_, request_.dataset);
  LIXIN_TRY(reader_, tabular::open(request_.path, request_.options));
  LIXIN_TRY(const bool more, reader_->read(heading_, 1));
  static_cast<void>(more);
  std::span<const tabular::cell> cells;
  if (!heading_.rows.empty()) cells = heading_.cells_of(heading_.rows.front());
  auto check = catalogue::map_headings(*hand_in_.dataset, cells, reader_->heading_rows());
  outcome_.heading_faults = std::move(check.faults);
  hand_in_.headings = std::move(check.map);
  return {};
}

// In the transaction of the first chunk: a file that fails before leaves no trace.
result<void> importer::make_batch() {
  if (hand_in_.batch.value != 0) return {};
  LIXIN_TRY(
      const auto r,
      db().exec(
          "INSERT INTO batch (dataset_id, authority_id, pack_version_id, file_name, file_digest, "
          "file_bytes, file_options, actor, started_at, handed_in_on, state, headings, last_row, "
          "rows_read, accepted, unchanged, corrected, pending, sealed, refused, late) VALUES "
          "($1::integer, $2::integer, $3::integer, $4::text, $5::bytea, $6::bigint, $7::text, "
          "$8::text, $9::timestamptz, $10::date, 1, $11::jsonb, 0, 0, 0, 0, 0, 0, 0, 0, 0) "
          "RETURNING batch_id",
          pg::params()
              .add(hand_in_.dataset_number.value)
              .add(hand_in_.authority_number.value)
              .add(hand_in_.pack_version.value)
              .add(request_.file_name.empty() ? name_of(request_.path) : request_.file_name)
              .add_bytes(crypto::bytes(file_.digest))
              .add(file_.bytes)
              .add(options_key(request_.options))
              .add(request_.actor)
              .add(journal::to_string(context_.now.now()))
              .add(hand_in_.handed_in_on)
              .add(text::to_json(hand_in_.headings.headings))));
  hand_in_.batch = batch_id(r.int64(0, 0));
  return {};
}

// Fills a chunk with rows that are not done yet. False at the end of the file.
result<bool> importer::fill(chunk& c) {
  while (true) {
    c.clear();
    LIXIN_TRY(const bool more, reader_->read(c.block, chunk_rows_max));
    std::erase_if(c.block.rows,
                  [&](const tabular::block::row& r) { return r.number <= done_to_row_; });
    if (!c.block.rows.empty()) return true;
    if (!more) return false;
  }
}

void importer::read_chunks(bounded_queue<std::unique_ptr<chunk>>& empty,
                           bounded_queue<std::unique_ptr<chunk>>& full) {
  preparer prepare(hand_in_, context_.days);
  stopwatch reading;
  stopwatch checking;
  while (auto c = empty.pop()) {
    stopwatch::lap lap(reading);
    auto filled = fill(**c);
    lap.end();
    if (!filled.ok()) {
      read_error_ = std::move(filled).error().at({.file = request_.path});
      break;
    }
    if (!*filled) break;
    stopwatch::lap check_lap(checking);
    prepare.prepare(**c);
    check_lap.end();
    if (!full.push(std::move(*c))) break;
  }
  outcome_.timing.read_s = reading.seconds();
  outcome_.timing.check_s = checking.seconds();
  full.close();
}

result<void> importer::write_chunk(chunk_writer& writer, const chunk& c) {
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_CHECK(make_batch());
  LIXIN_CHECK(writer.write(c));
  LIXIN_CHECK(check_unchanged());
  const stopwatch::lap lap(committing_);
  return tx.commit();
}

result<void> importer::stream() {
  bounded_queue<std::unique_ptr<chunk>> empty(chunks_in_flight);
  bounded_queue<std::unique_ptr<chunk>> full(chunks_in_flight);
  for (std::size_t i = 0; i < chunks_in_flight; ++i) empty.push(std::make_unique<chunk>());
  std::thread reading([&] { read_chunks(empty, full); });

  chunk_writer writer(db(), hand_in_, context_.persons, context_.now);
  import_progress now{.bytes_total = reader_->bytes_total()};
  std::optional<error> failed;
  while (auto c = full.pop()) {
    if (auto done = write_chunk(writer, **c); !done.ok()) {
      failed = std::move(done).error();
      break;
    }
    now.rows += static_cast<std::int64_t>((*c)->size);
    now.bytes = (*c)->block.rows.back().end_offset;
    if (progress_) progress_(now);
    empty.push(std::move(*c));
  }
  empty.close();
  full.close();
  reading.join();
  outcome_.timing.bind_s = writer.bind_s();
  outcome_.timing.store_s = writer.store_s();
  outcome_.timing.commit_s = committing_.seconds();
  if (failed) return std::move(*failed);
  if (read_error_) return std::move(*read_error_);
  return {};
}

// What was read must be what was digested.
result<void> importer::check_unchanged() const {
  LIXIN_TRY(const auto s, stat_of(request_.path));
  file_identity now;
  take_stat(now, s);
  if (now.bytes != file_.bytes || now.modified_ns != file_.modified_ns ||
      now.inode != file_.inode) {
    return error(errc::file_changed, {}, {.file = request_.path});
  }
  return {};
}

result<void> importer::finish() {
  LIXIN_CHECK(check_unchanged());
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_CHECK(make_batch());  // of a file without rows
  LIXIN_CHECK(db().exec(
      "UPDATE batch SET state = 2, finished_at = $2::timestamptz WHERE batch_id = "
      "$1::bigint",
      pg::params().add(hand_in_.batch.value).add(journal::to_string(context_.now.now()))));
  LIXIN_CHECK(journal::append(db(),
                              {{.kind = journal::kind::batch_finished,
                                .dataset = hand_in_.dataset_number,
                                .batch = hand_in_.batch}},
                              {journal::action::batch_finished, request_.actor,
                               fmt::format("batch {}", hand_in_.batch.value)},
                              context_.now.now()));
  return tx.commit();
}

}  // namespace

result<import_outcome> import_file(const import_context& context, const import_request& request,
                                   const std::function<void(const import_progress&)>& progress) {
  importer i(context, request, progress);
  return i.run();
}

}  // namespace lixin::archive
