#include "measure/image.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <thread>

#include "journal/journal.h"
#include "measure/errc.h"
#include "registry/holders.h"

namespace lixin::measure {
namespace {

constexpr std::int64_t range_subjects = 8192;  // read at once when building
constexpr std::size_t piece_subjects = 2000;   // read again at once when following
constexpr int page_entries = 20'000;           // of the journal
constexpr std::size_t arena_bytes = 1 << 20;

// ---- reading subjects

struct packed_code {
  std::string_view code;  // of the holders given
  subject_id holder;
  bool holds;
};

// Packs the codes of these subjects one after the other and gives each to `each(packed_code,
// packed)`; a code that was given up has nothing packed.
template <class Each>
result<void> read_subjects(pg::connection& c, const image_state& in,
                           const std::vector<registry::code_holder>& holders,
                           const archive::subject_set& which, position head, Each&& each) {
  LIXIN_TRY(const auto records, archive::standing_of(c, *in.packs, which, in.layout->datasets));
  database_source single(c, *in.packs);
  subject_data data;
  auto next = records.begin();
  for (const registry::code_holder& h : holders) {
    const packed_code what{h.code, h.subject, h.holds};
    if (!h.holds) {
      each(what, std::string());
      continue;
    }
    if (h.tied) {
      // What several registrations of a subject answer is for the registry to say.
      LIXIN_TRY(const bool known, single.read(h.code, head, head, data));
      each(packed_code{h.code, h.subject, known},
           known ? pack_subject(h.code, h.subject, data, in) : std::string());
      continue;
    }
    while (next != records.end() && next->subject < h.subject) ++next;
    data.id = h.subject;
    data.kind = h.kind;
    data.name = h.name;
    data.duplicate_of.clear();
    data.current.clear();
    for (auto r = next; r != records.end() && r->subject == h.subject; ++r)
      data.current.push_back(*r);
    each(what, pack_subject(h.code, h.subject, data, in));
  }
  return {};
}

result<std::shared_ptr<const std::vector<named_authority>>> read_authorities(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT code, title_zh FROM authority ORDER BY authority_id"));
  std::vector<named_authority> out;
  for (int i = 0; i < r.size(); ++i)
    out.push_back({std::string(r.text(i, 0)), std::string(r.text(i, 1))});
  return std::make_shared<const std::vector<named_authority>>(std::move(out));
}

result<std::shared_ptr<catalogue::store>> read_packs(pg::connection& c) {
  LIXIN_TRY(auto store, catalogue::store::open(c));
  return std::make_shared<catalogue::store>(std::move(store));
}

// ---- building

// What one connection packed.
struct share {
  std::deque<std::string> arenas;
  std::vector<shard::entry> entries;
  std::optional<error> failed;

