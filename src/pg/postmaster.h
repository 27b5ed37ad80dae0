// Private to pg: what the lock file of a cluster, postmaster.pid, says of its server.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace lixin::pg {

std::string first_line(const std::filesystem::path& path);
std::optional<int> leading_number(std::string_view text);  // from 1

// The process id of the cluster's server where it lives; nothing for a stale file.
std::optional<int> running_process(const std::filesystem::path& cluster);

// Whether the server says that it takes connections.
bool says_ready(const std::filesystem::path& cluster);

// Takes away the lock files of a server that is certainly gone where PostgreSQL itself could not
// tell: their number still names a process (a zombie that nobody buries, as in a container without
// an init, or another program by now). Waits until nobody uses the memory that the old server's
// children shared; where somebody still does at the deadline, the files stay and PostgreSQL
// decides.
// The caller holds the lock of the folder, and no other cluster uses `socket_folder`.
void clear_dead_locks(const std::filesystem::path& cluster,
                      const std::filesystem::path& socket_folder,
                      std::chrono::milliseconds deadline);

}  // namespace lixin::pg
