// The commands. Each prints its answer on standard output (JSON and nothing else with --json; notes
// and progress go to standard error) and answers an exit code: 0 done, 3 done with refused rows;
// errors are printed by main (2 unusable input, 4 not found, 5 refused by rule, 70 internal).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archive/pending.h"
#include "base/error.h"
#include "lixin/app.h"
#include "policy/policy.h"

namespace lixin {

inline constexpr int done = 0;
inline constexpr int done_with_refused = 3;

result<int> code_check(const app& a, const std::string& path);  // "" or "-": standard input

result<int> pack_check(app& a, const std::vector<std::string>& folders);
result<int> pack_load(app& a, const std::vector<std::string>& folders);
result<int> pack_list(app& a);
result<int> city_load(app& a, const std::string& folder);
result<int> city_show(app& a);

result<int> dataset_list(app& a);
result<int> matter_list(app& a);  // what lixin check --matter takes
result<int> dataset_template(app& a, const std::string& code, const std::string& path);

struct batch_import_options {
  std::string dataset, authority, path, report, encoding, separator, sheet;
  bool again = false;
};
result<int> batch_import(app& a, const batch_import_options& o);
result<int> batch_list(app& a, int limit, std::int64_t before);
struct batch_show_options {
  std::int64_t id = 0;
  bool rows = false;  // every row, not only those with reasons
  std::string fate, report;
  std::uint64_t after = 0;
  int limit = 20;
};
result<int> batch_show(app& a, const batch_show_options& o);
result<int> batch_withdraw(app& a, std::int64_t id, const std::string& reason);

struct pending_list_options {
  std::string dataset, authority, reason, after;
  std::int64_t limit = 50;
};
result<int> pending_list(app& a, const pending_list_options& o);
struct pending_decide_options {
  std::int64_t batch = 0;
  std::vector<std::int64_t> rows;
  archive::decide_request decision;
};
result<int> pending_decide(app& a, const pending_decide_options& o);
struct pending_bind_options {
  std::string dataset, authority;
};
result<int> pending_bind(app& a, const pending_bind_options& o);

struct subject_options {
  std::string code, as_of, known_at, viewer = "centre";
};
result<int> subject_show(app& a, const subject_options& o);
result<int> subject_history(app& a, const subject_options& o);

struct record_event_options {
  policy::event_kind kind = policy::event_kind::dispute;
  std::string record, document, authority, reason, on;
};
result<int> record_event(app& a, const record_event_options& o);

// Who says so; approved_by where it takes two persons.
struct source_options {
  std::string document, authority, reason, on, approved_by;
};
struct tie_options {
  std::string from, to;  // codes
  std::string form;      // of a succession
  bool revoke = false;
  source_options source;
};
result<int> subject_alias(app& a, const tie_options& o);
result<int> subject_unalias(app& a, const tie_options& o);
result<int> subject_succession(app& a, const tie_options& o);
struct rebind_options {
  std::string record, to;
  source_options source;
};
result<int> record_rebind(app& a, const rebind_options& o);

result<int> changes(app& a, std::int64_t after, int limit);

struct check_options {
  std::string code, matter, as_of, known_at, receipt, viewer = "centre";
  std::string file, out;  // many codes
};
result<int> check(app& a, const check_options& o);
result<int> check_file(app& a, const check_options& o);

struct audit_verify_options {
  std::string head, key;  // files: an exported head, and the public key that signed it
  std::int64_t from = 1;
};
result<int> audit_verify(app& a, const audit_verify_options& o);
result<int> audit_head(app& a, const std::string& path);
result<int> audit_key(app& a, const std::string& path);
struct audit_list_options {
  std::int64_t after = 0;
  int limit = 100;
  std::string actor, action;
};
result<int> audit_list(app& a, const audit_list_options& o);

result<int> vault_status(app& a);
result<int> vault_rotate(app& a, bool digest, bool seal);  // neither: both
result<int> vault_retire(app& a);
// The person's number is read from standard input, never an argument.
result<int> vault_open(app& a, const std::string& purpose, const std::string& basis);
// The passphrase comes from the file, or from LIXIN_PASSPHRASE when "" is given.
result<int> vault_keys_backup(app& a, const std::string& out, const std::string& passphrase_file);
result<int> vault_keys_restore(app& a, const std::string& from, const std::string& passphrase_file);

// Passwords come from a terminal or from the file, never from an argument.
struct user_options {
  std::string login_name, display_name, authority, password_file;
  std::vector<std::string> roles;
  bool off = false;
};
result<int> user_add(app& a, const user_options& o);
result<int> user_list(app& a);
result<int> user_disable(app& a, const user_options& o);
result<int> user_enable(app& a, const user_options& o);
result<int> user_password(app& a, const user_options& o);
result<int> user_totp(app& a, const user_options& o);
result<int> user_roles(app& a, const user_options& o);

struct serve_options {
  std::string config;               // a file; "" = LIXIN_CONFIG, or none
  std::vector<std::string> listen;  // over what the file says
};
// Serves until SIGTERM or SIGINT; what was accepted by then is finished.
result<int> serve(app& a, const serve_options& o);
result<int> config_check(app& a, const std::string& path);

struct key_options {
  std::string name, authority, until;
  std::vector<std::string> roles, matters, datasets, networks;
  std::int64_t per_minute = 0, number = 0;
};
result<int> key_add(app& a, const key_options& o);
result<int> key_list(app& a);
result<int> key_revoke(app& a, const key_options& o);

struct purge_options {
  bool due = false, replay = false, dry_run = false, rewrite = false;
};
result<int> purge(app& a, const purge_options& o);
result<int> tick(app& a);

result<int> database_status(app& a);
result<int> database_migrate(app& a, bool dry_run);
struct backup_options {
  std::string folder;
  std::int64_t keep_days = 0, keep = 0;  // 0: no such limit
  bool prune = false;
};
result<int> database_backup(app& a, const backup_options& o);
struct restore_options {
  std::string from;
  bool replace = false;
};
result<int> database_restore(app& a, const restore_options& o);
result<int> database_forget(app& a, const std::string& kept);
result<int> database_stop(app& a);

// Who looks, as named by --viewer.
result<policy::caller> viewer_named(const std::string& text);

}  // namespace lixin
