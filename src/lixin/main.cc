// lixin: reads the command line, wires the modules, maps failures to exit codes.
#include <CLI/CLI.hpp>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "calendar/parse.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/terminal.h"

namespace lixin {
namespace {

// Rows of persons pass through memory: no crash file may ever hold them.
void forbid_crash_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// All options of all commands, and the one that was chosen.
class command_line {
 public:
  command_line();
  int run(int argc, char** argv);

 private:
  using action = std::function<result<int>(app&)>;

  CLI::App* noun(const char* name, const char* what);
  CLI::App* verb(CLI::App* of, const char* name, const char* what, action run);
  void add_code();
  void add_packs();
  void add_batches();
  void add_subjects();
  void add_records();
  void add_checks();
  void add_database();

  CLI::App cli_{"Lixin (立信): a city's public credit information", "lixin"};
  global_options global_;
  action chosen_;

  std::string code_file_;
  std::vector<std::string> folders_;
  std::string folder_, dataset_, output_;
  batch_import_options import_;
  batch_show_options show_;
  std::int64_t batch_ = 0, before_ = 0, after_ = 0;
  int limit_ = 100;
  std::string reason_;
  subject_options subject_;
  record_event_options event_;
  check_options check_;
};

CLI::App* command_line::noun(const char* name, const char* what) {
  CLI::App* n = cli_.add_subcommand(name, what);
  n->require_subcommand(1);
  n->fallthrough();
  return n;
}

CLI::App* command_line::verb(CLI::App* of, const char* name, const char* what, action run) {
  CLI::App* v = of->add_subcommand(name, what);
  v->fallthrough();
  v->callback([this, run = std::move(run)] { chosen_ = run; });
  return v;
}

command_line::command_line() {
  cli_.require_subcommand(1);
  cli_.fallthrough();
  cli_.footer("Exit codes: 0 done, 2 unusable input or arguments, 3 done with refused rows, 4 not found, "
              "5 refused by rule, 69 a service is not there, 70 internal.");
  cli_.set_version_flag("--version", "lixin 0.1.0");
  cli_.add_option("--data", global_.data_folder, "data folder (else LIXIN_DATA, else the usual place)");
  cli_.add_option("--as", global_.actor, "who acts (else the user of the system)");
  cli_.add_flag("--json", global_.json, "print JSON");
  std::map<std::string, language> languages{{"zh", language::zh}, {"en", language::en}};
  cli_.add_option("--lang", global_.lang, "language of what is printed (errors come in both)")
      ->transform(CLI::CheckedTransformer(languages));
  add_code();
  add_packs();
  add_batches();
  add_subjects();
  add_records();
  add_checks();
  add_database();
}

void command_line::add_code() {
  CLI::App* code = noun("code", "identifiers");
  CLI::App* v = verb(code, "check", "check codes, one a line: valid or invalid and why",
                     [this](app&) { return code_check(code_file_); });
  v->add_option("FILE", code_file_, "file (else standard input)");
}

void command_line::add_packs() {
  CLI::App* pack = noun("pack", "the catalogue");
  verb(pack, "check", "list every fault of packs",
       [this](app& a) { return pack_check(a, folders_); })
      ->add_option("DIR", folders_, "pack folders")
      ->required();
  verb(pack, "load", "load packs", [this](app& a) { return pack_load(a, folders_); })
      ->add_option("DIR", folders_, "pack folders")
      ->required();
  verb(pack, "list", "packs that are loaded", [](app& a) { return pack_list(a); });
  CLI::App* city = noun("city", "the city's settings");
  verb(city, "load", "load authorities, divisions and the working-day calendar",
       [this](app& a) { return city_load(a, folder_); })
      ->add_option("DIR", folder_, "city folder, such as cities/cangzhou")
      ->required();
  CLI::App* dataset = noun("dataset", "what can be handed in");
  verb(dataset, "list", "datasets in force", [](app& a) { return dataset_list(a); });
  CLI::App* form = verb(dataset, "template", "write the empty form of a dataset",
                        [this](app& a) { return dataset_template(a, dataset_, output_); });
  form->add_option("CODE", dataset_, "dataset")->required();
  form->add_option("OUT", output_, "file to write, .xlsx")->required();
}

void command_line::add_batches() {
  CLI::App* batch = noun("batch", "hand-ins");
  CLI::App* in = verb(batch, "import", "hand in a file (CSV or XLSX)",
                      [this](app& a) { return batch_import(a, import_); });
  in->add_option("--dataset", import_.dataset, "dataset (see dataset list)")->required();
  in->add_option("--authority", import_.authority, "authority that decided")->required();
  in->add_option("FILE", import_.path, "file")->required();
  in->add_option("--report", import_.report, "write the refused rows there (.csv or .xlsx)");
  in->add_option("--encoding", import_.encoding, "UTF-8 or GB18030 (else found)");
  in->add_option("--separator", import_.separator, "\",\" \";\" or tab (else found)");
  in->add_option("--sheet", import_.sheet, "sheet of a workbook (else the first)");
  in->add_flag("--again", import_.again, "read a file again that was handed in before");

  CLI::App* list = verb(batch, "list", "hand-ins, newest first",
                        [this](app& a) { return batch_list(a, limit_, before_); });
  list->add_option("--limit", limit_, "how many")->check(CLI::Range(1, 10000));
  list->add_option("--before", before_, "older than this batch");

  CLI::App* show = verb(batch, "show", "one hand-in and its rows",
                        [this](app& a) { return batch_show(a, show_); });
  show->add_option("BATCH", show_.id, "number")->required();
  show->add_flag("--rows", show_.rows, "every row, not only those with reasons");
  show->add_option("--fate", show_.fate, "only rows of one fate");
  show->add_option("--after", show_.after, "rows after this one");
  show->add_option("--limit", show_.limit, "how many rows")->check(CLI::Range(1, 100000));
  show->add_option("--report", show_.report, "write the refused rows there (.csv or .xlsx)");

  CLI::App* withdraw = verb(batch, "withdraw", "take a hand-in back",
                            [this](app& a) { return batch_withdraw(a, batch_, reason_); });
  withdraw->add_option("BATCH", batch_, "number")->required();
  withdraw->add_option("--reason", reason_, "why")->required();
}

void command_line::add_subjects() {
  CLI::App* subject = noun("subject", "archives");
  const auto options = [this](CLI::App* v) {
    v->add_option("CODE", subject_.code, "credit code, organisation code or registration number")
        ->required();
    v->add_option("--as-of", subject_.as_of, "the date that is asked about (else today)");
    v->add_option("--known-at", subject_.known_at, "as known at a position, date or time");
    v->add_option("--viewer", subject_.viewer, "who looks: everyone, centre, source-authority:CODE ...");
  };
  options(verb(subject, "show", "the archive of a subject",
               [this](app& a) { return subject_show(a, subject_); }));
  options(verb(subject, "history", "every version of every record",
               [this](app& a) { return subject_history(a, subject_); }));
}

void command_line::add_records() {
  CLI::App* record = noun("record", "what happens to a record");
  const auto event = [&](const char* name, const char* what, policy::event_kind kind) {
    CLI::App* v = verb(record, name, what, [this, kind](app& a) {
      event_.kind = kind;
      return record_event(a, event_);
    });
    v->add_option("RECORD", event_.record, "number, such as 1203-88412")->required();
    v->add_option("--document", event_.document, "the document that says so")->required();
    v->add_option("--authority", event_.authority, "the authority that issued it")->required();
    v->add_option("--reason", event_.reason, "why")->required();
    v->add_option("--on", event_.on, "from which day (else today)");
  };
  event("dispute", "mark a record as disputed", policy::event_kind::dispute);
  event("settle", "end a dispute", policy::event_kind::dispute_settled);
  event("repair", "repair: stop publishing and using a record", policy::event_kind::repair);
  event("withdraw", "the decision was revoked or is void", policy::event_kind::withdraw);
}

void command_line::add_checks() {
  CLI::App* v = verb(&cli_, "check", "may this subject, and what applies?",
                     [this](app& a) { return check(a, check_); });
  v->add_option("CODE", check_.code, "the subject's credit code");
  v->add_option("--matter", check_.matter, "such as procurement.bid");
  v->add_option("--as-of", check_.as_of, "the date that is asked about (else today)");
  v->add_option("--known-at", check_.known_at, "as known at a position, date or time");
  v->add_option("--receipt", check_.receipt, "give the answer of a receipt again");
  v->add_option("--viewer", check_.viewer, "who asks");
  CLI::App* c = verb(&cli_, "changes", "the journal after a position, one JSON line each",
                     [this](app& a) { return changes(a, after_, limit_); });
  c->add_option("--after", after_, "position")->check(CLI::NonNegativeNumber);
  c->add_option("--limit", limit_, "how many")->check(CLI::Range(1, 1000000));
}

void command_line::add_database() {
  CLI::App* db = noun("db", "the database");
  verb(db, "status", "where it stands", [](app& a) { return database_status(a); });
  verb(db, "stop", "stop the private server", [](app& a) { return database_stop(a); });
}

int command_line::run(int argc, char** argv) {
  try {
    cli_.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return cli_.exit(e) == 0 ? 0 : exit_code(failure::unusable_input);
  }
  if (global_.data_folder.empty()) global_.data_folder = environment("LIXIN_DATA");
  global_.database = environment("LIXIN_DATABASE");
  global_.clock = environment("LIXIN_CLOCK");
  if (!global_.clock.empty()) {
    if (auto day = date_named(global_.clock, date()); !day.ok()) {
      print_error(day.error());
      return exit_code(day.error().kind());
    }
    fmt::print(stderr, "演练时钟：今天按 {} 计（LIXIN_CLOCK）。\n", global_.clock);
  }
  app a(global_);
  auto outcome = chosen_(a);
  if (outcome.ok()) return *outcome;
  print_error(outcome.error());
  return exit_code(outcome.error().kind());
}

}  // namespace
}  // namespace lixin

int main(int argc, char** argv) {
  lixin::forbid_crash_files();
  try {
    return lixin::command_line().run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "lixin: internal error: %s\n", e.what());
    return lixin::exit_code(lixin::failure::internal);
  }
}
