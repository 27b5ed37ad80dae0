#include "archive/testing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "catalogue/city.h"
#include "identity/codes.h"
#include "identity/personal.h"
#include "pg/test_server.h"

namespace lixin::archive::testing {
namespace {

namespace fs = std::filesystem;

const std::string source_dir = LIXIN_SOURCE_DIR;
constexpr std::string_view signs_of_codes = "0123456789ABCDEFGHJKLMNPQRTUWXY";

std::string new_folder() {
  std::string name = (fs::temp_directory_path() / "lixin-archive-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test");
  return name;
}

const catalogue::city_settings& settings() {
  static const catalogue::city_check check = catalogue::read_city(source_dir + "/cities/cangzhou");
  if (!check.faults.empty()) throw std::runtime_error(check.faults[0].text(language::en));
  return check.settings;
}

void load_pack(pg::connection& c, const std::string& name) {
  auto sheets = must(catalogue::read_sheets(source_dir + "/packs/" + name));
  auto check = catalogue::check_pack(std::move(sheets), name);
  if (!check.pack) throw std::runtime_error(check.faults[0].text(language::en));
  auto tx = must(pg::transaction::begin(c));
  const auto now = fixed_clock(date(2026, 1, 1)).now();
  const auto at = must(journal::reserve(c, 1, now));
  const auto saved = must(catalogue::save_pack(c, *check.pack, at.first, "tester"));
  must(journal::write(c, at, {{.kind = journal::kind::pack_loaded, .version = saved.id.value}},
                      {journal::action::pack_loaded, "tester", "pack " + name}));
  must(tx.commit());
}

// The database that every city of this program is copied from.
const std::string& template_name() {
  static const std::string name = [] {
    const std::string conninfo = pg::test_server::fresh_database();
    auto c = must(pg::connection::open(conninfo));
    const auto all = must(pg::migrations_in(source_dir + "/sql"));
    must(pg::migrate(c, all));
    must(c.begin());
    must(catalogue::save_city(c, settings(), "tester", fixed_clock(date(2026, 1, 1)).now()));
    must(c.commit());
    for (const char* pack : {"registration", "double-publicity", "procurement"}) load_pack(c, pack);
    return conninfo.substr(conninfo.rfind('=') + 1);
  }();
  return name;
}

// Databases of cities that are gone, emptied for the next ones: making and deleting one takes
// longer than most tests. Tests that change what the template holds put it back.
class database_pool {
 public:
  std::string take() {
    if (free_.empty()) return make();
    const std::string conninfo = free_.back();
    free_.pop_back();
    auto c = must(pg::connection::open(conninfo));
    must(c.script(
        "TRUNCATE subject, subject_name, subject_link, identifier, identifier_key, record, "
        "record_key, record_version, record_event, record_move, batch, batch_row, batch_row_note, "
        "pending_decision, sealed_record, vault_key, key_mark, inquiry, purged_record, "
        "purged_document, told_end, backup_made, staff, staff_session, api_key RESTART IDENTITY; "
        "UPDATE access_state SET key_changes = 0, unknown_names = 0; UPDATE purge_state SET "
        "ledger_lines = 0, rules = "
        "'{}', ran_at = NULL; UPDATE ticker SET told_through = NULL, telling_through = NULL, "
        "telling_after = 0, telling_to = 0, rules = '{}', ran_at = NULL; DELETE FROM journal WHERE "
        "kind <> 1; UPDATE journal_head SET "
        "position = (SELECT max(position) FROM journal), sealed_at = (SELECT max(sealed_at) FROM "
        "journal); DELETE FROM audit WHERE action <> 1; UPDATE audit_head h SET "
        "inquiry_number = 0, entry_number = a.entry_number, written_at = a.written_at, digest = "
        "a.digest FROM audit a "
        "WHERE a.entry_number = (SELECT max(entry_number) FROM audit)"));
    return conninfo;
  }
  void give_back(const std::string& conninfo) { free_.push_back(conninfo); }

