#include "measure/image_state.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <set>

namespace lixin::measure {
namespace {

using catalogue::field_role;

constexpr std::size_t code_bytes = 18;
constexpr std::size_t subjects_of_shard = 256;
constexpr std::size_t shards_max = 1 << 20;

// ---- numbers: LEB128, signed ones zigzag

void put(std::string& out, std::uint64_t u) {
  while (u >= 0x80) {
    out += static_cast<char>(u | 0x80);
    u >>= 7;
  }
  out += static_cast<char>(u);
}

void put_signed(std::string& out, std::int64_t v) {
  put(out, (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63));
}

void put_text(std::string& out, std::string_view s) {
  put(out, s.size());
  out += s;
}

// Reads what pack_subject() wrote; nothing of it comes from outside.
class cursor {
 public:
  explicit cursor(std::string_view in) : at_(in.data()) {}

  std::uint64_t number() {
    std::uint64_t u = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      u |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return u;
    }
  }
  std::int64_t signed_number() {
    const std::uint64_t u = number();
    return static_cast<std::int64_t>(u >> 1 ^ (~(u & 1) + 1));
  }
  std::string_view text() {
    const std::size_t size = number();
    return bytes(size);
  }
  std::string_view bytes(std::size_t size) {
    const std::string_view out(at_, size);
    at_ += size;
    return out;
  }
  date day() { return date(static_cast<std::int32_t>(signed_number())); }

 private:
  const char* at_;
};

struct packed_head {
  std::string_view code;
  std::uint8_t kind;
  subject_id id, holder;
  std::string_view name, duplicate_of;
  std::size_t records;
};

packed_head read_head(cursor& in) {
  packed_head h;
  in.number();  // bytes of the rest, read by the shard
  h.code = in.bytes(code_bytes);
  h.kind = static_cast<std::uint8_t>(in.number());
  h.id = subject_id(in.signed_number());
  h.holder = subject_id(h.id.value + in.signed_number());
  h.name = in.text();
  h.duplicate_of = in.text();
  h.records = in.number();
  return h;
}

// ---- records

constexpr std::array days_of_facts{
    &policy::record_facts::decided_on,  &policy::record_facts::valid_from,
    &policy::record_facts::valid_to,    &policy::record_facts::published_until,
    &policy::record_facts::notified_on, &policy::record_facts::effective_on,
    &policy::record_facts::ended_on,
};

constexpr std::uint64_t first_day_flag = 16;

void put_facts(std::string& out, const policy::record_facts& f) {
  // Every member has its place below; a new one breaks this line.
  [[maybe_unused]] const auto& [change, superseded, decided, from, to, published, notified,
                                effective, ended, remedy, publicity, provisional, content_ended,
                                events] = f;
  std::uint64_t flags = (remedy ? 1u : 0u) | (provisional ? 2u : 0u) | (superseded ? 4u : 0u) |
                        (content_ended ? 8u : 0u);
  for (std::size_t i = 0; i < days_of_facts.size(); ++i)
    if (f.*days_of_facts[i]) flags |= first_day_flag << i;
  put(out, flags);
  put(out, static_cast<std::uint64_t>(change));
  put(out, static_cast<std::uint64_t>(publicity));
  for (const auto& member : days_of_facts)
    if (f.*member) put_signed(out, (f.*member)->days);
  put(out, events.size());
  for (const policy::record_event& e : events) {
    put(out, static_cast<std::uint64_t>(e.kind));
    put_signed(out, e.at.value);
    put_signed(out, e.happened_on.days);
  }
}

void read_facts(cursor& in, policy::record_facts& f) {
  const std::uint64_t flags = in.number();
  f.has_remedy = (flags & 1) != 0;
  f.class_provisional = (flags & 2) != 0;
  f.superseded = (flags & 4) != 0;
  f.content_ended = (flags & 8) != 0;
  f.change = static_cast<policy::record_change>(in.number());
  f.publicity = static_cast<catalogue::publicity_class>(in.number());
  for (std::size_t i = 0; i < days_of_facts.size(); ++i) {
    std::optional<date>& day = f.*days_of_facts[i];
    if ((flags & first_day_flag << i) != 0) {
      day = in.day();
    } else {
      day.reset();
    }
  }
  f.events.resize(in.number());
  for (policy::record_event& e : f.events) {
    e.kind = static_cast<policy::event_kind>(in.number());
    e.at = position(in.signed_number());
    e.happened_on = in.day();
  }
}

// 0 absent, 1 the text follows, from 2 on a number of the pool.
void put_pooled(std::string& out, std::string_view text, text_pool& pool) {
  if (text.empty()) {
    put(out, 0);
  } else if (const auto number = pool.intern(text)) {
    put(out, *number + 2);
  } else {
    put(out, 1);
    put_text(out, text);
  }
}

std::string_view read_pooled(cursor& in, const text_pool& pool) {
  const std::uint64_t tag = in.number();
  if (tag == 0) return {};
  return tag == 1 ? in.text() : std::string_view(pool.at(static_cast<std::uint32_t>(tag - 2)));
}

std::size_t authority_index(const image_state& in, const std::string& code) {
  const auto found = std::ranges::find(*in.authorities, code, &named_authority::code);
  LIXIN_ASSERT(found != in.authorities->end());
  return static_cast<std::size_t>(found - in.authorities->begin());
}

void put_record(std::string& out, const archive::record_view& r, subject_id of,
                const image_state& in) {
  put_signed(out, r.subject.value - of.value);
  put_signed(out, r.record.value);
  put(out, static_cast<std::uint64_t>(r.version));
  const std::size_t dataset = in.layout->index_of(r.dataset);
  put(out, dataset);
  put(out, authority_index(in, r.authority));
  put_text(out, r.document);
  put_facts(out, r.facts);
  for (const std::string& code : in.layout->fields[dataset])
    put_pooled(out, r.value(code), *in.texts);
}

void read_record(cursor& in, subject_id of, const image_state& state, archive::record_view& r) {
  r.subject = subject_id(of.value + in.signed_number());
  r.record = record_id(in.signed_number());
  r.version = static_cast<std::int32_t>(in.number());
  const std::size_t dataset = in.number();
  r.dataset = state.layout->datasets[dataset];
  const named_authority& source = (*state.authorities)[in.number()];
  r.authority = source.code;
  r.authority_title = source.title;
  r.document = in.text();
  read_facts(in, r.facts);
  r.newest_change = r.facts.change;
  r.content.clear();
  for (const std::string& code : state.layout->fields[dataset]) {
    const std::string_view text = read_pooled(in, *state.texts);
    if (!text.empty()) r.content.emplace_back(code, text);
  }
}

}  // namespace

