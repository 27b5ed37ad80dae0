// Stands between a program and PostgreSQL, passes everything on, and cuts the connection once the
// server has answered a commit that the test chose, without passing that answer on: the change is
// kept and nobody was told.
#pragma once

#include <atomic>
#include <string>
#include <thread>

namespace lixin::testing_support {

class cutter {
 public:
  // `server`: the conninfo of a server on a socket of this machine. `folder`: a new folder for the
  // socket of this one. Aborts the test program when there is no socket to be had.
  cutter(std::string server, std::string folder);
  ~cutter();
  cutter(const cutter&) = delete;
  cutter& operator=(const cutter&) = delete;

  // For the programs: the same database through here.
  std::string conninfo() const;
  // The nth commit from now on loses its answer, and with it the connection; 0: none does.
  void cut_at(int nth);
  bool has_cut() const { return has_cut_; }

 private:
  struct pair;
  void work();
  bool pass(int from, int to, std::string* watched);

  std::string server_, folder_;
  std::string server_socket_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::atomic<int> commits_left_ = 0;
  std::atomic<bool> has_cut_ = false;
  std::thread thread_;
};

}  // namespace lixin::testing_support