 private:
  std::string make() {
    const std::string& source = template_name();
    auto c = must(pg::connection::open(pg::test_server::conninfo()));
    const std::string name = fmt::format("city_{}", ++made_);
    must(c.script("CREATE DATABASE " + name + " TEMPLATE " + source));
    return pg::test_server::conninfo() + " dbname=" + name;
  }
  std::vector<std::string> free_;
  int made_ = 0;
};

database_pool& databases() {
  static database_pool pool;
  return pool;
}

std::string serial_text(int n) { return fmt::format("MA9{:05}", n); }

}  // namespace

std::string organisation_code(int n) {
  for (const char sign : signs_of_codes) {
    const std::string code = serial_text(n) + sign;
    if (identity::check_organisation_code(code).ok()) return code;
  }
  throw std::runtime_error("no check sign");
}

std::string credit_code(int n, std::string_view signs) {
  const std::string body = std::string(signs) + "130902" + organisation_code(n);
  for (const char sign : signs_of_codes) {
    if (identity::check_credit_code(body + sign).code) return body + sign;
  }
  throw std::runtime_error("no check sign");
}

std::string registration_number(int n) {
  const std::string body = fmt::format("13090000{:06}", n);
  for (const char sign : std::string_view("0123456789")) {
    if (identity::check_registration_number(body + sign).ok()) return body + sign;
  }
  throw std::runtime_error("no check sign");
}

std::string resident_number(int n) {
  const std::string body = fmt::format("13099919800101{:03}", n);
  for (const char sign : std::string_view("0123456789X")) {
    if (identity::is_resident_number(body + sign)) return body + sign;
  }
  throw std::runtime_error("no check sign");
}

std::string csv(const std::vector<strings>& lines) {
  std::string out;
  for (const strings& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (i > 0) out += ',';
      if (line[i].find_first_of(",\"\n\r") == std::string::npos) {
        out += line[i];
        continue;
      }
      out += '"';
      for (const char c : line[i]) {
        if (c == '"') out += '"';
        out += c;
      }
      out += '"';
    }
    out += "\r\n";
  }
  return out;
}

std::string registrations(const std::vector<registration>& rows) {
  std::vector<strings> lines{{"企业名称", "统一社会信用代码", "工商注册号", "住所"}};
  for (const registration& r : rows) lines.push_back({r.name, r.code, r.number, r.address});
  return csv(lines);
}

std::string penalties(const std::vector<penalty>& rows) {
  std::vector<strings> lines{{"CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_FRDB",
                              "CF_FR_ZJHM", "CF_XDR_ZJLX", "CF_XDR_ZJHM", "CF_WSH", "CF_SY",
                              "CF_YJ", "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_JDRQ", "CF_CFJG",
                              "LX_SXDJ", "LX_DSRXH"}};
  for (const penalty& p : rows) {
    const bool person = !p.person.empty();
    const std::string of_class = person                     ? "自然人"
                                 : p.code.starts_with("92") ? "个体工商户"
                                                            : "法人及非法人组织";
    lines.push_back({p.name, of_class, p.code, p.registration_number, person ? "" : "示例人", "",
                     person ? "身份证" : "", p.person, p.document, p.facts, "示例法第一条", p.kind,
                     "罚款贰仟元", p.kind.find("罚款") != std::string::npos ? "0.2" : "", p.decided,
                     "示例机关", p.level, p.ordinal});
  }
  return csv(lines);
}

