// The city in memory at one position: immutable, so any number of threads may read it. Subjects lie
// packed in shards, by the hash of their credit code; a change makes new shards of those that it
// touches and shares the others with the state before.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "catalogue/store.h"
#include "measure/source.h"

namespace lixin::measure {

// Texts that come again and again, each kept once: intern() from several threads, at() from any for
// a number that a published state holds. Texts stay until the pool goes; when it is full, or a text
// is long, the text is told apart instead.
class text_pool {
 public:
  static constexpr std::size_t texts_max = 1 << 16;
  static constexpr std::size_t text_bytes_max = 1024;

  text_pool() = default;
  text_pool(const text_pool&) = delete;
  text_pool& operator=(const text_pool&) = delete;

  std::optional<std::uint32_t> intern(std::string_view text);
  const std::string& at(std::uint32_t number) const { return *texts_[number]; }
  std::size_t bytes() const;

 private:
  mutable std::mutex guard_;  // of numbers_, size and bytes_
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
  std::size_t bytes_ = 0;
  std::vector<std::unique_ptr<const std::string>> texts_ =
      std::vector<std::unique_ptr<const std::string>>(texts_max);
};

// What of the records a check can need: those of datasets that a list of any loaded pack names, and
// of their fields those that a measure asks about or that say how to object.
struct image_layout {
  std::vector<std::string> datasets;             // sorted
  std::vector<std::vector<std::string>> fields;  // of each, sorted
  bool operator==(const image_layout&) const = default;

  static image_layout of(const catalogue::store& packs);
  std::size_t index_of(std::string_view dataset) const;  // it is there
};

struct named_authority {
  std::string code, title;
  bool operator==(const named_authority&) const = default;
};

// Packed subjects and the slots that find them.
class shard {
 public:
  struct entry {
    std::uint64_t hash;
    std::string_view bytes;  // of pack()
  };
  explicit shard(const std::vector<entry>& entries);
  // The packed bytes of the code's subject; empty when there is none.
  std::string_view find(std::uint64_t hash, std::string_view code) const;
  template <class Each>
  void each(Each&& f) const {
    for (const std::uint32_t at : slots_)
      if (at != 0) f(entry_at(at));
  }
  std::size_t bytes() const { return bytes_.size() + slots_.size() * sizeof(std::uint32_t); }
  std::size_t size() const { return size_; }

 private:
  std::string_view entry_at(std::uint32_t at) const;
  std::vector<std::uint32_t> slots_;  // 0 = empty, else offset + 1
  std::string bytes_;
  std::size_t size_ = 0;
};

struct image_state {
  position at;
  std::optional<std::chrono::system_clock::time_point> sealed_at;
  std::shared_ptr<catalogue::store> packs;
  std::shared_ptr<const image_layout> layout;
  std::shared_ptr<text_pool> texts;
  std::shared_ptr<const std::vector<named_authority>> authorities;  // in order of id
  std::vector<std::shared_ptr<const shard>> shards;                 // a power of two
  std::size_t subjects = 0;

  const shard& shard_of(std::uint64_t hash) const { return *shards[hash & (shards.size() - 1)]; }
};

std::uint64_t hash_of_code(std::string_view code);
std::string_view code_of_packed(std::string_view packed);
subject_id holder_of_packed(std::string_view packed);
std::size_t records_of_packed(std::string_view packed);

// One code's subject. `holder` has the code; the answer may be about the subject of which it is a
// duplicate registration.
std::string pack_subject(std::string_view code, subject_id holder, const subject_data& s,
                         const image_state& layout_of);
void unpack_subject(std::string_view packed, const image_state& in, subject_data& out);

std::vector<std::shared_ptr<const shard>> make_shards(std::vector<shard::entry> entries,
                                                      std::size_t count);
std::size_t shard_count_for(std::size_t subjects);

}  // namespace lixin::measure
