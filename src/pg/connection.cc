// Connections, parameters and rows over libpq.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

#include "pg/errc.h"
#include "pg/libpq.h"
#include "pg/pg.h"

namespace lixin::pg {
namespace {

constexpr int connect_timeout_s = 10;
constexpr int oldest_version = 150000;

struct conninfo_closer {
  void operator()(PQconninfoOption* o) const { PQconninfoFree(o); }
};
using conninfo_options = std::unique_ptr<PQconninfoOption, conninfo_closer>;

bool is_socket(std::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@';
}

// The caller's own settings win; what it leaves open gets our limits.
struct settings {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  bool own_statement_timeout = false;

  void add(const char* keyword, const char* value) {
    keywords.push_back(keyword);
    values.push_back(value);
  }
  bool has(std::string_view keyword) const {
    return std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();
  }
  void add_default(const char* keyword, const char* value) {
    if (!has(keyword)) add(keyword, value);
  }
};

settings settings_of(const PQconninfoOption* option) {
  settings out;
  std::string_view host;
  for (; option->keyword != nullptr; ++option) {
    if (option->val == nullptr || *option->val == '\0') continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "client_encoding") continue;
    if (keyword == "host") host = option->val;
    if (keyword == "options" && std::strstr(option->val, "statement_timeout") != nullptr)
      out.own_statement_timeout = true;
    out.add(option->keyword, option->val);
  }
  out.add("client_encoding", "UTF8");
  out.add_default("application_name", "lixin");
  if (!is_socket(host)) {
    // A cut line is noticed within about a minute instead of two hours.
    out.add_default("keepalives_idle", "30");
    out.add_default("keepalives_interval", "10");
    out.add_default("keepalives_count", "3");
    out.add_default("tcp_user_timeout", "60000");
  }
  return out;
}

void drop_notice(void*, const PGresult*) {}

// "connection to server ... failed: FATAL: ..." on one line.
std::string one_line(std::string_view text) {
  constexpr std::size_t bytes_max = 500;
  std::string out;
  for (const char c : text.substr(0, bytes_max)) {
    const bool blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  // A character cut in the middle would make the sentence invalid UTF-8.
  if (text.size() > bytes_max) {
    while (!out.empty() && (out.back() & 0xc0) == 0x80) out.pop_back();
    if (!out.empty() && (out.back() & 0x80) != 0) out.pop_back();
  }
  return out;
}

struct condition {
  std::string_view sqlstate;
  std::string_view name;
};

// Conditions of classes 22, 23 and 44, whose own texts quote the value that was refused.
constexpr std::array conditions{
    condition{"22001", "a text is longer than its column allows"},
    condition{"22003", "a number is out of range"},
    condition{"22004", "a null where a value is needed"},
    condition{"22007", "not a date or time"},
    condition{"22008", "a date or time is out of range"},
    condition{"22012", "division by zero"},
    condition{"22021", "a text is not valid UTF-8"},
    condition{"22023", "invalid parameter"},
    condition{"22030", "a JSON object has the same key twice"},
    condition{"22032", "not valid JSON"},
    condition{"22P02", "a value does not have the form of its type"},
    condition{"22P03", "a binary value does not have the form of its type"},
    condition{"22P04", "the copied rows do not fit the columns"},
    condition{"22P05", "a character has no form in this encoding"},
    condition{"23001", "the row is still in use"},
    condition{"23502", "a value is missing"},
    condition{"23503", "a row that this one refers to is missing"},
    condition{"23505", "the same key is already there"},
    condition{"23514", "a value breaks a rule of the table"},
    condition{"23P01", "the row overlaps another"},
};

std::string_view condition_name(std::string_view sqlstate) {
  for (const condition& c : conditions) {
    if (c.sqlstate == sqlstate) return c.name;
  }
  return sqlstate.substr(0, 2) == "22" ? "unfit data" : "a rule of the database is broken";
}

std::string_view field(const PGresult* r, int code) {
  const char* const text = PQresultErrorField(r, code);
  return text == nullptr ? std::string_view() : text;
}

// What may be said about an error. DETAIL, HINT and CONTEXT quote rows, and so does the primary
// message of some classes; there only the condition and the names of table, column and constraint.
std::string describe(const PGresult* r, std::string_view sqlstate) {
  const std::string_view kind = sqlstate.substr(0, 2);
  if (kind != "22" && kind != "23" && kind != "44" && kind != "P0")
    return one_line(field(r, PG_DIAG_MESSAGE_PRIMARY));
  std::string out(condition_name(sqlstate));
  constexpr std::array<std::pair<int, std::string_view>, 3> names{
      std::pair{PG_DIAG_TABLE_NAME, "table"}, std::pair{PG_DIAG_COLUMN_NAME, "column"},
      std::pair{PG_DIAG_CONSTRAINT_NAME, "constraint"}};
  for (const auto& [code, what] : names) {
    if (const auto name = field(r, code); !name.empty()) out += fmt::format(", {} {}", what, name);
  }
  return out;
}

// 08P01 alone of its class leaves the connection standing: a value with too few or too many bytes.
const message& message_for(std::string_view sqlstate) {
  const std::string_view kind = sqlstate.substr(0, 2);
  if ((kind == "08" && sqlstate != "08P01") || sqlstate == "57P01" || sqlstate == "57P02" ||
      sqlstate == "57P03")
    return errc::server_gone;
  if (sqlstate == "23505") return errc::duplicate;
  if (sqlstate == "40001" || sqlstate == "40P01") return errc::try_again;
  if (sqlstate == "55P03") return errc::locked;
  if (sqlstate == "57014") return errc::cancelled;
  if (sqlstate == "53100") return errc::disk_full;
  if (sqlstate == "25006") return errc::read_only;
  if (sqlstate == "42P01") return errc::tables_gone;
  return errc::database_error;
}

constexpr std::string_view connection_failure = "08006";

// One round trip. Limits of waiting are the server's, so that a lost client leaves nothing behind.
std::string session_settings(bool own_statement_timeout) {
  std::string sql =
      "set client_min_messages to warning; set search_path to lixin; set timezone to 'UTC'; "
      "set datestyle to 'ISO, YMD'; set bytea_output to 'hex'; set lock_timeout to '60s'; "
      "set idle_in_transaction_session_timeout to '10min'; ";
  if (!own_statement_timeout) sql += "set statement_timeout to '10min'; ";
  return sql;
}

}  // namespace

void result_closer::operator()(pg_result* r) const { PQclear(r); }

error error_of(pg_conn* c, const pg_result* r) {
  if (r != nullptr) {
    const std::string sqlstate(field(r, PG_DIAG_SQLSTATE));
    if (!sqlstate.empty()) return error(message_for(sqlstate), {sqlstate, describe(r, sqlstate)});
  }
  // No SQLSTATE: libpq speaks itself, of the line or of memory, and knows no row.
  const std::string text = one_line(PQerrorMessage(c));
  if (PQstatus(c) != CONNECTION_OK)
    return error(errc::server_gone, {std::string(connection_failure), text});
  return error(errc::database_error, {"XX000", text});
}

namespace {

// A server that replays its log after a crash answers, but lets nobody in yet: that passes by
// itself.
pg_conn* connect(const settings& with) {
  constexpr std::chrono::seconds recovery_max{60};
  constexpr std::chrono::milliseconds pause{100};
  const auto deadline = std::chrono::steady_clock::now() + recovery_max;
  bool last_try = false;
  while (true) {
    pg_conn* const c = PQconnectdbParams(with.keywords.data(), with.values.data(), 0);
    if (PQstatus(c) == CONNECTION_OK || last_try) return c;
    const PGPing now = PQpingParams(with.keywords.data(), with.values.data(), 0);
    if (now != PQPING_REJECT && now != PQPING_OK) return c;
    PQfinish(c);
    // It lets in now: if the next try fails too, the reason is another.
    last_try = now == PQPING_OK || std::chrono::steady_clock::now() > deadline;
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

result<connection> connection::open(const std::string& conninfo) {
  char* complaint = nullptr;
  const conninfo_options options(PQconninfoParse(conninfo.c_str(), &complaint));
  PQfreemem(complaint);  // not shown: it may quote the password
  if (!options) return error(errc::bad_conninfo);
  settings with = settings_of(options.get());
  const std::string timeout = std::to_string(connect_timeout_s);
  with.add_default("connect_timeout", timeout.c_str());
  with.add(nullptr, nullptr);

  connection out;
  out.conn_.reset(connect(with));
  pg_conn* const c = out.conn_.get();
  if (PQstatus(c) != CONNECTION_OK) {
    return error(errc::cannot_connect,
                 {std::string(connection_failure), one_line(PQerrorMessage(c))});
  }
  PQsetNoticeReceiver(c, drop_notice, nullptr);  // libpq would print them, with data, on stderr
  if (PQserverVersion(c) < oldest_version) {
    const char* const version = PQparameterStatus(c, "server_version");
    return error(errc::server_too_old, {"", version == nullptr ? "?" : version});
  }
  const char* const encoding = PQparameterStatus(c, "server_encoding");
  if (encoding == nullptr || std::strcmp(encoding, "UTF8") != 0)
    return error(errc::not_utf8, {"", encoding == nullptr ? "?" : encoding});
  LIXIN_CHECK(out.script(session_settings(with.own_statement_timeout)));
  return out;
}

void connection::closer::operator()(pg_conn* c) const { PQfinish(c); }
connection::connection(connection&&) noexcept = default;
connection& connection::operator=(connection&&) noexcept = default;
connection::~connection() = default;

result<rows> connection::exec(std::string_view sql, const params& p) {
  const std::size_t n = p.values_.size();
  std::vector<const char*> values(n);
  std::vector<int> lengths(n);
  std::vector<int> formats(n);
  for (std::size_t i = 0; i < n; ++i) {
    const params::value& v = p.values_[i];
    // libpq takes text up to the first zero byte and would cut the rest silently.
    if (!v.binary && v.data.find('\0') != std::string::npos)
      return error(errc::zero_byte, {"22021", std::to_string(i + 1)});
    values[i] = v.null ? nullptr : v.data.c_str();
    lengths[i] = static_cast<int>(v.data.size());
    formats[i] = v.binary ? 1 : 0;
  }
  const std::string statement(sql);
  result_ptr answer(PQexecParams(conn_.get(), statement.c_str(), static_cast<int>(n), nullptr,
                                 values.data(), lengths.data(), formats.data(), 0));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
    return rows(answer.release());
  LIXIN_ASSERT(status != PGRES_COPY_IN && status != PGRES_COPY_OUT);  // COPY goes by copy_buffer
  return error_of(conn_.get(), answer.get());
}

result<void> connection::script(std::string_view sql) {
  const std::string statements(sql);
  const result_ptr answer(PQexec(conn_.get(), statements.c_str()));
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY)
    return {};
  LIXIN_ASSERT(status != PGRES_COPY_IN && status != PGRES_COPY_OUT);
  return error_of(conn_.get(), answer.get());
}

result<void> connection::begin() { return script("begin"); }

result<void> connection::commit() {
  const result_ptr answer(PQexec(conn_.get(), "commit"));
  if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) {
    error e = error_of(conn_.get(), answer.get());
    // Whether the server had written it before the line broke, nobody knows here.
    if (e.is(errc::server_gone)) return error(errc::commit_unknown, e.args());
    return e;
  }
  // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and calls it success.
  if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") != 0)
    return error(errc::rolled_back, {"25P02", "rollback"});
  return {};
}

void connection::rollback() {
  const auto status = PQtransactionStatus(conn_.get());
  if (status == PQTRANS_INTRANS || status == PQTRANS_INERROR)
    const result_ptr answer(PQexec(conn_.get(), "rollback"));
}

bool connection::alive() const { return PQstatus(conn_.get()) == CONNECTION_OK; }

result<std::string> begin_snapshot(connection& c) {
  LIXIN_CHECK(c.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  LIXIN_TRY(const auto r, c.exec("SELECT pg_export_snapshot()"));
  return std::string(r.text(0, 0));
}

result<void> begin_snapshot_of(connection& c, std::string_view name) {
  // The statement takes no parameter; a name has nothing but these signs.
  LIXIN_ASSERT(!name.empty() &&
               name.find_first_not_of("0123456789ABCDEF-") == std::string_view::npos);
  LIXIN_CHECK(c.script("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
  return c.script(fmt::format("SET TRANSACTION SNAPSHOT '{}'", name));
}

result<transaction> transaction::begin(connection& c) {
  LIXIN_CHECK(c.begin());
  return transaction(c);
}

}  // namespace lixin::pg
