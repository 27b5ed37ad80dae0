// Private to pg: the private server with what tests may set. Programs use private_server::ensure().
#pragma once

#include <string>

#include "base/error.h"

namespace lixin::pg {

struct server_options {
  std::string more_settings;  // lines of a configuration file, after ours
  bool durable = true;        // false: initdb does not wait for the disk
};

result<std::string> ensure_server(const std::string& folder, const server_options& options);

// Where the socket lies: `folder`/run, or a short path below /tmp when that is too long for a
// socket's address or holds a sign that a list of folders would split at. `folder` is absolute.
std::string socket_folder_for(const std::string& folder);

}  // namespace lixin::pg