  void add(std::string_view code, std::string_view packed) {
    if (arenas.empty() || arenas.back().size() + packed.size() > arenas.back().capacity()) {
      arenas.emplace_back();
      arenas.back().reserve(std::max(arena_bytes, packed.size()));
    }
    std::string& arena = arenas.back();
    const std::size_t first = arena.size();
    arena += packed;
    entries.push_back({hash_of_code(code), std::string_view(arena).substr(first)});
  }
};

result<void> read_range(pg::connection& c, const image_state& in, std::int64_t first, share& into) {
  archive::subject_set which{subject_id(first), subject_id(first + range_subjects), {}};
  LIXIN_TRY(const auto holders, registry::holders_between(c, which.first, which.end));
  if (holders.empty()) return {};
  return read_subjects(c, in, holders, which, in.at,
                       [&](const packed_code& what, const std::string& packed) {
                         if (what.holds) into.add(what.code, packed);
                       });
}

result<void> read_ranges(const std::string& conninfo, const std::string& snapshot,
                         const image_state& in, std::int64_t last, std::atomic<std::int64_t>& next,
                         share& into) {
  LIXIN_TRY(auto c, pg::connection::open(conninfo));
  LIXIN_CHECK(pg::begin_snapshot_of(c, snapshot));
  for (;;) {
    const std::int64_t first = next.fetch_add(range_subjects);
    if (first > last) return {};
    LIXIN_CHECK(read_range(c, in, first, into));
  }
}

// All connections see the moment of the first.
result<std::vector<share>> read_city(const std::string& conninfo, int connections,
                                     const std::string& snapshot, const image_state& in,
                                     std::int64_t last) {
  std::vector<share> shares(static_cast<std::size_t>(connections));
  std::atomic<std::int64_t> next{1};
  std::vector<std::thread> threads;
  for (share& s : shares) {
    threads.emplace_back([&] {
      if (auto r = read_ranges(conninfo, snapshot, in, last, next, s); !r.ok()) {
        s.failed = std::move(r).error();
        next = last + 1;  // the others need not go on
      }
    });
  }
  for (std::thread& t : threads) t.join();
  for (share& s : shares)
    if (s.failed) return std::move(*s.failed);
  return shares;
}

result<std::unique_ptr<image_state>> build_state(const std::string& conninfo, int connections) {
  LIXIN_TRY(auto c, pg::connection::open(conninfo));
  LIXIN_TRY(const std::string snapshot, pg::begin_snapshot(c));
  auto out = std::make_unique<image_state>();
  LIXIN_TRY(const auto head, journal::read_head(c));
  out->at = head.last;
  if (head.last.value > 0) out->sealed_at = head.sealed_at;
  LIXIN_TRY(out->packs, read_packs(c));
  out->layout = std::make_shared<const image_layout>(image_layout::of(*out->packs));
  out->texts = std::make_shared<text_pool>();
  LIXIN_TRY(out->authorities, read_authorities(c));
  LIXIN_TRY(const subject_id last, registry::last_subject(c));
  LIXIN_TRY(auto shares, read_city(conninfo, connections, snapshot, *out, last.value));
  c.rollback();
  std::vector<shard::entry> entries;
  for (share& s : shares) {
    entries.insert(entries.end(), s.entries.begin(), s.entries.end());
    s.entries = {};
  }
  out->subjects = entries.size();
  out->shards = make_shards(std::move(entries), shard_count_for(out->subjects));
  return out;
}

// ---- following

// What becomes of one code: the new bytes, or gone when `holder` had it.
struct code_change {
  std::string packed;  // "" = gone
  subject_id holder;
};
using changes_by_code = std::map<std::string, code_change, std::less<>>;

struct journal_part {
  std::vector<std::int64_t> subjects;
  bool packs = false;
};

result<journal_part> read_journal(pg::connection& c, position after) {
  journal_part out;
  for (;;) {
    LIXIN_TRY(const auto entries, journal::read_after(c, after, page_entries));
    for (const journal::entry& e : entries) {
      if (e.what.subject.value != 0) out.subjects.push_back(e.what.subject.value);
      if (e.what.kind == journal::kind::pack_loaded) out.packs = true;
    }
    if (entries.size() < page_entries) return out;
    after = entries.back().at;
    std::ranges::sort(out.subjects);
    out.subjects.erase(std::unique(out.subjects.begin(), out.subjects.end()), out.subjects.end());
  }
}

result<changes_by_code> read_changes(pg::connection& c, const image_state& in,
                                     std::vector<std::int64_t> subjects) {
  changes_by_code out;
  LIXIN_TRY(subjects, registry::with_tied(c, std::move(subjects)));
  for (std::size_t i = 0; i < subjects.size(); i += piece_subjects) {
    const auto first = subjects.begin() + static_cast<std::ptrdiff_t>(i);
    const auto end =
        first + static_cast<std::ptrdiff_t>(std::min(piece_subjects, subjects.size() - i));
    archive::subject_set which{{}, {}, {first, end}};
    LIXIN_TRY(const auto holders, registry::holders_of(c, which.list));
    LIXIN_CHECK(read_subjects(
        c, in, holders, which, in.at, [&](const packed_code& what, std::string packed) {
          // Whoever holds the code now counts, in whatever order they come.
          if (what.holds) {
            out[std::string(what.code)] = {std::move(packed), what.holder};
          } else {
            out.try_emplace(std::string(what.code), code_change{{}, what.holder});
          }
        }));
  }
  return out;
}

// The changes of one shard, in a new one.
std::shared_ptr<const shard> changed(
    const shard& old, const std::vector<const changes_by_code::value_type*>& changes) {
  std::vector<shard::entry> entries;
  const auto change_of = [&](std::string_view code) -> const code_change* {
    for (const auto* x : changes)
      if (x->first == code) return &x->second;
    return nullptr;
  };
  old.each([&](std::string_view packed) {
    const std::string_view code = code_of_packed(packed);
    const code_change* x = change_of(code);
    if (x == nullptr || (x->packed.empty() && holder_of_packed(packed) != x->holder))
      entries.push_back({hash_of_code(code), packed});
  });
  for (const auto* x : changes)
    if (!x->second.packed.empty()) entries.push_back({hash_of_code(x->first), x->second.packed});
  return std::make_shared<const shard>(entries);
}

void apply(image_state& s, const changes_by_code& changes) {
  std::map<std::size_t, std::vector<const changes_by_code::value_type*>> by_shard;
  for (const auto& x : changes)
    by_shard[hash_of_code(x.first) & (s.shards.size() - 1)].push_back(&x);
  for (const auto& [number, of_shard] : by_shard) {
    auto next = changed(*s.shards[number], of_shard);
    s.subjects += next->size();
    s.subjects -= s.shards[number]->size();
    s.shards[number] = std::move(next);
  }
  // A city that grew far beyond what it was built for.
  const std::size_t wanted = shard_count_for(s.subjects);
  if (wanted <= 4 * s.shards.size()) return;
  const auto old = s.shards;
  std::vector<shard::entry> all;
  all.reserve(s.subjects);
  for (const auto& one : old)
    one->each([&](std::string_view packed) {
      all.push_back({hash_of_code(code_of_packed(packed)), packed});
    });
  s.shards = make_shards(std::move(all), wanted);
}

// Ends the reading transaction however the function is left.
class reading {
 public:
  static result<reading> begin(pg::connection& c) {
    LIXIN_CHECK(c.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    return reading(c);
  }
  reading(reading&& o) noexcept : c_(std::exchange(o.c_, nullptr)) {}
  reading& operator=(reading&&) = delete;
  ~reading() {
    if (c_ != nullptr) c_->rollback();
  }

 private:
  explicit reading(pg::connection& c) : c_(&c) {}
  pg::connection* c_;
};

}  // namespace

result<std::unique_ptr<image>> image::build(const std::string& conninfo, int connections) {
  LIXIN_ASSERT(connections >= 1 && connections <= image_connections_max);
  LIXIN_TRY(auto first, build_state(conninfo, connections));
  return std::unique_ptr<image>(new image(conninfo, connections, std::move(first)));
}

result<position> image::follow(pg::connection& c) {
  const image_state& old = newest();
  LIXIN_TRY(const auto one_moment, reading::begin(c));
  LIXIN_TRY(const auto head, journal::read_head(c));
  if (head.last < old.at) {
    return error(errc::journal_went_back,
                 {std::to_string(head.last.value), std::to_string(old.at.value)});
  }
  LIXIN_TRY(auto authorities, read_authorities(c));
  const bool same_authorities = *authorities == *old.authorities;
  if (head.last == old.at && same_authorities) return old.at;
  auto next = std::make_unique<image_state>(old);
  next->at = head.last;
  if (head.last.value > 0) next->sealed_at = head.sealed_at;
  if (!same_authorities) next->authorities = std::move(authorities);
  LIXIN_TRY(auto part, read_journal(c, old.at));
  if (part.packs) {
    LIXIN_TRY(next->packs, read_packs(c));
    if (image_layout::of(*next->packs) != *old.layout) {
      // Other records are needed now, of subjects that no change names.
      LIXIN_TRY(next, build_state(conninfo_, connections_));
      const position at = next->at;
      states_.publish(std::move(next));
      return at;
    }
  }
  LIXIN_TRY(const auto changes, read_changes(c, *next, std::move(part.subjects)));
  apply(*next, changes);
  states_.publish(std::move(next));
  return head.last;
}

image::size image::size_of(const image_state& s) {
  size out;
  out.subjects = s.subjects;
  out.bytes = s.texts->bytes() + s.shards.size() * (sizeof(s.shards[0]) + sizeof(shard) + 32);
  for (const auto& one : s.shards) {
    out.bytes += one->bytes();
    one->each([&](std::string_view packed) { out.records += records_of_packed(packed); });
  }
  return out;
}

result<bool> image_source::read(std::string_view code, position known_at, position asked_at,
                                subject_data& out) {
  LIXIN_ASSERT(known_at == state_.at && asked_at == state_.at);
  const std::uint64_t hash = hash_of_code(code);
  const std::string_view packed = state_.shard_of(hash).find(hash, code);
  if (packed.empty()) return false;
  unpack_subject(packed, state_, out);
  return true;
}

result<std::optional<std::chrono::system_clock::time_point>> image_source::sealed_at(position p) {
  LIXIN_ASSERT(p == state_.at);
  return state_.sealed_at;
}

}  // namespace lixin::measure
