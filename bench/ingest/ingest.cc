// lixin-ingest: penalty rows from a CSV file to durable, indexed, bound, versioned records, beside
// binary COPY of the same values into (a) all the same tables with the same indexes and (b) one
// table with the same columns and three indexes. The sides alternate; each begins with a copy of
// the same database, in which the bodies are registered. Prints one line a measure: NAME RATIO UNIT
// OURS BASELINE.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <vector>

#include "archive/import.h"
#include "catalogue/city.h"
#include "city/organisations.h"
#include "city/records.h"
#include "city/sink.h"
#include "journal/journal.h"
#include "lixin/app.h"
#include "lixin/commands.h"
#include "measuring.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using measuring::median;
using measuring::must;
using measuring::seconds;
using measuring::stop;

struct settings {
  std::string folder;
  std::uint64_t rows = 1'000'000;
  std::uint32_t organisations = 50'000;
  int runs = 5;
};

// A plain libpq connection: the baselines use nothing of Lixin's.
class plain {
 public:
  explicit plain(const std::string& conninfo) : c_(PQconnectdb(conninfo.c_str()), &PQfinish) {
    if (PQstatus(c_.get()) != CONNECTION_OK) stop(PQerrorMessage(c_.get()));
    run("SET search_path = lixin");
  }
  void run(const std::string& sql) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> r(PQexec(c_.get(), sql.c_str()), &PQclear);
    const auto s = PQresultStatus(r.get());
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK) stop(PQerrorMessage(c_.get()));
  }
  void copy_out(const std::string& query, const fs::path& to) {
    start("COPY (" + query + ") TO STDOUT (FORMAT binary)", PGRES_COPY_OUT);
    std::ofstream out(to, std::ios::binary);
    char* piece = nullptr;
    int n = 0;
    while ((n = PQgetCopyData(c_.get(), &piece, 0)) > 0) {
      out.write(piece, n);
      PQfreemem(piece);
    }
    finish();
  }
  void copy_in(const std::string& table, const fs::path& from) {
    start("COPY " + table + " FROM STDIN (FORMAT binary)", PGRES_COPY_IN);
    std::ifstream in(from, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())), in.gcount() > 0) {
      if (PQputCopyData(c_.get(), buffer.data(), static_cast<int>(in.gcount())) != 1) {
        stop(PQerrorMessage(c_.get()));
      }
    }
    PQputCopyEnd(c_.get(), nullptr);
    finish();
  }

 private:
  void start(const std::string& sql, ExecStatusType wanted) {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> r(PQexec(c_.get(), sql.c_str()), &PQclear);
    if (PQresultStatus(r.get()) != wanted) stop(PQerrorMessage(c_.get()));
  }
  void finish() {
    while (PGresult* r = PQgetResult(c_.get())) {
      const bool good = PQresultStatus(r) == PGRES_COMMAND_OK;
      PQclear(r);
      if (!good) stop(PQerrorMessage(c_.get()));
    }
  }
  std::unique_ptr<PGconn, void (*)(PGconn*)> c_;
};

// What a penalty row leaves behind, in the order in which it is written.
constexpr std::array tables{"record", "record_key", "batch_row", "record_version", "journal"};

class bench {
 public:
  explicit bench(const settings& s) : s_(s) {}
  void run();

 private:
  std::string named(const std::string& database) const { return base_ + " dbname=" + database; }
  void write_files();
  city::hand_in file_of(const char* dataset);
  void write_file(const city::hand_in& h, const std::string& name, bool registrations);
  void prepare_template();
  void fresh(const std::string& database);
  double import_penalties(archive::import_timing& times);
  void export_values();
  double copy_all_tables();
  double copy_one_table();

  settings s_;
  std::string base_, server_;
  std::string wide_columns_, wide_query_;
};

