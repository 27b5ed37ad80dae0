// A receipt: all that an answer is a function of, the digest of its bytes, and an HMAC-SM3 of both.
// Nothing of it is stored; whoever holds the receipt brings it. Text form, in one word:
//   "LXR1." base64url(content) "." base64url(HMAC-SM3 of all before the last dot)
// content: key number, then the members below in their order; integers as zigzag LEB128, texts and
// the list of packs with their length before them (docs/formats). Pure and thread-safe.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "crypto/crypto.h"
#include "crypto/sm3_lanes.h"
#include "measure/answer.h"
#include "policy/policy.h"

namespace lixin::measure {

struct receipt_content {
  std::string code;  // credit code; "" when it was invalid
  code_layer failed = code_layer::none;
  std::string matter;
  date as_of, asked_on;
  position known_at;                   // versions and events up to here make the answer
  position asked_at;                   // of the journal when it was asked: decides who may see what
  std::vector<pack_version_id> packs;  // in force at as_of, known at known_at
  std::vector<pack_version_id> packs_now;  // in force when it was asked: disclosure
  std::string asker;
  policy::caller caller;
  crypto::digest answer_digest{};  // SM3 of the answer's bytes

  bool operator==(const receipt_content& o) const;
};

inline constexpr std::size_t receipt_bytes_max = 4096;

// Receipts of many answers to one question: what is the same in all of them is encoded once, and
// the digests are taken many at a time.
class receipt_signer {
 public:
  // Of `constant` the code, `failed` and the digest are not looked at.
  receipt_signer(const receipt_content& constant, const crypto::key_file& keys);

  struct item {
    std::string_view code;
    code_layer failed = code_layer::none;
    std::string_view answer_bytes;
    std::string* receipt = nullptr;  // what was there is overwritten
  };
  void sign(std::span<const item> items);

 private:
  std::string before_, after_;  // of code and `failed`; the digest ends the content
  crypto::hmac_sm3_key key_;
  std::string content_;
  std::vector<std::string_view> texts_;
  std::vector<crypto::digest> digests_;
};

std::string sign_receipt(const receipt_content& content, const crypto::key_file& keys);
// errc::receipt_unreadable when it has not the form, errc::receipt_not_ours when the HMAC differs.
result<receipt_content> open_receipt(std::string_view receipt, const crypto::key_file& keys);

}  // namespace lixin::measure
