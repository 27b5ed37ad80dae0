// PostgreSQL through libpq: a connection, statements with parameters (never text put together),
// binary COPY, migrations and the private server. libpq stays in the .cc files. A connection
// belongs to one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"

struct pg_conn;
struct pg_result;

namespace lixin::pg {

// $1, $2 ... of one statement, in text form with their type told by the statement ("$1::bigint").
class params {
 public:
  params& add(std::int64_t v);
  params& add(int v) { return add(std::int64_t{v}); }
  params& add(bool v);
  params& add(std::string_view v);  // text
  params& add(const char* v) { return add(std::string_view(v)); }
  params& add(date v);
  params& add_bytes(std::string_view v);  // bytea
  params& add_null();
  template <class T>
  params& add(const std::optional<T>& v) {
    return v ? add(*v) : add_null();
  }
  params& add(std::span<const std::int64_t> v);  // '{1,2}' for $n::bigint[]
  params& add(std::span<const std::string> v);   // text[]; quoted as PostgreSQL wants it

 private:
  friend class connection;
  struct value {
    std::string data;
    bool null = false;
    bool binary = false;
  };
  std::vector<value> values_;
};

// The rows a statement answered. Columns by number from 0; text() views live as long as this.
class rows {
 public:
  explicit rows(pg_result* r);
  ~rows();
  rows(rows&&) noexcept;
  rows& operator=(rows&&) noexcept;
  int size() const;
  bool empty() const { return size() == 0; }
  std::int64_t affected() const;
  bool is_null(int row, int column) const;
  std::string_view text(int row, int column) const;  // "" for null
  std::int64_t int64(int row, int column) const;     // 0 for null
  bool boolean(int row, int column) const;
  date day(int row, int column) const;  // a PostgreSQL date in ISO form
  std::optional<date> optional_day(int row, int column) const;
  std::optional<std::int64_t> optional_int64(int row, int column) const;
  std::string bytes(int row, int column) const;  // bytea

 private:
  pg_result* r_;
};

class connection {
 public:
  // conninfo as libpq takes it. Sets client_encoding UTF8, DateStyle ISO, TimeZone UTC, search_path
  // to schema `lixin`, a statement timeout, and connects within connect_timeout.
  static result<connection> open(const std::string& conninfo);
  connection(connection&&) noexcept;
  connection& operator=(connection&&) noexcept;
  ~connection();

  // One statement. Errors keep SQLSTATE in args()[0] and a message without any row's data in
  // args()[1].
  result<rows> exec(std::string_view sql, const params& p = {});
  // Several statements without parameters (migrations).
  result<void> script(std::string_view sql);

  result<void> begin();
  result<void> commit();
  void rollback();  // quiet; does nothing outside a transaction

  bool alive() const;
  pg_conn* raw() { return conn_.get(); }

 private:
  connection() = default;
  struct closer {
    void operator()(pg_conn*) const;
  };
  std::unique_ptr<pg_conn, closer> conn_;
};

// Begins on construction through transaction::begin, rolls back unless committed.
class transaction {
 public:
  static result<transaction> begin(connection& c);
  transaction(transaction&& o) noexcept : c_(o.c_) { o.c_ = nullptr; }
  transaction& operator=(transaction&&) = delete;
  ~transaction() {
    if (c_) c_->rollback();
  }
  result<void> commit() {
    auto* c = c_;
    c_ = nullptr;
    auto r = c->commit();
    if (!r.ok()) c->rollback();
    return r;
  }

 private:
  explicit transaction(connection& c) : c_(&c) {}
  connection* c_;
};

// Several connections that read the same moment. One begins a repeatable-read transaction and
// answers the name of its snapshot; others begin theirs with that name while it is open. All end
// with rollback().
result<std::string> begin_snapshot(connection& c);
result<void> begin_snapshot_of(connection& c, std::string_view name);

// Binary COPY ... FROM STDIN. Rows are built in memory and sent in pieces of about 1 MiB.
// Use: copy_in c("record", "subject_id, record_id, ..."); c.row(2); c.int8(..); c.text(..); ...;
// c.send(conn).
class copy_buffer {
 public:
  copy_buffer(std::string_view table,
              std::string_view columns);  // constants of the code, not input
  void row(int column_count);
  void int2(std::int16_t v);
  void int4(std::int32_t v);
  void int8(std::int64_t v);
  void boolean(bool v);
  void text(std::string_view v);  // text, varchar
  void text(const std::string& v) { text(std::string_view(v)); }
  void text(const char* v) { text(std::string_view(v)); }
  void bytes(std::string_view v);  // bytea
  void jsonb(std::string_view json);
  void day(date v);
  void timestamp(std::chrono::system_clock::time_point v);  // timestamptz
  void null();
  void day(const std::optional<date>& v) { v ? day(*v) : null(); }
  void text(const std::optional<std::string>& v) { v ? text(std::string_view(*v)) : null(); }

  std::size_t row_count() const { return rows_; }
  std::size_t byte_count() const { return data_.size(); }
  // Sends everything and empties the buffer, also when it fails (the memory is kept for the next
  // rows); nothing is sent when there is no row.
  result<void> send(connection& c);
  void clear();

 private:
  std::string command_;
  std::string data_;
  std::size_t rows_ = 0;
};

// sql/NNNN_what.sql in order, each once, in a transaction each, under an advisory lock; a landed
// file whose digest changed is an error. Answers how many were applied.
struct migration {
  int number;
  std::string name;
  std::string sql;
};
result<std::vector<migration>> migrations_in(const std::string& folder);
result<int> migrate(connection& c, std::span<const migration> all);
// The names of those that migrate() would land, in order; nothing is changed.
result<std::vector<std::string>> pending_migrations(connection& c, std::span<const migration> all);

// A PostgreSQL of our own below `folder`: unprivileged user, Unix socket only, short path.
class private_server {
 public:
  // Makes the cluster when there is none, starts it when it is not running, and answers its
  // conninfo. Safe when two programs call it at once (a lock file; deadline 60 s). As root the
  // server runs as user postgres (in a folder that this user can enter), otherwise as the caller.
  static result<std::string> ensure(const std::string& folder);
  static result<void> stop(const std::string& folder, bool immediate = false);
  static result<int> process_id(const std::string& folder);  // not_found when it does not run
};

}  // namespace lixin::pg