void bench::write_file(const city::hand_in& h, const std::string& name, bool registrations) {
  const city::settings cs{.calendar = "cities/calendar.csv",
                          .seed = 7,
                          .organisations = s_.organisations,
                          .records = s_.rows};
  const city::population bodies(cs.seed, cs.organisations, cs.today);
  const city::record_maker maker(cs, bodies);
  auto sink = must(city::open_sink(h, s_.folder + "/" + name));
  city::draft d;
  for (std::uint64_t i = 0; i < h.rows; ++i) {
    d.clear(h.columns->columns.size());
    if (registrations) {
      maker.make_registration(h, bodies.at(static_cast<std::uint32_t>(i)), false, d);
    } else {
      maker.make_record(h, i, false, d);
    }
    must(sink->write(d));
  }
  must(sink->close());
}

void bench::write_files() {
  city::hand_in h{.number = 1,
                  .file = "registration.csv",
                  .columns = &city::registration_shape(),
                  .from = &city::authority_named("scjg"),
                  .what = city::content::registration,
                  .rows = s_.organisations};
  write_file(h, h.file, true);
  h = {.number = 2,
       .file = "penalties.csv",
       .columns = &city::penalty_shape(),
       .from = &city::authority_named("scjg"),
       .rows = s_.rows};
  write_file(h, h.file, false);
}

archive::import_outcome import(const std::string& database, const std::string& folder,
                               const std::string& dataset, const std::string& file) {
  global_options o{
      .data_folder = folder, .database = database, .actor = "bench", .clock = "2026-11-24"};
  app a(o);
  const auto context = must(a.context());
  const archive::import_request request{
      .dataset = dataset, .authority = "scjg", .path = folder + "/" + file, .actor = "bench"};
  auto outcome = must(archive::import_file(context, request, nullptr));
  if (!outcome.heading_faults.empty()) stop(outcome.heading_faults[0].text(language::en));
  return outcome;
}

void bench::fresh(const std::string& database) {
  plain p(server_);
  p.run("DROP DATABASE IF EXISTS " + database);
  p.run("CREATE DATABASE " + database + " TEMPLATE bench_registered");
  p.run("CHECKPOINT");
}

void bench::prepare_template() {
  server_ = must(pg::private_server::ensure(s_.folder));
  base_ = server_.substr(0, server_.find("dbname="));
  {
    plain p(server_);
    p.run("DROP DATABASE IF EXISTS bench_registered");
    p.run("CREATE DATABASE bench_registered");
  }
  global_options o{.data_folder = s_.folder,
                   .database = named("bench_registered"),
                   .actor = "bench",
                   .clock = "2026-11-24"};
  {
    app a(o);
    must(city_load(a, "cities/cangzhou"));
    must(pack_load(a, {"packs/registration", "packs/double-publicity", "packs/procurement"}));
  }
  import(named("bench_registered"), s_.folder, "registration", "registration.csv");
  plain(named("bench_registered")).run("VACUUM ANALYZE");
}

double bench::import_penalties(archive::import_timing& times) {
  fresh("bench_ours");
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = import(named("bench_ours"), s_.folder, "penalty", "penalties.csv");
  const double spent = seconds(std::chrono::steady_clock::now() - start).count();
  if (outcome.batch.counts[archive::fate::accepted] != static_cast<std::int64_t>(s_.rows)) {
    stop(fmt::format("{} of {} rows accepted", outcome.batch.counts[archive::fate::accepted],
                     s_.rows));
  }
  times = outcome.timing;
  return spent;
}

