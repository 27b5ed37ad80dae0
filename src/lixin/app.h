// What every command needs, opened when it is first asked for: the database (a server that
// LIXIN_DATABASE names, or the private one of the data folder), packs, calendar, keys, clock.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "archive/import.h"
#include "base/date.h"
#include "base/error.h"
#include "calendar/working_days.h"
#include "catalogue/store.h"
#include "crypto/crypto.h"
#include "pg/pg.h"
#include "vault/vault.h"

namespace lixin {

struct global_options {
  std::string data_folder;       // --data, LIXIN_DATA, or the usual place of the system
  std::string database;          // LIXIN_DATABASE; empty = private server
  std::string actor;             // --as; empty = the user of the system
  std::string ledger;            // LIXIN_LEDGER: the ledger of purges; empty = in the data folder
  std::string clock;             // LIXIN_CLOCK: a date that stands for today (rehearsals, tests)
  language lang = language::zh;  // --lang, of what is printed; errors come in both
  bool json = false;             // --json
};

class app {
 public:
  explicit app(global_options options);
  ~app();

  const global_options& options() const { return options_; }
  const std::string& actor() const { return options_.actor; }
  const clock& now() const { return *clock_; }
  language lang() const { return options_.lang; }
  bool zh() const { return lang() == language::zh; }
  bool json() const { return options_.json; }

  // On standard output, in the language of --lang.
  template <class... Args>
  void print(fmt::format_string<Args...> zh, fmt::format_string<Args...> en, Args&&... args) const {
    fmt::print(this->zh() ? zh : en, std::forward<Args>(args)...);
  }

  // Migrated. Refuses to answer while a restore or a purge is half done (keeping/purge.h), unless
  // keeping() was called: by the commands that put an end to that.
  result<pg::connection*> database();
  void keeping() { keeping_ = true; }
  // Not migrated and not asked whether it may answer.
  result<std::string> conninfo();
  std::string ledger_path() const;
  result<catalogue::store*> packs();  // errc of catalogue when none is loaded
  result<const calendar::working_days*> days();
  result<const crypto::key_file*> keys();
  result<vault::vault*> persons();
  // All of the above.
  result<archive::import_context> context();
  std::string data_folder() const { return options_.data_folder; }
  std::string key_path() const { return options_.data_folder + "/keys"; }

 private:
  global_options options_;
  bool keeping_ = false;
  std::unique_ptr<clock> clock_;
  std::optional<pg::connection> connection_;
  std::optional<catalogue::store> packs_;
  std::optional<calendar::working_days> days_;
  std::optional<crypto::key_file> keys_;
  std::optional<vault::vault> vault_;
};

// Digits alone are a position ("12", "20261124"); "2026-11-24" (the end of that day, city time) and
// "2026-11-24T08:00:00Z" are times, which mean the last position sealed by then; "" is the last
// position there is.
result<position> position_named(pg::connection& c, const std::string& text);

// The value of the option `name`; "" gives `fallback`.
result<date> date_named(std::string_view name, const std::string& text, date fallback);

}  // namespace lixin
