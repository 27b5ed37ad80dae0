#include "tabular/arena.h"

#include <sys/mman.h>

#include <cstring>
#include <new>

#include "tabular/sanitizer.h"

namespace lixin::tabular {

#if defined(LIXIN_ADDRESS_SANITIZER)
// The address sanitizer watches the edges of heap memory only.
pages::pages(std::size_t size) : data_(new char[size]), size_(size) {}
pages::~pages() { delete[] data_; }
#else
pages::pages(std::size_t size) : size_(size) {
  void* got = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (got == MAP_FAILED) throw std::bad_alloc();
  ::madvise(got, size, MADV_DONTDUMP);
  data_ = static_cast<char*>(got);
}
pages::~pages() { ::munmap(data_, size_); }
#endif

std::shared_ptr<pages> page_pool::get(std::size_t size_min) {
  constexpr std::size_t step = 64 * 1024;
  constexpr std::size_t shelf_max = 4;
  std::unique_ptr<pages> found;
  {
    const std::lock_guard lock(shelf_->mutex);
    for (auto& one : shelf_->free) {
      if (one->size() < size_min) continue;
      found = std::move(one);
      one = std::move(shelf_->free.back());
      shelf_->free.pop_back();
      break;
    }
  }
  if (!found) found = std::make_unique<pages>((size_min + step - 1) / step * step);
  return {found.release(), [kept = shelf_](pages* p) {
            std::unique_ptr<pages> back(p);
            const std::lock_guard lock(kept->mutex);
            if (kept->free.size() < shelf_max) kept->free.push_back(std::move(back));
          }};
}

std::string_view arena::append(std::string_view text) {
  if (text.empty()) return {};
  char* to = room(text.size());
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

char* arena::room(std::size_t size) {
  if (chunks_.empty() || chunks_.back()->size() - used_ < size) {
    chunks_.push_back(std::make_unique<pages>(size > chunk_bytes ? size : chunk_bytes));
    used_ = 0;
  }
  char* to = chunks_.back()->data() + used_;
  used_ += size;
  return to;
}

void arena::hold(const std::shared_ptr<pages>& held) {
  if (held_.empty() || held_.back() != held) held_.push_back(held);
}

std::size_t arena::capacity() const {
  std::size_t sum = 0;
  for (const auto& one : chunks_) sum += one->size();
  for (const auto& one : held_) sum += one->size();
  return sum;
}

void arena::clear() {
  held_.clear();
  used_ = 0;
  if (chunks_.size() > 1) chunks_.resize(1);
  if (!chunks_.empty() && chunks_.front()->size() > chunk_bytes) chunks_.clear();
}

}  // namespace lixin::tabular