// ---- texts

std::optional<std::uint32_t> text_pool::intern(std::string_view text) {
  if (text.size() > text_bytes_max) return std::nullopt;
  const std::lock_guard lock(guard_);
  if (const auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  if (numbers_.size() == texts_max) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(numbers_.size());
  texts_[number] = std::make_unique<const std::string>(text);
  numbers_.emplace(*texts_[number], number);
  bytes_ += text.size() + 96;  // the string, its place and the way to find it
  return number;
}

std::size_t text_pool::bytes() const {
  const std::lock_guard lock(guard_);
  return bytes_ + texts_max * sizeof(void*);
}

// ---- layout

image_layout image_layout::of(const catalogue::store& packs) {
  std::map<std::string, std::set<std::string>, std::less<>> datasets_of_list;
  std::map<std::string, std::set<std::string>, std::less<>> fields_of;
  std::vector<std::shared_ptr<const catalogue::pack>> all;
  for (const catalogue::pack_entry& e : packs.entries()) all.push_back(packs.by_id(e.id));
  for (const auto& pack : all) {
    for (const catalogue::list& l : pack->lists) {
      datasets_of_list[l.code].insert(l.dataset);
      fields_of[l.dataset];
    }
  }
  const auto keep = [&](const std::string& dataset, auto&& index_in) {
    for (const auto& pack : all) {
      const catalogue::dataset* d = pack->dataset_named(dataset);
      const int f = d == nullptr ? -1 : index_in(*d);
      if (f >= 0 && static_cast<std::size_t>(f) < d->fields.size())
        fields_of[dataset].insert(d->fields[static_cast<std::size_t>(f)].code);
    }
  };
  for (const auto& pack : all) {
    for (const catalogue::measure& m : pack->measures)
      for (const auto& clause : m.when.clauses)
        for (const std::string& dataset : datasets_of_list[m.trigger_list])
          keep(dataset, [&](const catalogue::dataset&) { return clause.field; });
  }
  for (const auto& [dataset, fields] : fields_of)
    keep(dataset, [](const catalogue::dataset& d) { return d.field_with(field_role::remedy); });
  image_layout out;
  for (const auto& [dataset, fields] : fields_of) {
    out.datasets.push_back(dataset);
    out.fields.emplace_back(fields.begin(), fields.end());
  }
  return out;
}

std::size_t image_layout::index_of(std::string_view dataset) const {
  const auto found = std::ranges::lower_bound(datasets, dataset);
  LIXIN_ASSERT(found != datasets.end() && *found == dataset);
  return static_cast<std::size_t>(found - datasets.begin());
}

// ---- subjects

std::uint64_t hash_of_code(std::string_view code) {
  LIXIN_ASSERT(code.size() == code_bytes);
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint16_t c = 0;
  std::memcpy(&a, code.data(), 8);
  std::memcpy(&b, code.data() + 8, 8);
  std::memcpy(&c, code.data() + 16, 2);
  std::uint64_t h = (a ^ 0x9E3779B97F4A7C15ull) * 0xFF51AFD7ED558CCDull;
  h = (h ^ (h >> 32) ^ b) * 0xC4CEB9FE1A85EC53ull;
  h = (h ^ (h >> 32) ^ c) * 0x9E3779B97F4A7C15ull;
  return h ^ (h >> 32);
}

std::string pack_subject(std::string_view code, subject_id holder, const subject_data& s,
                         const image_state& in) {
  LIXIN_ASSERT(code.size() == code_bytes);
  std::string rest(code);
  put(rest, static_cast<std::uint64_t>(s.kind));
  put_signed(rest, s.id.value);
  put_signed(rest, holder.value - s.id.value);
  put_text(rest, s.name);
  put_text(rest, s.duplicate_of);
  std::string records;
  std::size_t count = 0;
  for (const archive::record_view& r : s.current) {
    if (!std::ranges::binary_search(in.layout->datasets, r.dataset)) continue;
    put_record(records, r, s.id, in);
    ++count;
  }
  put(rest, count);
  rest += records;
  std::string out;
  put(out, rest.size());
  return out + rest;
}

void unpack_subject(std::string_view packed, const image_state& in, subject_data& out) {
  cursor from(packed);
  const packed_head h = read_head(from);
  out.id = h.id;
  out.kind = static_cast<catalogue::subject_kind>(h.kind);
  out.asked = h.holder;
  out.name = h.name;
  out.duplicate_of = h.duplicate_of;
  out.then.clear();
  out.current.resize(h.records);
  for (archive::record_view& r : out.current) read_record(from, h.id, in, r);
}

std::string_view code_of_packed(std::string_view packed) {
  cursor in(packed);
  return read_head(in).code;
}

subject_id holder_of_packed(std::string_view packed) {
  cursor in(packed);
  return read_head(in).holder;
}

std::size_t records_of_packed(std::string_view packed) {
  cursor in(packed);
  return read_head(in).records;
}

// ---- shards

shard::shard(const std::vector<entry>& entries) : size_(entries.size()) {
  std::size_t total = 0;
  for (const entry& e : entries) total += e.bytes.size();
  bytes_.reserve(total);
  slots_.resize(std::bit_ceil(entries.size() + entries.size() / 3 + 1));
  for (const entry& e : entries) {
    std::size_t slot = (e.hash >> 32) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(bytes_.size() + 1);
    bytes_ += e.bytes;
  }
}

std::string_view shard::entry_at(std::uint32_t at) const {
  const char* const first = bytes_.data() + at - 1;
  cursor in(std::string_view(first, 0));
  const std::size_t rest = in.number();
  const char* const start = in.bytes(0).data();
  return {first, static_cast<std::size_t>(start - first) + rest};
}

std::string_view shard::find(std::uint64_t hash, std::string_view code) const {
  std::size_t slot = (hash >> 32) & (slots_.size() - 1);
  for (; slots_[slot] != 0; slot = (slot + 1) & (slots_.size() - 1)) {
    const std::string_view packed = entry_at(slots_[slot]);
    if (code_of_packed(packed) == code) return packed;
  }
  return {};
}

std::size_t shard_count_for(std::size_t subjects) {
  return std::clamp<std::size_t>(std::bit_ceil(subjects / subjects_of_shard + 1), 16, shards_max);
}

std::vector<std::shared_ptr<const shard>> make_shards(std::vector<shard::entry> entries,
                                                      std::size_t count) {
  std::ranges::sort(entries, {}, [&](const shard::entry& e) { return e.hash & (count - 1); });
  std::vector<std::shared_ptr<const shard>> out;
  out.reserve(count);
  std::vector<shard::entry> of_one;
  auto next = entries.begin();
  for (std::size_t i = 0; i < count; ++i) {
    of_one.clear();
    for (; next != entries.end() && (next->hash & (count - 1)) == i; ++next)
      of_one.push_back(*next);
    out.push_back(std::make_shared<const shard>(of_one));
  }
  return out;
}

}  // namespace lixin::measure
