// The commands and their options: what may be written, what the help says, and errors that say how
// to mend a command line. The only part that knows CLI11.
#pragma once

#include <functional>
#include <memory>

#include "base/error.h"
#include "lixin/app.h"

namespace lixin {

class command_line {
 public:
  using action = std::function<result<int>(app&)>;

  command_line();
  ~command_line();

  // The command that was written, to be called once while this object lives; empty when the help or
  // the version was asked for, which is printed then.
  result<action> read(int argc, char** argv);
  // Good after read().
  const global_options& global() const;

 private:
  struct table;
  std::unique_ptr<table> table_;
};

}  // namespace lixin
