// Private to the command line: all of its options in one place, so that the callbacks of CLI11
// write into what lives as long as the command. command_line.cc has the commands of officers,
// command_line_operator.cc those of whoever keeps the system.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "access/api_key.h"
#include "lixin/command_line.h"
#include "lixin/commands.h"

namespace lixin {

inline constexpr std::int64_t number_max = 999'999'999'999'999'999;

struct command_line::table {
  table();
  result<action> read(int argc, char** argv);

  CLI::App* noun(const char* name, const char* what);
  CLI::App* verb(CLI::App* of, const char* name, const char* what, action run);
  CLI::Option* word(CLI::App* of, const char* name, std::string& to, const char* type,
                    const char* what);
  CLI::Option* option_number(CLI::App* of, const char* name, std::int64_t& to, std::int64_t from,
                             std::int64_t up_to, const char* what);
  CLI::Option* words(CLI::App* of, const char* name, std::vector<std::string>& to, const char* type,
                     const char* what);
  CLI::Validator within(std::string name, std::int64_t from, std::int64_t up_to);
  void add_global();
  void add_code();
  void add_packs();
  void add_datasets();
  void add_batches();
  void add_batch_reading(CLI::App* batch);
  void add_pending();
  void add_pending_decide(CLI::App* pending);
  void add_subjects();
  void add_source(CLI::App* v, source_options& to);
  void add_ties(CLI::App* noun_subject);
  void add_records();
  void add_checks();
  void add_audit();
  void add_vault();
  void add_users();
  void add_keys();
  void add_keeping();
  void add_database();
  void add_server();

  CLI::App cli{"Lixin（立信）：城市公共信用信息平台 a city's public credit information", "lixin"};
  global_options global;
  action chosen;
  std::optional<error> bad_value;  // what a validator found; CLI11 itself only takes text

  std::string code_file;
  std::vector<std::string> folders;
  std::string folder, dataset, output, lang;
  batch_import_options import;
  batch_show_options show;
  std::int64_t batch = 0, before = 0, after = 0, limit = 100, rows_after = 0, rows_limit = 20;
  std::string reason;
  pending_list_options pending;
  pending_decide_options decide;
  pending_bind_options bind_all;
  std::int64_t party = 0;
  CLI::Option* bind = nullptr;  // with a value or without
  subject_options subject;
  record_event_options event;
  tie_options tie;
  rebind_options rebind;
  check_options check;
  audit_verify_options verify;
  audit_list_options entries;
  std::int64_t entries_limit = 100;
  bool digest_keys = false, seal_keys = false;
  std::string purpose, basis, backup, passphrase_file;
  user_options user;
  key_options api_key;
  purge_options purge;
  backup_options db_backup;
  restore_options db_restore;
  bool dry_run = false;
  std::string kept;
  serve_options serve;
  std::string config;
};

}  // namespace lixin
