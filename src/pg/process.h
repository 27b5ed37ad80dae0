// Private to pg: running PostgreSQL's own programs as the server's user. No shell takes part, the
// environment is ours, core dumps are off, and a ^C at the caller's terminal does not reach them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"

namespace lixin::pg {

struct server_user {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;
  bool change = false;  // we are root and must become this user
};

// User postgres when we are root, otherwise ourselves.
result<server_user> default_server_user();
result<server_user> server_user_of(uid_t uid);

// The first folder on the way to `folder` (absolute) that the user cannot enter; "" when it can
// enter all.
std::string first_closed_folder(const std::string& folder, const server_user& user);

// Runs a program to its end; errc::program_failed with the end of what it said unless it exits
// with 0 within the deadline. `more_environment` ("NAME=value") is for what must not stand in the
// arguments, which everyone on the machine can read.
result<std::string> run(const std::vector<std::string>& arguments, const server_user& user,
                        std::chrono::milliseconds deadline,
                        const std::vector<std::string>& more_environment = {});

// The folder of PostgreSQL's own programs of the lowest major version that fits and where all of
// `names` can be run, from /usr/lib/postgresql or PATH; "" when there is none.
std::string programs_folder(const std::vector<std::string>& names,
                            const std::function<bool(int)>& fits, const server_user& user);

// Starts a program that outlives us; its output goes to the file `output` (made anew). Answers its
// process id.
result<int> start(const std::vector<std::string>& arguments, const server_user& user,
                  const std::string& output);

// Neither gone nor a zombie.
bool is_alive(int pid);

}  // namespace lixin::pg
