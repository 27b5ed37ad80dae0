#include "crypto/sm3_lanes.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace lixin::crypto {
namespace {

constexpr std::size_t lanes = 16;
constexpr std::size_t block_bytes = 64;
constexpr std::size_t length_bytes = 8;

// Sixteen lanes of 32 bits: one register of AVX-512, two of AVX2, four of SSE2.
using words [[gnu::vector_size(lanes * 4)]] = std::uint32_t;

constexpr std::array<std::uint32_t, 8> first_state{0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
                                                   0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e};

#define LIXIN_ROTATED(x, n) (((x) << (n)) | ((x) >> (32 - (n))))

// GB/T 32905-2016 section 5.3, one block of each lane. `w` holds the blocks' words and is used up.
struct lane_state {
  words v[8];
};

[[gnu::always_inline]] inline void compress(lane_state& s, words (&w)[68]) {
  for (std::size_t j = 16; j < 68; ++j) {
    const words x = w[j - 16] ^ w[j - 9] ^ LIXIN_ROTATED(w[j - 3], 15);
    w[j] = x ^ LIXIN_ROTATED(x, 15) ^ LIXIN_ROTATED(x, 23) ^ LIXIN_ROTATED(w[j - 13], 7) ^ w[j - 6];
  }
  words a = s.v[0], b = s.v[1], c = s.v[2], d = s.v[3];
  words e = s.v[4], f = s.v[5], g = s.v[6], h = s.v[7];
  for (std::size_t j = 0; j < 64; ++j) {
    const std::uint32_t t = std::rotl(j < 16 ? 0x79cc4519u : 0x7a879d8au, static_cast<int>(j % 32));
    const words a12 = LIXIN_ROTATED(a, 12);
    const words sum = a12 + e + t;
    const words ss1 = LIXIN_ROTATED(sum, 7);
    words ff = a ^ b ^ c;
    words gg = e ^ f ^ g;
    if (j >= 16) {
      ff = (a & b) | ((a | b) & c);
      gg = (e & f) | (~e & g);
    }
    const words tt1 = ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4]);
    const words tt2 = gg + h + ss1 + w[j];
    d = c;
    c = LIXIN_ROTATED(b, 9);
    b = a;
    a = tt1;
    h = g;
    g = LIXIN_ROTATED(f, 19);
    f = e;
    e = tt2 ^ LIXIN_ROTATED(tt2, 9) ^ LIXIN_ROTATED(tt2, 17);
  }
  s.v[0] ^= a;
  s.v[1] ^= b;
  s.v[2] ^= c;
  s.v[3] ^= d;
  s.v[4] ^= e;
  s.v[5] ^= f;
  s.v[6] ^= g;
  s.v[7] ^= h;
}

#undef LIXIN_ROTATED

// One block from each lane's place.
[[gnu::always_inline]] inline void compress_blocks(lane_state& s,
                                                   const std::array<const char*, lanes>& at) {
  alignas(64) std::uint32_t turned[16][lanes];
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t i = 0; i < 16; ++i) {
      std::uint32_t word = 0;
      std::memcpy(&word, at[lane] + 4 * i, 4);
      turned[i][lane] = __builtin_bswap32(word);
    }
  }
  words w[68];
  std::memcpy(w, turned, sizeof turned);
  compress(s, w);
}

using step = void (*)(lane_state&, const std::array<const char*, lanes>&);

#if defined(__x86_64__)
[[gnu::target("avx512f")]] void step_avx512(lane_state& s,
                                            const std::array<const char*, lanes>& at) {
  compress_blocks(s, at);
}
[[gnu::target("avx2")]] void step_avx2(lane_state& s, const std::array<const char*, lanes>& at) {
  compress_blocks(s, at);
}
#endif
void step_plain(lane_state& s, const std::array<const char*, lanes>& at) { compress_blocks(s, at); }

step widest_step() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return step_avx512;
  if (__builtin_cpu_supports("avx2")) return step_avx2;
#endif
  return step_plain;
}

static_assert(std::endian::native == std::endian::little);

