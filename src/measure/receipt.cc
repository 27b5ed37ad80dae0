#include "measure/receipt.h"

#include <algorithm>
#include <array>
#include <limits>

#include "measure/errc.h"

namespace lixin::measure {
namespace {

constexpr std::string_view kPrefix = "LXR1.";
constexpr std::size_t kPacksMax = 256;
constexpr std::size_t kTextMax = 1024;

void put_number(std::string& out, std::int64_t v) {
  auto u = (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
  while (u >= 0x80) {
    out += static_cast<char>(u | 0x80);
    u >>= 7;
  }
  out += static_cast<char>(u);
}

void put_text(std::string& out, std::string_view s) {
  put_number(out, static_cast<std::int64_t>(s.size()));
  out += s;
}

void put_packs(std::string& out, const std::vector<pack_version_id>& ids) {
  put_number(out, static_cast<std::int64_t>(ids.size()));
  for (const pack_version_id id : ids) put_number(out, id.value);
}

// Reads from the front; once something does not fit, `ok` is false and all that follows is empty.
class reader {
 public:
  explicit reader(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  bool at_end() const { return in_.empty(); }

  std::int64_t number() {
    std::uint64_t u = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (in_.empty()) break;
      const auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      u |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return static_cast<std::int64_t>(u >> 1 ^ (~(u & 1) + 1));
    }
    return fail();
  }
  std::int32_t small(std::int64_t low, std::int64_t high) {
    const std::int64_t v = number();
    if (v < low || v > high) return static_cast<std::int32_t>(fail());
    return static_cast<std::int32_t>(v);
  }
  date day() {
    // 1900-01-01 .. 2199-12-31
    return date(small(-25567, 84005));
  }
  std::string text() {
    const auto size = static_cast<std::size_t>(small(0, kTextMax));
    if (size > in_.size()) {
      fail();
      return {};
    }
    std::string out(in_.substr(0, size));
    in_.remove_prefix(size);
    return out;
  }
  std::vector<pack_version_id> packs() {
    std::vector<pack_version_id> out(static_cast<std::size_t>(small(0, kPacksMax)));
    for (pack_version_id& id : out) {
      if (!ok_) break;
      id = pack_version_id(small(0, std::numeric_limits<std::int32_t>::max()));
    }
    return out;
  }
  void digest(crypto::digest& out) {
    if (in_.size() < out.size()) {
      fail();
      return;
    }
    std::copy_n(in_.begin(), out.size(), reinterpret_cast<char*>(out.data()));
    in_.remove_prefix(out.size());
  }

 private:
  std::int64_t fail() {
    ok_ = false;
    in_ = {};
    return 0;
  }

  std::string_view in_;
  bool ok_ = true;
};

// Between code and digest, which alone differ among the answers to one question.
void put_question(std::string& out, const receipt_content& c) {
  put_text(out, c.matter);
  put_number(out, c.as_of.days);
  put_number(out, c.asked_on.days);
  put_number(out, c.known_at.value);
  put_number(out, c.asked_at.value);
  put_packs(out, c.packs);
  put_packs(out, c.packs_now);
  put_text(out, c.asker);
  put_number(out, static_cast<int>(c.caller.kind));
  put_text(out, c.caller.authority);
}

void put_code(std::string& out, std::string_view code, code_layer failed) {
  put_text(out, code);
  put_number(out, static_cast<int>(failed));
}

std::string encode(const receipt_content& c, int key_number) {
  std::string out;
  put_number(out, key_number);
  put_code(out, c.code, c.failed);
  put_question(out, c);
  out += crypto::bytes(c.answer_digest);
  return out;
}

result<receipt_content> decode(std::string_view bytes) {
  reader in(bytes);
  receipt_content c;
  in.number();  // of the key, read before
  c.code = in.text();
  c.failed = static_cast<code_layer>(in.small(0, static_cast<int>(code_layer::personal_number)));
  c.matter = in.text();
  c.as_of = in.day();
  c.asked_on = in.day();
  c.known_at = position(in.number());
  c.asked_at = position(in.number());
  c.packs = in.packs();
  c.packs_now = in.packs();
  c.asker = in.text();
  c.caller.kind =
      static_cast<policy::caller_kind>(in.small(0, static_cast<int>(policy::caller_kind::admin)));
  c.caller.authority = in.text();
  in.digest(c.answer_digest);
  if (!in.ok() || !in.at_end()) return error(errc::receipt_unreadable);
  return c;
}

std::string mac_of(std::string_view signed_part, std::string_view secret) {
  return crypto::to_base64url(crypto::bytes(crypto::hmac_sm3(secret, signed_part)));
}

}  // namespace

bool receipt_content::operator==(const receipt_content& o) const {
  return code == o.code && failed == o.failed && matter == o.matter && as_of == o.as_of &&
         asked_on == o.asked_on && known_at == o.known_at && asked_at == o.asked_at &&
         packs == o.packs && packs_now == o.packs_now && asker == o.asker &&
         caller.kind == o.caller.kind && caller.authority == o.caller.authority &&
         answer_digest == o.answer_digest;
}

receipt_signer::receipt_signer(const receipt_content& constant, const crypto::key_file& keys)
    : key_(keys.newest("receipt").secret) {
  put_number(before_, keys.newest("receipt").number);
  put_question(after_, constant);
}

void receipt_signer::sign(std::span<const item> items) {
  digests_.resize(items.size());
  texts_.clear();
  for (const item& i : items) texts_.push_back(i.answer_bytes);
  crypto::sm3_many(texts_, digests_);
  texts_.clear();
  for (std::size_t i = 0; i < items.size(); ++i) {
    content_ = before_;
    put_code(content_, items[i].code, items[i].failed);
    content_ += after_;
    content_ += crypto::bytes(digests_[i]);
    std::string& out = *items[i].receipt;
    out = kPrefix;
    crypto::append_base64url(out, content_);
    texts_.push_back(out);
  }
  key_.of_many(texts_, digests_);
  for (std::size_t i = 0; i < items.size(); ++i) {
    *items[i].receipt += '.';
    crypto::append_base64url(*items[i].receipt, crypto::bytes(digests_[i]));
  }
}

std::string sign_receipt(const receipt_content& content, const crypto::key_file& keys) {
  const crypto::key_file::key& key = keys.newest("receipt");
  std::string out(kPrefix);
  out += crypto::to_base64url(encode(content, key.number));
  const std::string mac = mac_of(out, key.secret);
  return out + "." + mac;
}

result<receipt_content> open_receipt(std::string_view receipt, const crypto::key_file& keys) {
  if (receipt.size() > receipt_bytes_max || !receipt.starts_with(kPrefix))
    return error(errc::receipt_unreadable);
  const std::size_t dot = receipt.find('.', kPrefix.size());
  if (dot == std::string_view::npos) return error(errc::receipt_unreadable);
  const auto content = crypto::from_base64url(receipt.substr(kPrefix.size(), dot - kPrefix.size()));
  if (!content.ok()) return error(errc::receipt_unreadable);
  reader in(*content);
  const std::int32_t key_number = in.small(0, std::numeric_limits<std::int32_t>::max());
  if (!in.ok()) return error(errc::receipt_unreadable);
  const auto key = keys.numbered("receipt", key_number);
  if (!key.ok()) return error(errc::receipt_not_ours);
  // The texts are compared, not the bytes: base64 has several texts for the same bytes.
  if (!crypto::equal_constant_time(mac_of(receipt.substr(0, dot), key->secret),
                                   receipt.substr(dot + 1)))
    return error(errc::receipt_not_ours);
  return decode(*content);
}

}  // namespace lixin::measure
