// A program started by a test, with its output in files (so that no full pipe ever stops it). One
// thread at a time; the process does not outlive the object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lixin::testing_support {

struct ended {
  int exit_code = -1;  // -1: ended by a signal
  int signal = 0;
  bool left_core = false;
  long peak_kb = 0;  // of resident memory
  std::string out, err;
  std::string all() const { return out + err; }
};

// Added to the test's own environment.
using environment = std::map<std::string, std::string>;

class child {
 public:
  // `arguments` begin with the program's path. `input` is a descriptor or -1 for /dev/null.
  child(const std::vector<std::string>& arguments, const environment& more, int input = -1);
  ~child();
  child(const child&) = delete;
  child& operator=(const child&) = delete;

  pid_t pid() const { return pid_; }
  // Whether it ended within `time`; nothing is taken from it yet.
  bool ends_within(std::chrono::milliseconds time);
  void kill(int signal);
  // Waits for the end. What still runs at the deadline is killed and fails the test.
  ended wait(std::chrono::seconds deadline = std::chrono::seconds(300));

 private:
  std::string name_;
  pid_t pid_ = -1;
  bool waited_ = false;
  int out_ = -1, err_ = -1;
};

// A port of 127.0.0.1 that was free a moment ago.
std::uint16_t free_port();

}  // namespace lixin::testing_support
