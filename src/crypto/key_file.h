// Numbered secret keys in one file, a line each: `<number> <purpose> <base64url of 32 bytes>`.
// Made with mode 0600 when it does not exist; refused when others may read it. Changes replace the
// file in one step (written beside it, synced, renamed) under a lock of its folder, so that a
// reader has the old file or the new one and two writers do not lose each other's keys.
// A key_file is a value: what was read stays as it is until reload().
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace lixin::crypto {

class key_file {
 public:
  static result<key_file> open_or_create(const std::string& path);
  // errc::key_file_unreadable when there is none.
  static result<key_file> open(const std::string& path);
  // Keys from the text of a file; `path` is what messages name.
  static result<key_file> parse(const std::string& path, std::string_view text);

  struct key {
    int number = 0;
    std::string secret;  // 32 bytes
  };
  // The newest key of a purpose that every file has ("receipt", "vault-digest", "vault-seal",
  // "record"); find_newest answers null where there may be none ("audit-sign" and "staff-seal" in
  // older files).
  const key& newest(std::string_view purpose) const;
  const key* find_newest(std::string_view purpose) const;
  result<key> numbered(std::string_view purpose, int number) const;
  const key* find(std::string_view purpose, int number) const;
  std::vector<int> numbers(std::string_view purpose) const;  // ascending
  std::string text() const;                                  // as the file has it; a secret
  const std::string& path() const { return path_; }

  // Reads the file again, which another process may have replaced.
  result<void> reload();
  // A new key with the next number; the file is replaced before this answers.
  result<int> add(std::string_view purpose);
  // The same unless some key of the purpose is there: its newest number.
  result<int> ensure(std::string_view purpose);
  result<void> remove(std::string_view purpose, int number);
  // Takes over what `backup` has and the file (made when there is none) has not. Answers how many
  // keys came; errc::key_conflict when a number stands for two different keys.
  static result<int> restore(const std::string& path, const key_file& backup);

 private:
  struct entry {
    std::string purpose;
    key value;
  };
  result<void> change(const std::function<result<void>(key_file&)>& edit);

  std::string path_;
  std::vector<entry> entries_;
};

}  // namespace lixin::crypto
