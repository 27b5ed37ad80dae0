#include "pg/dump.h"

#include <libpq-fe.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "pg/errc.h"
#include "pg/process.h"

namespace lixin::pg {
namespace {

using namespace std::chrono_literals;

// A city of 20 million records takes minutes; a disk that hangs must not hang us for ever.
constexpr auto dump_deadline = 12h;

struct address {
  std::string conninfo;  // without the password
  std::vector<std::string> environment;
};

void append_setting(std::string& out, std::string_view keyword, std::string_view value) {
  out += (out.empty() ? "" : " ");
  out += keyword;
  out += "='";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  out += "'";
}

result<address> address_of(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (options == nullptr) return error(errc::bad_conninfo);
  address out;
  for (const PQconninfoOption* o = options.get(); o->keyword != nullptr; ++o) {
    if (o->val == nullptr || *o->val == '\0') continue;
    if (std::string_view(o->keyword) == "password") {
      out.environment.push_back(std::string("PGPASSWORD=") + o->val);
    } else {
      append_setting(out.conninfo, o->keyword, o->val);
    }
  }
  // What libpq would find for ourselves it finds for the child.
  for (const char* name : {"PGPASSFILE", "PGPASSWORD", "HOME"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) out.environment.push_back(std::string(name) + "=" + value);
  }
  return out;
}

result<std::string> program(const std::string& name, int server_major, const server_user& user) {
  const auto fits = [&](int major) { return major >= server_major; };
  const std::string folder = programs_folder({name}, fits, user);
  if (folder.empty()) {
    return error(errc::no_client_program, {name, std::to_string(server_major)});
  }
  return folder + "/" + name;
}

}  // namespace

result<void> dump_schema(const std::string& conninfo, int server_major, const std::string& schema,
                         const std::string& snapshot, const std::string& file) {
  LIXIN_TRY(const address to, address_of(conninfo));
  LIXIN_TRY(const server_user user, server_user_of(::geteuid()));
  LIXIN_TRY(const std::string path, program("pg_dump", server_major, user));
  LIXIN_CHECK(run({path, "--format=custom", "--compress=1", "--schema=" + schema, "--no-owner",
                   "--no-privileges", "--lock-wait-timeout=60s", "--snapshot=" + snapshot,
                   "--file=" + file, "--dbname=" + to.conninfo},
                  user, dump_deadline, to.environment));
  return {};
}

result<void> restore_dump(const std::string& conninfo, int server_major, const std::string& file) {
  LIXIN_TRY(const address to, address_of(conninfo));
  LIXIN_TRY(const server_user user, server_user_of(::geteuid()));
  LIXIN_TRY(const std::string path, program("pg_restore", server_major, user));
  LIXIN_CHECK(run({path, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
                   "--dbname=" + to.conninfo, file},
                  user, dump_deadline, to.environment));
  return {};
}

}  // namespace lixin::pg
