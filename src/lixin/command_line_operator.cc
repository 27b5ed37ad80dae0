// The commands of whoever keeps the system: audit, vault, accounts, keys, purge, database, server.
#include "lixin/command_line_table.h"

namespace lixin {

void command_line::table::add_audit() {
  CLI::App* audit = noun("audit", "审计链 the audit chain");
  CLI::App* v = verb(audit, "verify", "核对审计链及其所载内容 find what was tampered with",
                     [this](app& a) { return audit_verify(a, verify); });
  word(v, "--head", verify.head, "FILE", "a head exported before, which must still be in it");
  word(v, "--key", verify.key, "FILE", "public key of that head, PEM (else the key file's)");
  option_number(v, "--from", verify.from, 1, number_max, "first entry to check (1)");
  CLI::App* head = verb(audit, "head", "导出签名的链首 export the head, signed with SM2",
                        [this](app& a) { return audit_head(a, output); });
  word(head, "--out", output, "FILE", "new file")->required();
  CLI::App* key = verb(audit, "key", "导出签名公钥 export the public key, PEM",
                       [this](app& a) { return audit_key(a, output); });
  word(key, "--out", output, "FILE", "new file")->required();
  CLI::App* list = verb(audit, "list", "列出审计条目 entries, oldest first", [this](app& a) {
    entries.limit = static_cast<int>(entries_limit);
    return audit_list(a, entries);
  });
  option_number(list, "--after", entries.after, 0, number_max, "after this entry (0)");
  option_number(list, "--limit", entries_limit, 1, 100'000, "how many (100)");
  word(list, "--actor", entries.actor, "USER", "only of this actor");
  word(list, "--action", entries.action, "CODE", "only this action, such as vault-opened");
}

void command_line::table::add_vault() {
  CLI::App* vault = noun("vault", "封存的自然人数据及密钥 sealed persons and their keys");
  verb(vault, "status", "各密钥使用情况 rows by key", [](app& a) { return vault_status(a); });
  CLI::App* rotate = verb(vault, "rotate", "更换密钥并重新封存 new keys, all rows sealed anew",
                          [this](app& a) { return vault_rotate(a, digest_keys, seal_keys); });
  rotate->add_flag("--digest", digest_keys, "the digest key only (else both)");
  rotate->add_flag("--seal", seal_keys, "the seal key only (else both)");
  verb(vault, "retire", "从密钥文件中删除无人使用的旧密钥 drop keys that no row names",
       [](app& a) { return vault_retire(a); });
  CLI::App* open =
      verb(vault, "open", "查阅一个自然人的封存数据 rows of the person on standard input",
           [this](app& a) { return vault_open(a, purpose, basis); });
  word(open, "--purpose", purpose, "TEXT", "what for")->required();
  word(open, "--basis", basis, "TEXT", "the law and article that allow it")->required();
  CLI::App* keys = vault->add_subcommand("keys", "密钥的备份和恢复 backup of the keys");
  keys->require_subcommand(1);
  keys->fallthrough();
  keys->group("命令 Commands");
  CLI::App* save = verb(keys, "backup", "加密备份密钥文件 back the keys up, encrypted",
                        [this](app& a) { return vault_keys_backup(a, output, passphrase_file); });
  word(save, "--out", output, "FILE", "new file")->required();
  CLI::App* restore =
      verb(keys, "restore", "从备份恢复密钥 restore keys from a backup",
           [this](app& a) { return vault_keys_restore(a, backup, passphrase_file); });
  word(restore, "FILE", backup, "", "backup")->required();
  for (CLI::App* x : {save, restore})
    word(x, "--passphrase-file", passphrase_file, "FILE",
         "file with the passphrase (else LIXIN_PASSPHRASE)");
}

void command_line::table::add_users() {
  CLI::App* n = noun("user", "工作人员账号 accounts of staff");
  verb(n, "list", "列出账号 accounts", [](app& a) { return user_list(a); });
  const auto add = [&](const char* name, const char* what,
                       result<int> (*run)(app&, const user_options&)) {
    CLI::App* v = verb(n, name, what, [this, run](app& a) { return run(a, user); });
    word(v, "NAME", user.login_name, "", "login name: small letters, digits, '.', '_', '-'")
        ->required();
    return v;
  };
  CLI::App* made = add("add", "新建账号 a new account", user_add);
  word(made, "--name", user.display_name, "TEXT", "显示名 name that is shown (else NAME)");
  CLI::App* roles = add("roles", "改变角色 other roles, which take the place of all", user_roles);
  for (CLI::App* v : {made, roles}) {
    words(v, "--role", user.roles, "ROLE,...", "data-officer, centre, checker, auditor, admin")
        ->required();
    word(v, "--authority", user.authority, "CODE", "of a data officer or checker");
  }
  add("disable", "停用账号，立即退出登录 no signing in any more, sessions end", user_disable);
  add("enable", "启用账号，解除锁定 the contrary, also of a lock-out", user_enable);
  CLI::App* password = add("password", "设置密码 set a password, sessions end", user_password);
  for (CLI::App* v : {made, password})
    word(v, "--password-file", user.password_file, "FILE",
         "file with the password (else it is asked for)");
  add("totp", "启用动态码 signing in takes codes of a telephone; prints their secret", user_totp)
      ->add_flag("--off", user.off, "停用 takes none any more");
}

void command_line::table::add_keys() {
  CLI::App* n = noun("key", "接口密钥 keys of other systems");
  verb(n, "list", "列出密钥 keys", [](app& a) { return key_list(a); });
  CLI::App* v = verb(n, "add", "发放密钥 issue a key, which is printed this once",
                     [this](app& a) { return key_add(a, api_key); });
  word(v, "--name", api_key.name, "TEXT", "the system that holds it")->required();
  word(v, "--until", api_key.until, "DATE", "last day on which it serves")->required();
  word(v, "--authority", api_key.authority, "CODE", "of a data officer or checker");
  words(v, "--role", api_key.roles, "ROLE,...", "data-officer, centre, checker, auditor")
      ->required();
  words(v, "--matter", api_key.matters, "CODE,...", "may check these alone (else all)");
  words(v, "--dataset", api_key.datasets, "CODE,...", "may hand in these alone (else all)");
  words(v, "--from", api_key.networks, "RANGE,...",
        "from where, such as 192.0.2.0/24 (else anywhere)");
  api_key.per_minute = access::key_quota_usual;
  option_number(v, "--per-minute", api_key.per_minute, 1, access::key_quota_max, "requests (600)");
  CLI::App* gone = verb(n, "revoke", "吊销密钥 it serves no more",
                        [this](app& a) { return key_revoke(a, api_key); });
  option_number(gone, "NUMBER", api_key.number, 1, number_max, "number")->required();
}

void command_line::table::add_keeping() {
  CLI::App* p = verb(&cli, "purge", "清除保存期满的内容 content whose retention has ended goes",
                     [this](app& a) { return lixin::purge(a, purge); });
  p->add_flag("--due", purge.due, "今天到期的全部 all that is due today");
  p->add_flag("--dry-run", purge.dry_run, "只统计不清除 count only");
  p->add_flag("--replay", purge.replay, "按台账补做 do what the ledger holds once more");
  p->add_flag("--rewrite", purge.rewrite,
              "清除后重写表文件（期间锁表） then write the tables' files anew (locks them)");
  verb(&cli, "tick", "提示到期事项 tell followers what has ended by date",
       [](app& a) { return tick(a); });
}

void command_line::table::add_database() {
  CLI::App* db = noun("db", "数据库 the database");
  verb(db, "status", "查看状态 where it stands", [](app& a) { return database_status(a); });
  verb(db, "migrate", "升级库结构 bring the schema up to this program", [this](app& a) {
    return database_migrate(a, dry_run);
  })->add_flag("--dry-run", dry_run, "只列出 only list what would be done");
  CLI::App* b = verb(db, "backup", "备份 a backup of everything but the keys",
                     [this](app& a) { return database_backup(a, db_backup); });
  word(b, "--out", db_backup.folder, "DIR", "folder that holds the backups")->required();
  option_number(b, "--keep-days", db_backup.keep_days, 1, 36'500, "older ones are too old");
  option_number(b, "--keep", db_backup.keep, 1, 10'000, "more than so many are too old");
  b->add_flag("--prune", db_backup.prune,
              "删除超期备份 remove what is too old (else it is listed)");
  CLI::App* r = verb(db, "restore", "从备份恢复 bring a backup back",
                     [this](app& a) { return database_restore(a, db_restore); });
  word(r, "--from", db_restore.from, "DIR", "the folder of one backup")->required();
  r->add_flag("--replace", db_restore.replace,
              "替换现有数据并改名保留 what stands there is kept aside");
  CLI::App* f = verb(db, "forget", "删除恢复时保留的旧数据 drop what a restore kept aside",
                     [this](app& a) { return database_forget(a, kept); });
  word(f, "NAME", kept, "", "as lixin db status lists it")->required();
  verb(db, "stop", "停止自带的数据库 stop the private server",
       [](app& a) { return database_stop(a); });
}

void command_line::table::add_server() {
  CLI::App* v = verb(&cli, "serve", "启动接口服务 serve the API until it is told to stop",
                     [this](app& a) { return lixin::serve(a, serve); });
  word(v, "--config", serve.config, "FILE", "settings (TOML; else LIXIN_CONFIG)");
  words(v, "--listen", serve.listen, "ADDRESS",
        "监听地址 where to listen: 127.0.0.1:8080, [::1]:8080, unix:/run/lixin/http.sock");
  CLI::App* c = noun("config", "服务设置 settings of the server");
  CLI::App* looks = verb(c, "check", "检查设置文件 name every fault of a settings file",
                         [this](app& a) { return config_check(a, config); });
  word(looks, "FILE", config, "", "the settings (TOML)")->required();
}

}  // namespace lixin
