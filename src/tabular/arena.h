// Memory for what people hand in. It is kept out of crash files (MADV_DONTDUMP) and never moves
// while views into it live. Not thread-safe, except that pages may be let go on any thread.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace lixin::tabular {

// One run of memory. Throws std::bad_alloc when there is none, as any container does.
class pages {
 public:
  explicit pages(std::size_t size);
  ~pages();
  pages(const pages&) = delete;
  pages& operator=(const pages&) = delete;

  char* data() { return data_; }
  std::size_t size() const { return size_; }

 private:
  char* data_;
  std::size_t size_;
};

// Hands out pages and takes them back when the last holder lets go, so that a long read does not
// ask the kernel for fresh memory again and again. The pool may end before its pages.
class page_pool {
 public:
  page_pool() : shelf_(std::make_shared<shelf>()) {}
  std::shared_ptr<pages> get(std::size_t size_min);

 private:
  struct shelf {
    std::mutex mutex;
    std::vector<std::unique_ptr<pages>> free;
  };
  std::shared_ptr<shelf> shelf_;
};

// Text that only grows until clear().
class arena {
 public:
  // Copies `text`; the answer is good until clear().
  std::string_view append(std::string_view text);
  // `size` bytes to write to. give_back() returns the unused end of the room taken last.
  char* room(std::size_t size);
  void give_back(std::size_t size) { used_ -= size; }
  // Keeps pages of a reader alive until clear().
  void hold(const std::shared_ptr<pages>& held);

  // Bytes of memory that this arena keeps alive, its own and held.
  std::size_t capacity() const;
  void clear();

 private:
  static constexpr std::size_t chunk_bytes = 256 * 1024;

  std::vector<std::unique_ptr<pages>> chunks_;  // the last one is being filled
  std::size_t used_ = 0;                        // of the last one
  std::vector<std::shared_ptr<pages>> held_;
};

}  // namespace lixin::tabular
