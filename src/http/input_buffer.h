// Private to http: bytes of a connection that were received and not used yet, in one block that is
// kept from request to request.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>

#include "base/assert.h"

namespace lixin::http {

class input_buffer {
 public:
  std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }

  // At least `n` bytes to read into. Moves what is there, so that views into it end.
  std::span<char> room(std::size_t n) {
    if (capacity_ - end_ < n) make_room(n);
    return {data_.get() + end_, capacity_ - end_};
  }
  void commit(std::size_t n) {
    LIXIN_ASSERT(n <= capacity_ - end_);
    end_ += n;
  }
  void consume(std::size_t n) {
    LIXIN_ASSERT(n <= size());
    begin_ += n;
    if (empty()) begin_ = end_ = 0;
  }
  // Forgets all but the first n bytes.
  void truncate(std::size_t n) {
    LIXIN_ASSERT(n <= size());
    end_ = begin_ + n;
  }
  void append(std::string_view bytes) {
    if (bytes.empty()) return;
    std::memcpy(room(bytes.size()).data(), bytes.data(), bytes.size());
    commit(bytes.size());
  }
  // Gives the memory back when nothing is kept in it and it is larger than that.
  void shrink(std::size_t capacity_max) {
    if (!empty() || capacity_ <= capacity_max) return;
    data_.reset();
    capacity_ = 0;
  }

 private:
  void make_room(std::size_t n) {
    const std::size_t kept = size();
    if (capacity_ - kept >= n) {
      std::memmove(data_.get(), data_.get() + begin_, kept);
    } else {
      const std::size_t wanted = kept + n;
      std::unique_ptr<char[]> larger(new char[wanted]);
      if (kept > 0) std::memcpy(larger.get(), data_.get() + begin_, kept);
      data_ = std::move(larger);
      capacity_ = wanted;
    }
    begin_ = 0;
    end_ = kept;
  }

  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace lixin::http