// What is left of one lane's text: whole blocks, then the last one or two with padding and length.
class lane_text {
 public:
  // `bytes_before`: how much of the digested text came before this one (a key's block).
  void begin(std::string_view text, std::size_t bytes_before, std::size_t number) {
    number_ = number;
    at_ = text.data();
    whole_ = text.size() / block_bytes;
    const std::size_t rest = text.size() % block_bytes;
    const std::size_t tail = rest + 1 + length_bytes <= block_bytes ? block_bytes : 2 * block_bytes;
    if (rest > 0) std::memcpy(tail_.data(), text.data() + text.size() - rest, rest);
    tail_[rest] = static_cast<char>(0x80);
    std::memset(tail_.data() + rest + 1, 0, tail - rest - 1);
    const std::uint64_t bits = (text.size() + bytes_before) * 8;
    for (std::size_t i = 0; i < length_bytes; ++i)
      tail_[tail - 1 - i] = static_cast<char>(bits >> (8 * i));
    left_ = whole_ + tail / block_bytes;
    tail_at_ = tail_.data();
  }
  bool busy() const { return left_ > 0; }
  std::size_t number() const { return number_; }
  // The next block; any readable one when nothing is left.
  const char* next() {
    if (left_ == 0) return tail_.data();
    --left_;
    if (whole_ == 0) return std::exchange(tail_at_, tail_at_ + block_bytes);
    --whole_;
    return std::exchange(at_, at_ + block_bytes);
  }

 private:
  const char* at_ = nullptr;
  const char* tail_at_ = nullptr;
  std::size_t whole_ = 0, left_ = 0, number_ = 0;
  std::array<char, 2 * block_bytes> tail_{};
};

void set_lane(lane_state& s, std::size_t lane, const std::array<std::uint32_t, 8>& from) {
  for (std::size_t i = 0; i < 8; ++i) s.v[i][lane] = from[i];
}

digest digest_of_lane(const lane_state& s, std::size_t lane) {
  digest out;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::uint32_t word = __builtin_bswap32(s.v[i][lane]);
    std::memcpy(out.data() + 4 * i, &word, 4);
  }
  return out;
}

// A lane that is done with one text takes the next, so that long and short ones mix.
void digest_all(std::span<const std::string_view> texts, std::span<digest> out,
                const std::array<std::uint32_t, 8>& from, std::size_t bytes_before) {
  LIXIN_ASSERT(texts.size() == out.size());
  static const step one_step = widest_step();
  lane_state s{};
  std::array<lane_text, lanes> lane;
  std::array<const char*, lanes> at{};
  std::size_t next = 0;
  std::size_t busy = 0;
  const auto take = [&](std::size_t i) {
    if (next == texts.size()) return;
    lane[i].begin(texts[next], bytes_before, next);
    set_lane(s, i, from);
    ++next;
    ++busy;
  };
  for (std::size_t i = 0; i < lanes; ++i) take(i);
  while (busy > 0) {
    std::array<bool, lanes> works{};
    for (std::size_t i = 0; i < lanes; ++i) {
      works[i] = lane[i].busy();
      at[i] = lane[i].next();
    }
    one_step(s, at);
    for (std::size_t i = 0; i < lanes; ++i) {
      if (!works[i] || lane[i].busy()) continue;
      out[lane[i].number()] = digest_of_lane(s, i);
      --busy;
      take(i);
    }
  }
}

std::array<std::uint32_t, 8> state_after(const std::array<char, block_bytes>& block) {
  lane_state s{};
  set_lane(s, 0, first_state);
  std::array<const char*, lanes> at;
  at.fill(block.data());
  step_plain(s, at);
  std::array<std::uint32_t, 8> out;
  for (std::size_t i = 0; i < 8; ++i) out[i] = s.v[i][0];
  return out;
}

}  // namespace

void sm3_many(std::span<const std::string_view> texts, std::span<digest> out) {
  digest_all(texts, out, first_state, 0);
}

hmac_sm3_key::hmac_sm3_key(std::string_view key) {
  LIXIN_ASSERT(key.size() >= 16 && key.size() <= block_bytes);
  constexpr char inner_pad = 0x36;
  constexpr char outer_pad = 0x5c;
  for (const auto& [pad, to] : {std::pair{inner_pad, &inner_}, std::pair{outer_pad, &outer_}}) {
    std::array<char, block_bytes> block;
    block.fill(pad);
    for (std::size_t i = 0; i < key.size(); ++i)
      block[i] = static_cast<char>(static_cast<unsigned char>(block[i]) ^
                                   static_cast<unsigned char>(key[i]));
    *to = state_after(block);
  }
}

void hmac_sm3_key::of_many(std::span<const std::string_view> texts, std::span<digest> out) const {
  std::vector<digest> inner(texts.size());
  digest_all(texts, inner, inner_, block_bytes);
  std::vector<std::string_view> second;
  second.reserve(inner.size());
  for (const digest& d : inner) second.push_back(bytes(d));
  digest_all(second, out, outer_, block_bytes);
}

}  // namespace lixin::crypto
