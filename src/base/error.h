// How Lixin fails. An expected failure is a value: a `message` from the `errc.h` of the module that
// found it, the arguments of its sentence, and the place (file, sheet, row, column) it speaks of.
// Every message stands once, in Chinese and English, with a stable code for programs to test.
// Thread-safe: messages are constants, errors are plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/assert.h"

namespace lixin {

// What kind of failure a message is; one table (exit_code) maps it to the program's exit code.
enum class failure : std::uint8_t {
  unusable_input,  // the caller's data or arguments
  not_found,
  refused,      // a rule forbids it
  unavailable,  // not now: a resource outside (database, disk) is gone or full, another one works
  internal,     // our own mistake
};

enum class language : std::uint8_t { zh, en };

// `zh` and `en` are fmt format strings over the same positional arguments {0}, {1} ...
// A sentence says what was expected, what stands there and how to mend it.
struct message {
  std::string_view code;  // "<module>.<what>"
  failure kind;
  std::string_view zh;
  std::string_view en;
};

// Rows count from 1 as a spreadsheet shows them (the heading is row 1); 0 means "no row".
struct place {
  std::string file;
  std::string sheet;
  std::uint64_t row = 0;
  std::string column;

  bool operator==(const place&) const = default;
};

class error {
 public:
  explicit error(const message& m, std::vector<std::string> args = {}, place where = {})
      : message_(&m), args_(std::move(args)), where_(std::move(where)) {}

  std::string_view code() const { return message_->code; }
  failure kind() const { return message_->kind; }
  const std::vector<std::string>& args() const { return args_; }
  const place& where() const { return where_; }
  bool is(const message& m) const { return message_ == &m; }

  // Fills in only the parts of the place that are still empty.
  error at(place outer) &&;

  // The sentence without the place.
  std::string sentence(language lang) const;
  // "FILE, row N, column C: sentence" in one language.
  std::string text(language lang) const;

 private:
  const message* message_;
  std::vector<std::string> args_;
  place where_;
};

// What the system says of a failed call (errno), as the end of a sentence.
std::string reason_of(int error_number, language lang);

// 0 done, 2 unusable input, 4 not found, 5 refused, 69 unavailable, 70 internal.
int exit_code(failure kind);

// Either a T or an error. Reading the wrong side is a programmer's error and aborts.
template <class T>
class [[nodiscard]] result {
 public:
  result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
  result(lixin::error e) : v_(std::in_place_index<1>, std::move(e)) {}

  bool ok() const { return v_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    LIXIN_ASSERT(ok());
    return *std::get_if<0>(&v_);
  }
  const T& value() const& {
    LIXIN_ASSERT(ok());
    return *std::get_if<0>(&v_);
  }
  T&& value() && {
    LIXIN_ASSERT(ok());
    return std::move(*std::get_if<0>(&v_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const lixin::error& error() const& {
    LIXIN_ASSERT(!ok());
    return *std::get_if<1>(&v_);
  }
  lixin::error&& error() && {
    LIXIN_ASSERT(!ok());
    return std::move(*std::get_if<1>(&v_));
  }

 private:
  std::variant<T, lixin::error> v_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  result() = default;
  result(lixin::error e) : e_(std::move(e)) {}

  bool ok() const { return !e_.has_value(); }
  explicit operator bool() const { return ok(); }
  const lixin::error& error() const& {
    LIXIN_ASSERT(!ok());
    return *e_;
  }
  lixin::error&& error() && {
    LIXIN_ASSERT(!ok());
    return std::move(*e_);
  }

 private:
  std::optional<lixin::error> e_;
};

#define LIXIN_CONCAT_(a, b) a##b
#define LIXIN_CONCAT(a, b) LIXIN_CONCAT_(a, b)

// LIXIN_TRY(auto x, f()); returns f()'s error from the calling function, or names its value x.
#define LIXIN_TRY(declaration, expression) \
  LIXIN_TRY_(LIXIN_CONCAT(lixin_try_, __LINE__), declaration, expression)
#define LIXIN_TRY_(temporary, declaration, expression)      \
  auto temporary = (expression);                            \
  if (!temporary.ok()) return std::move(temporary).error(); \
  declaration = std::move(temporary).value()

// LIXIN_CHECK(f()); the same for a result whose value is not wanted.
#define LIXIN_CHECK(expression)                                 \
  do {                                                          \
    if (auto lixin_checked = (expression); !lixin_checked.ok()) \
      return std::move(lixin_checked).error();                  \
  } while (false)

}  // namespace lixin