// The same values as files of binary COPY: each table's rows of the penalty batch, and one wide row
// each.
void bench::export_values() {
  plain p(named("bench_ours"));
  const std::string batch = "(SELECT max(batch_id) FROM batch)";
  const std::string mine = " WHERE batch_id = " + batch;
  const std::string records = " WHERE record_id IN (SELECT record_id FROM batch_row" + mine + ")";
  for (const std::string table : tables) {
    const bool by_record = table == "record" || table == "record_key";
    const std::string order = table == "journal" ? " ORDER BY position" : "";
    p.copy_out("SELECT * FROM " + table + (by_record ? records : mine) + order,
               s_.folder + "/" + table + ".copy");
  }
  auto sheets = must(catalogue::read_sheets("packs/double-publicity"));
  const auto pack = catalogue::check_pack(std::move(sheets), "packs/double-publicity").pack;
  wide_columns_ = "subject_id bigint NOT NULL, record_id bigint NOT NULL, batch_id bigint NOT NULL";
  wide_query_ = "SELECT v.subject_id, v.record_id, v.batch_id";
  for (const auto& f : pack->dataset_named("penalty")->fields) {
    const bool day = f.type == catalogue::field_type::date;
    const bool number =
        f.type == catalogue::field_type::fen || f.type == catalogue::field_type::integer;
    const char* type = day ? "date" : number ? "bigint" : "text";
    wide_columns_ += fmt::format(", {} {}", f.code, type);
    wide_query_ += fmt::format(", (v.content->>'{}')::{}", f.code, type);
  }
  p.copy_out(wide_query_ + " FROM record_version v" + mine, s_.folder + "/wide.copy");
}

double bench::copy_all_tables() {
  fresh("bench_tables");
  plain p(named("bench_tables"));
  const auto start = std::chrono::steady_clock::now();
  p.run("BEGIN");
  for (const std::string table : tables) p.copy_in(table, s_.folder + "/" + table + ".copy");
  p.run("COMMIT");
  return seconds(std::chrono::steady_clock::now() - start).count();
}

double bench::copy_one_table() {
  fresh("bench_one");
  plain p(named("bench_one"));
  p.run("CREATE TABLE wide (" + wide_columns_ + ", PRIMARY KEY (subject_id, record_id))");
  p.run("CREATE INDEX ON wide (CF_WSH)");
  p.run("CREATE INDEX ON wide (CF_XDR_SHXYM)");
  const auto start = std::chrono::steady_clock::now();
  p.run("BEGIN");
  p.copy_in("wide", s_.folder + "/wide.copy");
  p.run("COMMIT");
  return seconds(std::chrono::steady_clock::now() - start).count();
}

void bench::run() {
  fs::create_directories(s_.folder);
  write_files();
  prepare_template();
  std::vector<double> ours, tables_side, one_side;
  archive::import_timing times;
  for (int i = 0; i < s_.runs; ++i) {
    ours.push_back(import_penalties(times));
    if (i == 0) export_values();
    tables_side.push_back(copy_all_tables());
    one_side.push_back(copy_one_table());
    fmt::print(
        stderr,
        "run {}: ours {:.1f} s (digest {:.1f}, read {:.1f}, check {:.1f} | bind {:.1f}, copy "
        "{:.1f}, commit {:.1f}), all tables {:.1f} s, one table {:.1f} s\n",
        i + 1, ours.back(), times.digest_s, times.read_s, times.check_s, times.bind_s,
        times.store_s, times.commit_s, tables_side.back(), one_side.back());
  }
  const auto rate = [&](double s) { return static_cast<double>(s_.rows) / s; };
  fmt::print("ingest {:.3f} rows/s {:.0f} {:.0f}\n", median(tables_side) / median(ours),
             rate(median(ours)), rate(median(tables_side)));
  fmt::print("ingest-one-table {:.3f} rows/s {:.0f} {:.0f}\n", median(one_side) / median(ours),
             rate(median(ours)), rate(median(one_side)));
}

}  // namespace
}  // namespace lixin

int main(int argc, char** argv) {
  lixin::settings s;
  CLI::App cli{"Measures hand-in against binary COPY. Run it in the root of the clone."};
  cli.add_option("--folder", s.folder, "where to work (1 M rows take about 8 GB)")->required();
  cli.add_option("--rows", s.rows)->check(CLI::Range(1'000, 50'000'000));
  cli.add_option("--organisations", s.organisations)->check(CLI::Range(100, 1'000'000));
  cli.add_option("--runs", s.runs)->check(CLI::Range(1, 99));
  CLI11_PARSE(cli, argc, argv);
  lixin::bench b(s);
  b.run();
  const auto stopped = lixin::pg::private_server::stop(s.folder);
  return stopped.ok() ? 0 : 70;
}
