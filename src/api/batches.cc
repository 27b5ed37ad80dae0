// Hand-ins: POST /batches streams a file of any size through the same code as the command line.
#include <fmt/format.h>

#include <limits>

#include "api/batch_json.h"
#include "api/body.h"
#include "api/errc.h"
#include "api/parts.h"
#include "api/temporary_file.h"
#include "archive/errc.h"
#include "archive/withdraw.h"
#include "http/problem.h"
#include "identity/personal.h"
#include "text/encoding.h"

namespace lixin::api {
namespace {

using access::role;
using archive::batch_info;
using archive::fate;

constexpr std::uint64_t file_bytes_max = 2'147'483'648;  // 2 GiB
constexpr std::uint64_t reason_bytes_max = 16 * 1024;
constexpr std::size_t file_name_bytes_max = 200;
constexpr std::int64_t page_max = 1000;
constexpr std::int64_t number_max = std::numeric_limits<std::int64_t>::max();
constexpr access::role_set hands_in{role::data_officer, role::centre};

// ---- the hand-in

std::string file_name_of(const http::request& r) {
  const std::string name = text_parameter(r, "file");
  const bool plain = !name.empty() && name.size() <= file_name_bytes_max &&
                     name.find('/') == std::string::npos &&
                     identity::find_in_text(name) == identity::personal_number::none;
  return plain ? name : "upload";
}

error wrong_choice(const char* name, const char* known) {
  return error(errc::member_wrong, {name, known, known}, {.column = name});
}

result<archive::import_request> read_hand_in(const caller& who, const http::request& r) {
  LIXIN_CHECK(check_parameters(
      r, {"dataset", "authority", "file", "encoding", "separator", "sheet", "again"}));
  archive::import_request q{.file_name = file_name_of(r), .actor = who.actor()};
  q.dataset = text_parameter(r, "dataset");
  if (q.dataset.empty()) {
    return error(
        errc::member_missing,
        {"dataset", "目录项代码，GET /api/v1/datasets 列出", "a dataset of GET /api/v1/datasets"},
        {.column = "dataset"});
  }
  if (!who.covers_dataset(q.dataset)) {
    return error(errc::dataset_not_covered,
                 {"…", fmt::format("{}", fmt::join(who.key->terms.datasets, ", "))},
                 {.column = "dataset"});
  }
  q.authority = text_parameter(r, "authority");
  if (q.authority.empty()) q.authority = who.authority();
  if (q.authority.empty()) {
    return error(errc::member_missing, {"authority", "信源单位代码", "the code of the authority"},
                 {.column = "authority"});
  }
  LIXIN_CHECK(may_act_for(who, q.authority));
  q.options.sheet = text_parameter(r, "sheet");
  if (const std::string e = text_parameter(r, "encoding"); !e.empty()) {
    q.options.encoding = text::encoding_named(e);
    if (!q.options.encoding) return wrong_choice("encoding", "UTF-8, GB18030");
  }
  if (const std::string s = text_parameter(r, "separator"); !s.empty()) {
    if (s != "tab" && s != "," && s != ";" && s != "|") {
      return wrong_choice("separator", "\",\" \";\" \"|\" tab");
    }
    q.options.separator = s == "tab" ? '\t' : s[0];
  }
  const std::string again = text_parameter(r, "again");
  if (!again.empty() && again != "true" && again != "false") {
    return wrong_choice("again", "true, false");
  }
  q.again = again == "true";
  return q;
}

result<temporary_file> receive(const parts& p, http::request& r) {
  LIXIN_TRY(auto file, temporary_file::create(p.folder));
  std::vector<char> piece(64 * 1024);
  for (;;) {
    LIXIN_TRY(const std::size_t n, r.stream->read(piece));
    if (n == 0) return file;
    LIXIN_CHECK(file.append(std::span(piece).first(n)));
  }
}

// Nothing of the file was read: every fault of its heading, with its column.
http::response heading_refused(const http::request& r, const std::vector<error>& faults,
                               const std::string& dataset) {
  const error whole(archive::errc::headings_unusable, {fmt::format("{}", faults.size()), dataset});
  auto out = http::problem(whole, r, 422);
  out.body.pop_back();  // the brace that ends the problem
  std::string list;
  text::json_writer json(list);
  json.begin_array();
  for (const error& e : faults) {
    json.begin_object()
        .member("code", e.code())
        .member("column", e.where().column)
        .member("detail", e.sentence(r.lang))
        .end_object();
  }
  json.end_array();
  out.body += ",\"faults\":" + list + "}";
  return out;
}

result<http::response> hand_in(parts& p, const caller& who, http::request& r) {
  LIXIN_TRY(auto q, read_hand_in(who, r));
  LIXIN_TRY(const auto file, receive(p, r));
  q.path = file.path();
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto context, desk->context());
  LIXIN_TRY(const auto out, archive::import_file(context, q, [](const auto&) {}));
  if (!out.heading_faults.empty()) return heading_refused(r, out.heading_faults, q.dataset);
  if (!out.already) p.metrics.hand_in(out.batch);
  std::string body;
  text::json_writer json(body);
  json.begin_object()
      .member("already", out.already)
      .member("resumed_after", static_cast<std::int64_t>(out.resumed_after))
      .key("batch");
  write_batch(json, out.batch);
  json.end_object();
  return http::response::json(std::move(body), out.already ? 200 : 201)
      .header("Location", fmt::format("/api/v1/batches/{}", out.batch.id.value));
}

// ---- reading

result<batch_info> batch_of(desk& d, const caller& who, const http::request& r) {
  LIXIN_TRY(auto b, archive::find_batch(d.db(), batch_id(path_number(r, "batch"))));
  if (!who.roles().has(role::auditor)) LIXIN_CHECK(may_act_for(who, b.authority));
  return b;
}

result<http::response> list(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {"before", "limit"}));
  LIXIN_TRY(const auto before, number_parameter(r, "before", 0, 0, number_max));
  LIXIN_TRY(const auto limit, number_parameter(r, "limit", 100, 1, page_max));
  const bool all = who.roles().has_any({role::centre, role::auditor});
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto batches,
            archive::list_batches(desk->db(), batch_id(before), static_cast<int>(limit) + 1,
                                  all ? "" : who.authority()));
  const auto shown = std::min(batches.size(), static_cast<std::size_t>(limit));
  std::string body;
  text::json_writer json(body);
  json.begin_object().key("batches").begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_batch(json, batches[i]);
  json.end_array().key("next");
  batches.size() > shown ? json.number(batches[shown - 1].id.value) : json.null();
  json.end_object();
  return http::response::json(std::move(body));
}

