#include "lixin/app.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "calendar/parse.h"
#include "catalogue/city.h"
#include "catalogue/errc.h"
#include "identity/personal.h"
#include "journal/journal.h"
#include "keeping/purge.h"
#include "lixin/errc.h"
#include "lixin/migrations.h"
#include "lixin/say.h"
#include "vault/errc.h"
#include "vault/key_mark.h"

namespace lixin {
namespace {

std::string user_of_system() {
  const passwd* p = ::getpwuid(::getuid());
  return p != nullptr ? p->pw_name : fmt::format("uid-{}", ::getuid());
}

std::string usual_data_folder() {
  if (::geteuid() == 0) return "/var/lib/lixin";
  if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg != '\0') {
    return std::string(xdg) + "/lixin";
  }
  const char* home = std::getenv("HOME");
  return std::string(home != nullptr ? home : ".") + "/.local/share/lixin";
}

error cannot_make(const std::string& folder, const std::error_code& why) {
  return error(errc::cannot_make_folder, {folder, reason_of(why.value(), language::zh),
                                          reason_of(why.value(), language::en)});
}

}  // namespace

app::app(global_options options) : options_(std::move(options)) {
  if (options_.actor.empty()) options_.actor = user_of_system();
  if (options_.data_folder.empty()) options_.data_folder = usual_data_folder();
  options_.data_folder =
      std::filesystem::absolute(options_.data_folder).lexically_normal().string();
  const auto day =
      options_.clock.empty() ? result<date>(date()) : calendar::parse_date(options_.clock);
  if (options_.clock.empty() || !day.ok()) {
    clock_ = std::make_unique<system_clock>();
  } else {
    clock_ = std::make_unique<fixed_clock>(*day);
  }
}

app::~app() = default;

result<std::string> app::conninfo() {
  if (!options_.database.empty()) return options_.database;
  std::error_code ec;
  std::filesystem::create_directories(options_.data_folder, ec);
  if (ec) return cannot_make(options_.data_folder, ec);
  return pg::private_server::ensure(options_.data_folder);
}

std::string app::ledger_path() const {
  return options_.ledger.empty() ? options_.data_folder + "/purge.ledger" : options_.ledger;
}

result<pg::connection*> app::database() {
  if (connection_) return &*connection_;
  LIXIN_TRY(const auto where, conninfo());
  LIXIN_TRY(auto c, pg::connection::open(where));
  LIXIN_CHECK(keeping::check_not_restoring(c));
  const auto all = migrations();
  LIXIN_CHECK(pg::migrate(c, all));
  if (!keeping_) LIXIN_CHECK(keeping::check_ledger(c, ledger_path()));
  connection_ = std::move(c);
  return &*connection_;
}

result<catalogue::store*> app::packs() {
  if (packs_) return &*packs_;
  LIXIN_TRY(pg::connection * db, database());
  LIXIN_TRY(auto store, catalogue::store::open(*db));
  if (store.entries().empty()) return error(catalogue::errc::no_packs);
  packs_ = std::move(store);
  return &*packs_;
}

result<const calendar::working_days*> app::days() {
  if (days_) return &*days_;
  LIXIN_TRY(pg::connection * db, database());
  LIXIN_TRY(days_, catalogue::load_calendar(*db));
  return &*days_;
}

result<const crypto::key_file*> app::keys() {
  if (keys_) return &*keys_;
  std::error_code ec;
  std::filesystem::create_directories(options_.data_folder, ec);
  if (ec) return cannot_make(options_.data_folder, ec);
  LIXIN_TRY(pg::connection * db, database());
  LIXIN_TRY(const auto known, vault::known_mark(*db));
  if (known && !std::filesystem::exists(key_path(), ec)) {
    return error(vault::errc::keys_gone, {key_path()});
  }
  LIXIN_TRY(auto file, crypto::key_file::open_or_create(key_path()));
  LIXIN_CHECK(vault::check_mark(*db, file));
  keys_ = std::move(file);
  return &*keys_;
}

result<vault::vault*> app::persons() {
  if (vault_) return &*vault_;
  LIXIN_TRY(const crypto::key_file* file, keys());
  vault_.emplace(*file);
  return &*vault_;
}

result<archive::import_context> app::context() {
  LIXIN_TRY(pg::connection * db, database());
  LIXIN_TRY(catalogue::store * store, packs());
  LIXIN_TRY(const calendar::working_days* calendar, days());
  LIXIN_TRY(vault::vault * v, persons());
  return archive::import_context{*db, *store, *calendar, *v, now()};
}

result<position> position_named(pg::connection& c, const std::string& text) {
  LIXIN_TRY(const auto head, journal::read_head(c));
  if (text.empty()) return head.last;
  std::int64_t number = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (ec == std::errc() && end == text.data() + text.size() && number >= 0) {
    if (number <= head.last.value) return position(number);
    return error(errc::position_ahead, {as_typed(text), fmt::format("{}", head.last.value)});
  }
  const auto t = text.find('T');
  const auto day = calendar::parse_date(text.substr(0, t));
  if (!day.ok()) return error(errc::bad_position, {as_typed(text)});
  const std::chrono::sys_days midnight{std::chrono::days(day->days)};
  if (t == std::string::npos) {
    return journal::position_at(
        c, midnight + std::chrono::hours(24 - 8) - std::chrono::microseconds(1));
  }
  unsigned h = 0;
  unsigned m = 0;
  unsigned s = 0;
  int used = 0;
  const std::string clock = text.substr(t);
  if (std::sscanf(clock.c_str(), "T%2u:%2u:%2uZ%n", &h, &m, &s, &used) != 3 ||
      used != static_cast<int>(clock.size()) || h > 23 || m > 59 || s > 59) {
    return error(errc::bad_position, {as_typed(text)});
  }
  return journal::position_at(
      c, midnight + std::chrono::hours(h) + std::chrono::minutes(m) + std::chrono::seconds(s));
}

result<date> date_named(std::string_view name, const std::string& text, date fallback) {
  if (text.empty()) return fallback;
  const std::string shown = as_typed(text);
  auto day = calendar::parse_date(shown);
  if (day.ok()) return *day;
  return error(errc::bad_date, {std::string(name), shown, day.error().sentence(language::zh),
                                day.error().sentence(language::en)});
}

std::string as_typed(std::string_view typed) {
  const bool personal = identity::find_in_text(typed) != identity::personal_number::none ||
                        identity::identity_cell(typed) != identity::personal_number::none;
  return personal ? "…" : std::string(typed);
}

}  // namespace lixin