std::string procurement_entries(const std::vector<procurement_entry>& rows) {
  std::vector<strings> lines{{"供应商名称", "主体类别", "统一社会信用代码", "处罚决定文书号",
                              "处罚决定日期", "严重违法失信行为的具体情形", "处罚结果", "列入依据",
                              "告知日期", "生效日期", "截止日期", "救济途径", "执法单位",
                              "执法单位统一社会信用代码"}};
  for (const procurement_entry& e : rows) {
    lines.push_back({e.name, "法人及非法人组织", e.code, e.document, e.decided, "示例情形",
                     "一年内禁止参加政府采购活动", "示例依据", e.decided, e.decided, e.until,
                     "见决定书", "示例机关", credit_code(99'001, "11")});
  }
  return csv(lines);
}

// ---- the city

trial_city::trial_city() : conninfo_(databases().take()), folder_(new_folder()) {}

trial_city::~trial_city() {
  databases().give_back(conninfo_);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string trial_city::write(const std::string& text, std::string_view ending) {
  const std::string path = fmt::format("{}/hand-in-{}{}", folder_, ++files_, ending);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

const crypto::key_file& trial_city::keys() {
  static const crypto::key_file file = [] {
    const std::string folder = new_folder();
    auto made = must(crypto::key_file::open_or_create(folder + "/keys"));
    fs::remove_all(folder);
    return made;
  }();
  return file;
}

const calendar::working_days& trial_city::days() { return settings().days; }

// ---- an officer

desk::desk(trial_city& city)
    : city_(city),
      connection_(must(pg::connection::open(city.conninfo()))),
      packs_(must(catalogue::store::open(connection_))),
      persons_(trial_city::keys()) {}

import_context desk::context() {
  return {connection_, packs_, trial_city::days(), persons_, clock_};
}

result<import_outcome> desk::import(const import_request& request) {
  return import(request, nullptr);
}

result<import_outcome> desk::import(const import_request& request,
                                    const std::function<void(const import_progress&)>& progress) {
  return import_file(context(), request, progress);
}

import_outcome desk::hand_in(const std::string& dataset, const std::string& text,
                             const std::string& authority) {
  auto out = must(import(
      {.dataset = dataset, .authority = authority, .path = city_.write(text), .actor = "officer"}));
  if (!out.heading_faults.empty()) {
    throw std::runtime_error(out.heading_faults.front().text(language::en));
  }
  return out;
}

batch_id desk::register_all(const std::vector<registration>& rows) {
  return hand_in("registration", registrations(rows)).batch.id;
}

batch_id desk::penalise(const std::vector<penalty>& rows) {
  return hand_in("penalty", penalties(rows)).batch.id;
}

std::vector<row_fate> desk::rows(batch_id id) {
  return must(rows_of(connection_, id, {.limit = 100'000}));
}

strings desk::fates(batch_id id) {
  strings out;
  for (const row_fate& r : rows(id)) {
    std::string line(code_of(r.what));
    if (r.version > 1) line += fmt::format(" v{}", r.version);
    for (const row_reason& reason : r.reasons) line += " " + reason.code;
    if (r.late) line += " late";
    if (r.name_differs) line += " name-differs";
    out.push_back(std::move(line));
  }
  return out;
}

withdrawal desk::withdraw(batch_id id) {
  return must(withdraw_batch(context(), id, "officer", "报送有误"));
}

record_name desk::record_of(batch_id id, std::uint64_t row) {
  const auto found = must(rows_of(connection_, id, {.after = row - 1, .limit = 1}));
  if (found.empty() || found[0].row_number != row || found[0].record.empty()) {
    throw std::runtime_error(fmt::format("row {} made no record", row));
  }
  return must(parse_record_name(found[0].record));
}

record_view desk::view(const record_name& n) { return must(find_record(connection_, packs_, n)); }

result<tie_outcome> desk::tie(registry::link_kind kind, const std::string& from,
                              const std::string& to, const std::string& approved_by,
                              registry::succession_form form) {
  return tie_subjects(context(), {kind, from, to, form, source(approved_by)});
}

result<rebind_outcome> desk::rebind(const record_name& n, const std::string& to,
                                    const std::string& approved_by) {
  return rebind_record(context(), {n, to, source(approved_by)});
}

registry::tie_source desk::source(const std::string& approved_by) {
  return {.happened_on = clock_.today(),
          .document = "沧信〔2026〕1号",
          .authority = "czxy",
          .actor = "officer",
          .approved_by = approved_by,
          .reason = "示例理由"};
}

result<event_outcome> desk::event(const record_name& n, policy::event_kind kind,
                                  const std::string& document, date on) {
  return append_event(context(), {.kind = kind,
                                  .record = n,
                                  .document = document,
                                  .authority = trial_authority,
                                  .actor = "officer",
                                  .reason = "示例理由",
                                  .happened_on = on});
}

std::int64_t desk::number(const std::string& sql) {
  return must(connection_.exec(sql)).int64(0, 0);
}

std::string desk::text(const std::string& sql) {
  return std::string(must(connection_.exec(sql)).text(0, 0));
}

// ---- what must hold

namespace {

struct rule {
  const char* what;
  const char* sql;  // counts what breaks it
};

constexpr rule rules[] = {
    {"positions are dense from 1 to the head",
     "SELECT (SELECT position FROM journal_head) - count(*) + count(*) FILTER (WHERE position < 1) "
     "+ abs(coalesce(max(position), 0) - count(*)) FROM journal"},
    {"times never go back",
     "SELECT count(*) FROM (SELECT sealed_at < lag(sealed_at) OVER (ORDER BY position) AS back "
     "FROM "
     "journal) x WHERE back"},
    {"the audit chain covers each position once, and has no gap",
     "SELECT abs((SELECT count(*) FROM journal) - coalesce(sum(last_number - first_number + 1) "
     "FILTER (WHERE action <= 10), 0)) + abs((SELECT entry_number FROM audit_head) - count(*)) + "
     "abs(coalesce(max(entry_number), 0) - count(*)) FROM audit"},
    {"each version has its own position, which names it",
     "SELECT count(*) FROM record_version v LEFT JOIN journal j USING (position) WHERE "
     "j.subject_id "
     "IS DISTINCT FROM v.subject_id OR j.record_id IS DISTINCT FROM v.record_id OR j.version IS "
     "DISTINCT FROM v.version OR j.kind <> CASE v.change WHEN 1 THEN 4 WHEN 2 THEN 5 WHEN 3 THEN 6 "
     "WHEN 4 THEN 7 ELSE 12 END"},
    {"each position of a version or event has it",
     "SELECT count(*) FROM journal j LEFT JOIN record_version v USING (position) LEFT JOIN "
     "record_event e ON e.position = j.position AND e.subject_id = j.subject_id WHERE (j.kind "
     "BETWEEN 4 AND 7 OR j.kind = 12) AND v.version IS NULL OR j.kind = 8 AND e.event_number IS "
     "DISTINCT FROM j.version"},
    {"versions of a record are dense over its places and in the order of positions",
     "SELECT count(*) FROM (SELECT version, row_number() OVER (PARTITION BY record_id ORDER BY "
     "position) AS n FROM record_version WHERE change <> 5) x WHERE version <> n"},
    {"a version that went is right behind the one that arrived, and both say so",
     "SELECT count(*) FROM (SELECT * FROM record_version WHERE change = 5) a FULL JOIN (SELECT * "
     "FROM record_version WHERE change = 6) b ON b.record_id = a.record_id AND b.version = "
     "a.version WHERE (a.position, a.moved_subject, a.subject_id, a.content_digest) IS DISTINCT "
     "FROM (b.position + 1, b.subject_id, b.moved_subject, b.content_digest)"},
    {"only versions that went or arrived name another subject, with their source",
     "SELECT count(*) FROM (SELECT * FROM record_version WHERE change IN (5, 6) OR moved_subject "
     "IS NOT NULL) v FULL JOIN record_move m USING (subject_id, record_id, version) WHERE "
     "(v.moved_subject, v.change) IS DISTINCT FROM (m.other_subject, CASE WHEN m.is_from THEN 5 "
     "ELSE 6 END)"},
    {"a record stands at one place",
     "SELECT count(*) FROM (SELECT record_id FROM (SELECT DISTINCT ON (subject_id, record_id) "
     "record_id, change FROM record_version ORDER BY subject_id, record_id, version DESC) n WHERE "
     "change <> 5 GROUP BY record_id HAVING count(*) <> 1) x"},
    {"both subjects of a tie say the same, each at an entry of the journal",
     "SELECT count(*) FROM subject_link f FULL JOIN subject_link t ON t.subject_id = "
     "f.other_subject AND t.position = f.position AND NOT t.is_from AND f.is_from LEFT JOIN "
     "journal j ON j.position = f.position LEFT JOIN journal k ON k.position = f.position + 1 "
     "WHERE (f.is_from IS TRUE OR t.is_from IS FALSE) AND ((f.subject_id, f.kind, f.form, "
     "f.reason) IS DISTINCT FROM (t.other_subject, t.kind, t.form, t.reason) OR (j.kind, "
     "j.subject_id, j.version, k.kind, k.subject_id, k.version) IS DISTINCT FROM (11::smallint, "
     "f.subject_id, f.link_number, 11::smallint, t.subject_id, t.link_number))"},
    {"a tie for each entry of the journal, numbered through",
     "SELECT abs((SELECT count(*) FROM journal WHERE kind = 11) - (SELECT count(*) FROM "
     "subject_link)) + (SELECT count(*) FROM (SELECT link_number, row_number() OVER (PARTITION BY "
     "subject_id ORDER BY position) AS n FROM subject_link) x WHERE link_number <> n)"},
    {"the main subject of a duplicate is what its ties say, and it is none itself",
     "SELECT count(*) FROM subject s LEFT JOIN LATERAL (SELECT CASE WHEN l.kind = 1 THEN "
     "l.other_subject END AS main FROM subject_link l WHERE l.subject_id = s.subject_id AND "
     "l.is_from AND l.kind IN (1, 2) ORDER BY l.link_number DESC LIMIT 1) n ON true LEFT JOIN "
     "subject m ON m.subject_id = s.alias_of WHERE s.alias_of IS DISTINCT FROM n.main OR "
     "m.alias_of IS NOT NULL"},
    {"events are dense and in the order of positions",
     "SELECT count(*) FROM (SELECT event_number, row_number() OVER (PARTITION BY subject_id, "
     "record_id ORDER BY position) AS n FROM record_event) x WHERE event_number <> n"},
    {"each record has a version",
     "SELECT count(*) FROM record r FULL JOIN (SELECT DISTINCT subject_id, record_id FROM "
     "record_version) v USING (subject_id, record_id) WHERE r.dataset_id IS NULL OR v.subject_id "
     "IS "
     "NULL"},
    {"a key names a record of its dataset and authority",
     "SELECT count(*) FROM record_key k LEFT JOIN record r USING (subject_id, record_id) WHERE "
     "r.dataset_id IS DISTINCT FROM k.dataset_id OR r.authority_id IS DISTINCT FROM k.authority_id "
     "OR r.party_ordinal IS DISTINCT FROM k.party_ordinal"},
    {"a record without a key of its own stands no more",
     "SELECT count(*) FROM (SELECT DISTINCT ON (subject_id, record_id) subject_id, record_id, "
     "change "
     "FROM record_version ORDER BY subject_id, record_id, version DESC) n LEFT JOIN record_key k "
     "USING (subject_id, record_id) WHERE n.change NOT IN (4, 5) AND k.document_key IS NULL "
     "AND NOT EXISTS (SELECT 1 FROM purged_record p WHERE p.subject_id = n.subject_id AND "
     "p.record_id = n.record_id)"},
    {"what was purged has no content, and nothing else has none",
     "SELECT count(*) FROM record_version v FULL JOIN purged_record p USING (subject_id, "
     "record_id) WHERE (v.content IS NULL) <> (p.position IS NOT NULL)"},
    {"a purge has its position, which names it",
     "SELECT count(*) FROM purged_record p FULL JOIN (SELECT * FROM journal WHERE kind = 13) j "
     "USING (position) WHERE p.subject_id IS DISTINCT FROM j.subject_id OR p.record_id IS DISTINCT "
     "FROM j.record_id"},
    {"an end that was told has one row of the journal",
     "SELECT count(*) FROM told_end t FULL JOIN (SELECT subject_id, record_id, kind, CASE kind "
     "WHEN 14 THEN public_until WHEN 15 THEN effective_until ELSE purge_at END AS ended_on, "
     "count(*) AS n FROM journal WHERE kind BETWEEN 14 AND 16 GROUP BY 1, 2, 3, 4) j USING "
     "(subject_id, record_id, kind, ended_on) WHERE j.n IS DISTINCT FROM 1 OR t.kind IS NULL"},
    {"identifiers and their keys agree",
     "SELECT count(*) FROM (SELECT * FROM identifier WHERE released IS NULL) i FULL JOIN "
     "identifier_key k USING (kind, value) WHERE i.subject_id IS DISTINCT FROM k.subject_id"},
    {"a name or number comes and goes with an entry of its subject",
     "SELECT count(*) FROM (SELECT subject_id, position FROM subject_name UNION ALL SELECT "
     "subject_id, position FROM identifier UNION ALL SELECT subject_id, released FROM identifier "
     "WHERE released IS NOT NULL) x LEFT JOIN journal j USING (position) WHERE j.subject_id IS "
     "DISTINCT FROM x.subject_id OR j.kind NOT IN (2, 3)"},
    {"the current name is the last one",
     "SELECT count(*) FROM subject s LEFT JOIN LATERAL (SELECT name FROM subject_name n WHERE "
     "n.subject_id = s.subject_id ORDER BY position DESC LIMIT 1) n ON true WHERE s.name <> "
     "coalesce(n.name, '')"},
    {"the current credit code is an identifier",
     "SELECT count(*) FROM subject s WHERE s.credit_code <> '' AND NOT EXISTS (SELECT 1 FROM "
     "identifier i WHERE i.subject_id = s.subject_id AND i.kind = 1 AND i.value = s.credit_code)"},
    {"the counts of a batch are its rows",
     "SELECT count(*) FROM batch b LEFT JOIN (SELECT batch_id, count(*) AS n, count(*) FILTER "
     "(WHERE "
     "fate = 1) AS f1, count(*) FILTER (WHERE fate = 2) AS f2, count(*) FILTER (WHERE fate = 3) AS "
     "f3, count(*) FILTER (WHERE fate = 4) AS f4, count(*) FILTER (WHERE fate = 5) AS f5, count(*) "
     "FILTER (WHERE fate = 6) AS f6 FROM batch_row GROUP BY batch_id) r USING (batch_id) WHERE "
     "(b.rows_read, b.accepted, b.unchanged, b.corrected, b.pending, b.sealed, b.refused) IS "
     "DISTINCT FROM (coalesce(n, 0), coalesce(f1, 0), coalesce(f2, 0), coalesce(f3, 0), "
     "coalesce(f4, "
     "0), coalesce(f5, 0), coalesce(f6, 0))"},
    {"a row that made a version is where the version came from",
     "SELECT count(*) FROM batch_row b LEFT JOIN record_version v ON v.subject_id = "
     "b.record_subject "
     "AND v.record_id = b.record_id AND v.version = b.version WHERE b.fate IN (1, 3) AND "
     "(v.batch_id "
     "IS DISTINCT FROM b.batch_id OR v.row_number IS DISTINCT FROM b.row_number)"},
    {"refused and pending rows say why",
     "SELECT count(*) FROM batch_row b LEFT JOIN batch_row_note n USING (batch_id, row_number) "
     "WHERE "
     "b.fate IN (4, 6) AND coalesce(jsonb_array_length(n.reasons), 0) = 0"},
};

}  // namespace

strings broken_rules(pg::connection& c) {
  strings out;
  for (const rule& r : rules) {
    const std::int64_t n = must(c.exec(r.sql)).int64(0, 0);
    if (n != 0) out.push_back(fmt::format("{}: {}", r.what, n));
  }
  return out;
}

std::string content_of(pg::connection& c) {
  constexpr const char* parts[] = {
      "SELECT string_agg(s.kind || ' ' || s.credit_code || ' ' || s.name, E'\\n' ORDER BY "
      "s.credit_code) FROM subject s",
      "SELECT string_agg(concat_ws(' ', s.credit_code, n.name), E'\\n' ORDER BY s.credit_code, "
      "n.position) FROM subject_name n JOIN subject s USING (subject_id)",
      "SELECT string_agg(concat_ws(' ', s.credit_code, i.kind, i.value), E'\\n' ORDER BY "
      "s.credit_code, i.kind, i.value) FROM identifier i JOIN subject s USING (subject_id)",
      "SELECT string_agg(concat_ws(' ', r.dataset_id, r.authority_id, r.document, r.party_ordinal, "
      "s.credit_code, v.version, v.change, v.is_late, v.name_differs, v.publicity_class, "
      "v.row_number, v.content), E'\\n' ORDER BY r.dataset_id, r.authority_id, r.document, "
      "r.party_ordinal, s.credit_code, v.version) FROM record_version v JOIN record r USING "
      "(subject_id, record_id) JOIN subject s USING (subject_id)",
      "SELECT string_agg(concat_ws(' ', b.dataset_id, b.authority_id, r.row_number, r.fate, "
      "r.version, n.reasons, n.cells, n.content), E'\\n' ORDER BY b.dataset_id, b.authority_id, "
      "b.batch_id, r.row_number) FROM batch_row r JOIN batch b USING (batch_id) LEFT JOIN "
      "batch_row_note n USING (batch_id, row_number)",
      "SELECT string_agg(concat_ws(' ', b.state, b.last_row, b.rows_read, b.accepted, b.unchanged, "
      "b.corrected, b.pending, b.sealed, b.refused, b.late), E'\\n' ORDER BY b.batch_id) FROM "
      "batch "
      "b",
      "SELECT count(*)::text FROM sealed_record WHERE withdrawn_at IS NULL",
  };
  std::string out;
  for (const char* sql : parts) {
    out += must(c.exec(sql)).text(0, 0);
    out += "\n--\n";
  }
  return out;
}

}  // namespace lixin::archive::testing
