#include "lixin/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lixin/command_line_table.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/usage.h"
#include "text/encoding.h"

namespace lixin {
// ---- building blocks

CLI::App* command_line::table::noun(const char* name, const char* what) {
  CLI::App* n = cli.add_subcommand(name, what);
  n->require_subcommand(1);
  n->fallthrough();
  n->group("命令 Commands");
  return n;
}

CLI::App* command_line::table::verb(CLI::App* of, const char* name, const char* what, action run) {
  CLI::App* v = of->add_subcommand(name, what);
  v->fallthrough();
  v->group("命令 Commands");
  v->callback([this, run = std::move(run)] { chosen = run; });
  return v;
}

CLI::Option* command_line::table::word(CLI::App* of, const char* name, std::string& to,
                                       const char* type, const char* what) {
  return of->add_option(name, to, what)->type_name(type);
}

// Several values: "--role a,b" or the option again. The next word is an argument, not a value.
CLI::Option* command_line::table::words(CLI::App* of, const char* name,
                                        std::vector<std::string>& to, const char* type,
                                        const char* what) {
  return of->add_option(name, to, what)->type_name(type)->allow_extra_args(false)->delimiter(',');
}

CLI::Validator command_line::table::within(std::string name, std::int64_t from,
                                           std::int64_t up_to) {
  CLI::Validator out;
  out.operation([this, name = std::move(name), from, up_to](std::string& text) -> std::string {
    std::int64_t n = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (ec == std::errc() && end == text.data() + text.size() && n >= from && n <= up_to) return {};
    if (up_to == number_max) {
      bad_value.emplace(errc::too_small,
                        std::vector<std::string>{name, fmt::format("{}", from), as_typed(text)});
      return "no such number";
    }
    bad_value.emplace(errc::bad_number,
                      std::vector<std::string>{name, fmt::format("{}", from),
                                               fmt::format("{}", up_to), as_typed(text)});
    return "no such number";
  });
  return out;
}

CLI::Option* command_line::table::option_number(CLI::App* of, const char* name, std::int64_t& to,
                                                std::int64_t from, std::int64_t up_to,
                                                const char* what) {
  CLI::Option* o = of->add_option(name, to, what)->check(within(name, from, up_to));
  return o->type_name(o->get_positional() ? "" : "N");
}

// ---- the table

command_line::table::table() {
  cli.require_subcommand(1);
  cli.fallthrough();
  cli.get_formatter()->column_width(32);
  cli.get_formatter()->label("REQUIRED", "(required)");
  cli.get_formatter()->label("SUBCOMMAND", "COMMAND");
  cli.footer("通用选项 common options: --data --as --json --lang; 见 see lixin --help");
  add_global();
  add_batches();
  add_pending();
  add_subjects();
  add_checks();
  add_records();
  add_datasets();
  add_packs();
  add_code();
  add_audit();
  add_vault();
  add_users();
  add_keys();
  add_keeping();
  add_database();
  add_server();
  cli.footer(
      "退出码 exit codes: 0 完成 done; 2 输入或参数不可用 unusable input or arguments; 3 "
      "完成，有退回行 "
      "done with refused rows;\n4 没有找到 not found; 5 按规则拒绝 refused by rule; 69 "
      "外部服务不可用 a "
      "service is not there; 70 内部错误 internal.");
}

void command_line::table::add_global() {
  cli.set_help_flag("-h,--help", "显示帮助 show this help");
  cli.set_version_flag("--version", "lixin 0.1.0", "显示版本 show the version");
  word(&cli, "--data", global.data_folder, "DIR",
       "数据文件夹 data folder (else LIXIN_DATA, else the usual place)");
  word(&cli, "--as", global.actor, "USER", "经办人 who acts (else the user of the system)");
  cli.add_flag("--json", global.json, "输出 JSON print JSON");
  CLI::Validator known;
  known.operation([this](std::string& text) -> std::string {
    if (text == "zh" || text == "en") return {};
    bad_value.emplace(errc::bad_option,
                      std::vector<std::string>{"--lang", "zh, en", as_typed(text)});
    return "no such language";
  });
  word(&cli, "--lang", lang, "zh|en", "输出语言 language of the output (errors come in both)")
      ->check(known);
}

void command_line::table::add_code() {
  CLI::App* code = noun("code", "代码校验 identifiers");
  CLI::App* v =
      verb(code, "check", "逐行校验代码 check codes, one a line: valid or invalid and why",
           [this](app& a) { return code_check(a, code_file); });
  word(v, "FILE", code_file, "", "file (else standard input)");
}

void command_line::table::add_packs() {
  CLI::App* pack = noun("pack", "领域包 the catalogue");
  verb(pack, "check", "检查领域包 list every fault of packs",
       [this](app& a) { return pack_check(a, folders); })
      ->add_option("DIR", folders, "pack folders, such as packs/*")
      ->required()
      ->type_name("");
  verb(pack, "load", "装入领域包 load packs", [this](app& a) { return pack_load(a, folders); })
      ->add_option("DIR", folders, "pack folders, such as packs/*")
      ->required()
      ->type_name("");
  verb(pack, "list", "列出已装入的领域包 packs that are loaded",
       [](app& a) { return pack_list(a); });
  CLI::App* city = noun("city", "城市设置 the city's settings");
  CLI::App* load = verb(city, "load",
                        "装入信源单位、区划和工作日历 load authorities, divisions and working days",
                        [this](app& a) { return city_load(a, folder); });
  word(load, "DIR", folder, "", "city folder, such as cities/cangzhou")->required();
  verb(city, "show", "列出信源单位 authorities and what else is loaded",
       [](app& a) { return city_show(a); });
}

void command_line::table::add_datasets() {
  CLI::App* noun_dataset = noun("dataset", "目录项 what can be handed in");
  verb(noun_dataset, "list", "列出目录项 datasets in force",
       [](app& a) { return dataset_list(a); });
  verb(noun("matter", "核查事项 what may be checked"), "list", "列出核查事项 matters in force",
       [](app& a) { return matter_list(a); });
  CLI::App* form =
      verb(noun_dataset, "template", "生成空白填报表 write the empty form of a dataset",
           [this](app& a) { return dataset_template(a, dataset, output); });
  word(form, "CODE", dataset, "", "dataset (see lixin dataset list)")->required();
  word(form, "OUT", output, "", "file to write, .xlsx")->required();
}

void command_line::table::add_batches() {
  CLI::App* noun_batch = noun("batch", "归集 hand-ins");
  CLI::App* in = verb(noun_batch, "import", "归集一个文件 hand in a file (CSV, XLSX, JSON lines)",
                      [this](app& a) { return batch_import(a, import); });
  word(in, "--dataset", import.dataset, "CODE", "dataset (see lixin dataset list)")->required();
  word(in, "--authority", import.authority, "CODE", "the authority that decided")->required();
  word(in, "FILE", import.path, "", "file")->required();
  word(in, "--report", import.report, "FILE", "write the refused rows there (.csv, .xlsx, .jsonl)");
  word(in, "--encoding", import.encoding, "NAME", "UTF-8 or GB18030 (else found)");
  word(in, "--separator", import.separator, "SIGN", "\",\" \";\" \"|\" or tab (else found)");
  word(in, "--sheet", import.sheet, "NAME", "sheet of a workbook (else the first)");
  in->add_flag("--again", import.again, "read a file again that was handed in before");
  add_batch_reading(noun_batch);

  CLI::App* withdraw = verb(noun_batch, "withdraw", "撤回一个批次 take a hand-in back",
                            [this](app& a) { return batch_withdraw(a, batch, reason); });
  option_number(withdraw, "BATCH", batch, 1, number_max, "number")->required();
  word(withdraw, "--reason", reason, "TEXT", "why")->required();
}

void command_line::table::add_batch_reading(CLI::App* noun_batch) {
  CLI::App* list = verb(noun_batch, "list", "列出批次，新的在前 hand-ins, newest first",
                        [this](app& a) { return batch_list(a, static_cast<int>(limit), before); });
  option_number(list, "--limit", limit, 1, 10'000, "how many (100)");
  option_number(list, "--before", before, 1, number_max, "older than this batch");

  CLI::App* one =
      verb(noun_batch, "show", "查看一个批次及各行 one hand-in and its rows", [this](app& a) {
        show.after = static_cast<std::uint64_t>(rows_after);
        show.limit = static_cast<int>(rows_limit);
        return batch_show(a, show);
      });
  option_number(one, "BATCH", show.id, 1, number_max, "number")->required();
  one->add_flag("--rows", show.rows, "every row, not only those with reasons");
  word(one, "--fate", show.fate, "FATE",
       "only rows that were accepted, unchanged, corrected, pending, sealed or refused");
  option_number(one, "--after", rows_after, 0, number_max, "rows after this one");
  option_number(one, "--limit", rows_limit, 1, 100'000, "how many rows (20)");
  word(one, "--report", show.report, "FILE", "write the refused rows there (.csv, .xlsx, .jsonl)");
}

void command_line::table::add_pending() {
  CLI::App* n = noun("pending", "待定行的办理 rows that a person must decide");
  CLI::App* list = verb(n, "list", "列出待定的行 pending rows, in the order of batches",
                        [this](app& a) { return pending_list(a, pending); });
  word(list, "--dataset", pending.dataset, "CODE", "only this dataset");
  word(list, "--authority", pending.authority, "CODE", "only rows of this authority");
  word(list, "--reason", pending.reason, "CODE", "only this reason (archive.subject_unknown ...)");
  option_number(list, "--limit", pending.limit, 1, 10'000, "how many (50)");
  word(list, "--after", pending.after, "BATCH-ROW", "rows after this one, such as 3-7");
  add_pending_decide(n);
  CLI::App* all =
      verb(n, "bind", "主体登记后批量归属 bind all rows whose subject is registered by now",
           [this](app& a) { return pending_bind(a, bind_all); });
  word(all, "--dataset", bind_all.dataset, "CODE", "only this dataset");
  word(all, "--authority", bind_all.authority, "CODE", "only rows of this authority");
}

void command_line::table::add_pending_decide(CLI::App* pending_noun) {
  CLI::App* v =
      verb(pending_noun, "decide", "办理待定的行 decide pending rows of a batch", [this](app& a) {
        decide.decision.bind = bind->count() > 0;
        decide.decision.another_party = static_cast<int>(party);
        return pending_decide(a, decide);
      });
  option_number(v, "BATCH", decide.batch, 1, number_max, "number")->required();
  v->add_option("ROW", decide.rows, "rows of the file")
      ->check(within("ROW", 1, number_max))
      ->required()
      ->type_name("");
  archive::decide_request& d = decide.decision;
  bind = word(v, "--bind", d.code, "[CODE]",
              "归属 bind by the row's own codes, or (with --fact) to this subject");
  bind->expected(0, 1);
  word(v, "--fact", d.fact, "TEXT",
       "第二项依据 another code of it that the row holds, or its name if it is the row's");
  v->add_flag("--replaces", d.replaces, "替换 the record goes over from the old counterpart");
  option_number(v, "--another-party", party, 1, archive::party_ordinal_max,
                "另一当事人 the row is party N of the same document");
  v->add_flag("--accept", d.accept, "确认 the row's content shall stand, although it is older");
  v->add_flag("--reject", d.reject, "退回 refuse the row (with --reason)");
  word(v, "--reason", d.reason, "TEXT", "why");
  v->add_flag("--withdraw-proposal", d.withdraw_proposal,
              "撤回意见 withdraw what waits for a second person");
}

void command_line::table::add_subjects() {
  CLI::App* noun_subject = noun("subject", "信用主体和档案 subjects and their archives");
  const auto options = [this](CLI::App* v) {
    word(v, "CODE", subject.code, "", "credit code, organisation code or registration number")
        ->required();
    word(v, "--as-of", subject.as_of, "DATE", "the date that is asked about (else today)");
    word(v, "--known-at", subject.known_at, "WHEN", "as known at a position, date or time");
    word(v, "--viewer", subject.viewer, "WHO",
         "who looks: everyone, centre (usual), subject-itself, source-authority:CODE ...");
  };
  options(verb(noun_subject, "show", "查看信用档案 the archive of a subject",
               [this](app& a) { return subject_show(a, subject); }));
  options(verb(noun_subject, "history", "查看全部版本 every version of every record",
               [this](app& a) { return subject_history(a, subject); }));
  add_ties(noun_subject);
}

void command_line::table::add_source(CLI::App* v, source_options& to) {
  word(v, "--document", to.document, "NUMBER", "the document that says so")->required();
  word(v, "--authority", to.authority, "CODE", "the authority that issued it")->required();
  word(v, "--reason", to.reason, "TEXT", "why")->required();
  word(v, "--on", to.on, "DATE", "from which day (else today)");
  word(v, "--approved-by", to.approved_by, "USER",
       "the second person, where who is barred changes");
}

void command_line::table::add_ties(CLI::App* noun_subject) {
  const auto add = [&](const char* name, const char* what,
                       result<int> (*run)(app&, const tie_options&)) {
    CLI::App* v = verb(noun_subject, name, what, [this, run](app& a) { return run(a, tie); });
    word(v, "FROM", tie.from, "", "code of the duplicate, or of the one that was succeeded")
        ->required();
    word(v, "TO", tie.to, "", "code of the main registration, or of the successor")->required();
    add_source(v, tie.source);
    return v;
  };
  add("alias", "登记为重复登记 FROM is a duplicate registration of TO", subject_alias);
  add("unalias", "解除重复登记 FROM is no duplicate of TO", subject_unalias);
  CLI::App* v = add("succession", "登记合并、分立 TO succeeded FROM; their archives stay apart",
                    subject_succession);
  word(v, "--form", tie.form, "merger|division", "合并或分立 how")->required();
  v->add_flag("--revoke", tie.revoke, "撤销该登记 what was entered is taken back");
}

void command_line::table::add_records() {
  CLI::App* record = noun("record", "记录的后续事项 what happens to a record");
  const auto add = [&](const char* name, const char* what, policy::event_kind kind) {
    CLI::App* v = verb(record, name, what, [this, kind](app& a) {
      event.kind = kind;
      return record_event(a, event);
    });
    word(v, "RECORD", event.record, "", "number, such as 1203-88412")->required();
    word(v, "--document", event.document, "NUMBER", "the document that says so")->required();
    word(v, "--authority", event.authority, "CODE", "the authority that issued it")->required();
    word(v, "--reason", event.reason, "TEXT", "why")->required();
    word(v, "--on", event.on, "DATE", "from which day (else today)");
  };
  add("dispute", "提出异议 mark a record as disputed", policy::event_kind::dispute);
  add("settle", "办结异议 end a dispute", policy::event_kind::dispute_settled);
  add("repair", "信用修复 stop publishing and using a record", policy::event_kind::repair);
  add("withdraw", "撤销 the decision was revoked or is void", policy::event_kind::withdraw);
  CLI::App* v = verb(record, "rebind", "改归正确主体 bind a record to the right subject",
                     [this](app& a) { return record_rebind(a, rebind); });
  word(v, "RECORD", rebind.record, "", "number, such as 1203-88412")->required();
  word(v, "--to", rebind.to, "CODE", "code of the right subject")->required();
  add_source(v, rebind.source);
}

void command_line::table::add_checks() {
  CLI::App* v = verb(&cli, "check", "核查 may this subject, and what applies?",
                     [this](app& a) { return lixin::check(a, check); });
  word(v, "CODE", check.code, "", "the subject's unified social credit code");
  word(v, "--matter", check.matter, "CODE", "such as procurement.bid");
  word(v, "--as-of", check.as_of, "DATE", "the date that is asked about (else today)");
  word(v, "--known-at", check.known_at, "WHEN", "as known at a position, date or time");
  word(v, "--receipt", check.receipt, "RECEIPT", "give the answer of a receipt again");
  word(v, "--viewer", check.viewer, "WHO", "who asks: everyone, centre (usual) ...");
  word(v, "--file", check.file, "FILE", "many codes: a table or one code a line (with --out)");
  word(v, "--out", check.out, "FILE", "where their answers go, .csv or .jsonl");
  CLI::App* c = verb(&cli, "changes", "变更日志 the journal after a position, one JSON line each",
                     [this](app& a) { return changes(a, after, static_cast<int>(limit)); });
  option_number(c, "--after", after, 0, number_max, "position (0)");
  option_number(c, "--limit", limit, 1, 1'000'000, "how many (100)");
}

// ---- reading

result<command_line::action> command_line::table::read(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (text::valid_utf8_prefix(argument) != argument.size()) {
      return error(errc::not_utf8, {fmt::format("{}", i)});
    }
  }
  // CLI11 takes its words from the end.
  std::vector<std::string> words(argv + 1, argv + std::max(argc, 1));
  if (words.empty()) words.emplace_back("help");
  if (words.front() == "help") {
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  std::ranges::reverse(words);
  try {
    cli.parse(std::move(words));
  } catch (const CLI::Success& asked) {
    cli.exit(asked);
    return action();
  } catch (const CLI::ParseError& thrown) {
    return bad_value ? *bad_value : usage_error(cli, thrown);
  }
  if (lang == "en") global.lang = language::en;
  return chosen;
}

command_line::command_line() : table_(std::make_unique<table>()) {}
command_line::~command_line() = default;

result<command_line::action> command_line::read(int argc, char** argv) {
  return table_->read(argc, argv);
}

const global_options& command_line::global() const { return table_->global; }

}  // namespace lixin
