// For the tests of http: a server on loopback and a client that sends exactly the bytes it is told.
#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/server.h"

namespace lixin::http {

// Times long enough for a busy machine. A test of a slow client shortens the one that it is about.
inline limits quick_limits() { return {.linger_ms = 300, .sweep_ms = 20, .pool_threads = 2}; }

inline std::unique_ptr<server> started(options o, std::vector<route> routes) {
  auto s = server::start(std::move(o), route_table(std::move(routes)));
  LIXIN_ASSERT(s.ok());
  return std::move(s).value();
}

struct reply {
  int status = 0;
  std::string head;  // with the line of the status
  std::string body;  // without chunks
  bool whole = false;

  // "" when there is none.
  std::string header(std::string_view name) const {
    const std::string key = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(key);
    if (at == std::string::npos) return "";
    return head.substr(at + key.size(), head.find('\r', at + key.size()) - at - key.size());
  }
};

class client {
 public:
  explicit client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    ::sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_, reinterpret_cast<const ::sockaddr*>(&at), sizeof at) == 0;
  }
  explicit client(const ::sockaddr_storage& at, ::socklen_t size)
      : fd_(::socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    connected_ = ::connect(fd_, reinterpret_cast<const ::sockaddr*>(&at), size) == 0;
  }
  ~client() { close(); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const { return connected_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  // false: the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // One more piece into the buffer. false: closed, reset, or nothing for ten seconds.
  bool more() {
    ::pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&p, 1, 10'000) != 1) return false;
    char piece[64 * 1024];
    const ssize_t n = ::recv(fd_, piece, sizeof piece, 0);
    if (n <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(n));
    return true;
  }

  reply receive(bool head_only = false) {
    reply r;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!more()) return r;
    }
    r.head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    r.status = std::atoi(r.head.c_str() + 9);
    if (head_only || r.status == 204 || r.status < 200) {
      r.whole = true;
    } else if (r.header("Transfer-Encoding") == "chunked") {
      r.whole = receive_chunks(r.body);
    } else if (const std::string length = r.header("Content-Length"); !length.empty()) {
      const std::size_t n = std::strtoull(length.c_str(), nullptr, 10);
      while (buffer_.size() < n && more()) {
      }
      r.whole = buffer_.size() >= n;
      r.body = buffer_.substr(0, n);
      buffer_.erase(0, n);
    } else {
      while (more()) {
      }
      r.whole = true;
      r.body = std::exchange(buffer_, {});
    }
    return r;
  }

  reply ask(std::string_view request, bool head_only = false) {
    send(request);
    return receive(head_only);
  }

  // Waits until the server has closed; false when it has not within ten seconds, or sends more.
  bool closed_by_server() {
    if (!buffer_.empty()) return false;
    ::pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
    char c = 0;
    return ::poll(&p, 1, 10'000) == 1 && ::recv(fd_, &c, 1, 0) <= 0;
  }

  int fd() const { return fd_; }

 private:
  bool line(std::string& out) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!more()) return false;
    }
    out = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return true;
  }

  bool receive_chunks(std::string& body) {
    for (;;) {
      std::string size;
      if (!line(size)) return false;
      const std::size_t n = std::strtoull(size.c_str(), nullptr, 16);
      while (buffer_.size() < n + 2) {
        if (!more()) return false;
      }
      body += buffer_.substr(0, n);
      buffer_.erase(0, n + 2);
      if (n == 0) return true;
    }
  }

  int fd_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace lixin::http
