// A look into the vault: the rows of one person, for an official with a purpose and a basis in law.
#pragma once

#include "vault/vault.h"

namespace lixin::vault {

struct look_request {
  std::string person;  // the identity number, folded; wiped by the caller
  std::string purpose, basis, actor;
};
inline constexpr std::size_t purpose_bytes_max = 600;
inline constexpr std::size_t rows_shown_max = 10'000;

struct looked_row {
  std::int64_t sealed_id = 0;
  std::string dataset, authority, authority_title;  // codes and title
  std::string document_key, content;                // content is JSON
  std::int32_t party_ordinal = 1;
  std::int64_t version = 0;
  batch_id batch;
  std::int64_t row_number = 0;
  std::string sealed_at;
  bool stands = false;  // the newest version that was not withdrawn
};
// All versions, by dataset and record. The look is committed to the audit chain with purpose, basis
// and the ids of the rows before anything is answered, also when there is none; the number is in no
// log. errc::look_unjustified without actor, purpose or basis.
result<std::vector<looked_row>> look(pg::connection& c, vault& v, const look_request& r,
                                     const clock& now);

}  // namespace lixin::vault