result<http::response> show(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto b, batch_of(*desk, who, r));
  std::string body;
  text::json_writer json(body);
  write_batch(json, b);
  return http::response::json(std::move(body));
}

result<std::optional<fate>> fate_parameter(const http::request& r) {
  const std::string name = text_parameter(r, "fate");
  if (name.empty()) return std::optional<fate>();
  std::string known;
  for (const fate f : archive::all_fates) {
    if (archive::code_of(f) == name) return std::optional(f);
    known += (known.empty() ? "" : ", ") + std::string(archive::code_of(f));
  }
  return error(errc::member_wrong, {"fate", known, known}, {.column = "fate"});
}

result<http::response> rows(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {"after", "limit", "fate"}));
  LIXIN_TRY(const auto after, number_parameter(r, "after", 0, 0, number_max));
  LIXIN_TRY(const auto limit, number_parameter(r, "limit", page_max, 1, page_max));
  LIXIN_TRY(const auto what, fate_parameter(r));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto b, batch_of(*desk, who, r));
  LIXIN_TRY(const auto found, archive::rows_of(desk->db(), b.id,
                                               {.after = static_cast<std::uint64_t>(after),
                                                .what = what,
                                                .limit = static_cast<int>(limit) + 1}));
  const auto shown = std::min(found.size(), static_cast<std::size_t>(limit));
  std::string body;
  text::json_writer json(body);
  json.begin_object().key("rows").begin_array();
  for (std::size_t i = 0; i < shown; ++i) write_row(json, found[i]);
  json.end_array().key("next");
  found.size() > shown ? json.number(static_cast<std::int64_t>(found[shown - 1].row_number))
                       : json.null();
  json.end_object();
  return http::response::json(std::move(body));
}

// The refused rows to mend and hand in again, by the same code as the command line.
result<http::response> refused(parts& p, const caller& who, http::request& r,
                               std::string_view ending, std::string_view type) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto b, batch_of(*desk, who, r));
  const auto file =
      std::make_shared<written_file>(fmt::format("{}/refused-{}{}", p.folder, r.id, ending));
  LIXIN_CHECK(archive::write_refused(desk->db(), b.id, file->path()));
  LIXIN_TRY(auto source, written_file::source(file));
  http::response out = http::response::stream(type, std::move(source));
  out.header("Content-Disposition",
             fmt::format("attachment; filename=\"refused-{}{}\"", b.id.value, ending));
  return out;
}

result<http::response> refused_csv(parts& p, const caller& who, http::request& r) {
  return refused(p, who, r, ".csv", "text/csv; charset=utf-8");
}
result<http::response> refused_workbook(parts& p, const caller& who, http::request& r) {
  return refused(p, who, r, ".xlsx", workbook_type);
}

result<http::response> withdraw(parts& p, const caller& who, http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  LIXIN_TRY(const std::string why, body.text("reason", "撤回的原因", "why it is taken back"));
  LIXIN_CHECK(body.end());
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto b, batch_of(*desk, who, r));
  LIXIN_TRY(const auto context, desk->context());
  LIXIN_TRY(const auto w, archive::withdraw_batch(context, b.id, who.actor(), why));
  std::string out;
  text::json_writer json(out);
  write_withdrawal(json, b.id, w);
  return http::response::json(std::move(out));
}

}  // namespace

std::vector<endpoint> batch_endpoints() {
  const access::role_set reads{role::data_officer, role::centre, role::auditor};
  return {
      {.method = http::method::post,
       .pattern = "/api/v1/batches",
       .name = "hand-in",
       .roles = hands_in,
       .runs = http::run::streaming,
       .handler = hand_in,
       .body_bytes_max = file_bytes_max,
       .pace = pace::heavy},
      {.method = http::method::get,
       .pattern = "/api/v1/batches",
       .name = "batches",
       .roles = reads,
       .handler = list},
      {.method = http::method::get,
       .pattern = "/api/v1/batches/{batch}",
       .name = "batch",
       .roles = reads,
       .handler = show},
      {.method = http::method::get,
       .pattern = "/api/v1/batches/{batch}/rows",
       .name = "batch-rows",
       .roles = reads,
       .handler = rows},
      {.method = http::method::get,
       .pattern = "/api/v1/batches/{batch}/refused.csv",
       .name = "refused-csv",
       .roles = hands_in,
       .handler = refused_csv,
       .pace = pace::heavy},
      {.method = http::method::get,
       .pattern = "/api/v1/batches/{batch}/refused.xlsx",
       .name = "refused-xlsx",
       .roles = hands_in,
       .handler = refused_workbook,
       .pace = pace::heavy},
      {.method = http::method::post,
       .pattern = "/api/v1/batches/{batch}/withdrawal",
       .name = "withdrawal",
       .roles = hands_in,
       .handler = withdraw,
       .body_bytes_max = reason_bytes_max},
  };
}

}  // namespace lixin::api
