// Where a test's Lixin lives: a folder below /tmp with the city's files, the data folder, and
// either a database of the test server or a private server of its own. Everything goes away with
// the test, however it ends.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/date.h"
#include "city/plan.h"
#include "pg/pg.h"
#include "support/child.h"

namespace lixin::testing_support {

inline constexpr date today{2026, 11, 24};

// One file of a made-up city, as handins.tsv names it.
struct hand_in_file {
  std::string file, dataset, authority;
  std::uint64_t rows = 0;
};

class home {
 public:
  enum class server { shared, own };
  // `server::own` is the durable one that lixin starts by itself in its data folder.
  explicit home(server which);
  ~home();
  home(const home&) = delete;
  home& operator=(const home&) = delete;

  const std::string& folder() const { return folder_; }
  std::string operator/(const std::string& name) const { return folder_ + "/" + name; }
  std::string data() const { return folder_ + "/data"; }

  // The day that the programs take for today; `today` at first.
  void set_clock(date day) { clock_ = day; }
  // The program with LIXIN_DATA, LIXIN_CLOCK and LIXIN_DATABASE set and TMPDIR in the folder.
  environment settings() const;
  std::unique_ptr<child> start(std::vector<std::string> arguments, int input = -1) const;
  ended run(std::vector<std::string> arguments) const;
  // With some of the settings changed.
  ended run(std::vector<std::string> arguments, const environment& instead) const;
  // city load, pack load; fails the test when they do.
  void load_settings() const;
  static std::vector<std::vector<std::string>> words_of_settings();

  std::string conninfo() const;
  pg::connection connect() const;  // aborts the test program when there is no database

  // Writes a city to folder/city and answers its files in order.
  std::vector<hand_in_file> make_city(city::settings s) const;

 private:
  std::string folder_;
  std::string database_;  // of the shared server
  date clock_ = today;
  pid_t watcher_ = -1;
  int held_open_ = -1;
};

// The words of `lixin batch import`.
std::vector<std::string> import_words(const hand_in_file& f, const std::string& path);

std::string bytes_of(const std::string& path);
void write_bytes(const std::string& path, std::string_view bytes);

}  // namespace lixin::testing_support
