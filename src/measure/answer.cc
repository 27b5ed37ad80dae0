#include "measure/answer.h"

#include <array>

#include "journal/journal.h"
#include "measure/errc.h"
#include "text/json.h"

namespace lixin::measure {
namespace {

using text::json_writer;

struct words {
  std::string_view code, zh, en;
};

constexpr std::array<words, 7> kOutcomes{{
    {"clear", "未发现适用的限制措施", "clear, no restriction applies"},
    {"watch", "有重点关注措施", "watch, closer attention applies"},
    {"limited", "有限制性措施", "limited, a measure restricts it"},
    {"barred", "有禁止性措施", "barred, a measure forbids it"},
    {"unknown-subject", "代码有效，但本平台没有登记这一主体",
     "unknown subject, the code is valid but not registered here"},
    {"invalid-code", "代码无效", "invalid code"},
    {"content-ended", "原答复所依据的内容已经终止",
     "content ended, the first answer can no longer be given"},
}};

constexpr std::array<std::string_view, 7> kLayers{
    "none", "length", "alphabet", "placeholder", "division", "check-sign", "personal-number"};

void day(json_writer& w, std::string_view name, const std::optional<date>& d) {
  w.key(name);
  if (d) {
    w.string(to_string(*d));
  } else {
    w.null();
  }
}

void text_or_null(json_writer& w, std::string_view name, const std::string& s) {
  w.key(name);
  if (s.empty()) {
    w.null();
  } else {
    w.string(s);
  }
}

void write(json_writer& w, const catalogue::basis& b) {
  w.key("basis").begin_object();
  w.member("text", b.text).member("status", catalogue::code_of(b.status));
  w.end_object();
}

void write_members(json_writer& w, const cited_entry& e) {
  w.member("record", e.record).member("version", std::int64_t{e.version});
  w.member("dataset", e.dataset);
  w.key("list").begin_object();
  w.member("code", e.list).member("title_zh", e.list_title_zh).member("title_en", e.list_title_en);
  w.end_object();
  text_or_null(w, "document", e.document);
  w.member("authority", e.authority);
  day(w, "decided_on", e.decided_on);
  day(w, "effective_on", e.effective_on);
  day(w, "valid_to", e.valid_to);
  day(w, "from", e.from);
  day(w, "until", e.until);
  w.member("disputed", e.disputed);
  text_or_null(w, "remedy", e.remedy);
}

void write(json_writer& w, const answered_measure& m) {
  w.begin_object();
  w.member("code", m.code).member("title_zh", m.title_zh).member("title_en", m.title_en);
  w.member("effect", catalogue::code_of(m.effect)).member("body", m.body).member("term", m.term);
  write(w, m.basis);
  w.key("entries").begin_array();
  for (const cited_entry& e : m.entries) {
    w.begin_object();
    write_members(w, e);
    w.end_object();
  }
  w.end_array();
  w.end_object();
}

void write_subject(json_writer& w, const answer& a) {
  text_or_null(w, "code", a.code);
  w.key("subject");
  if (!a.subject) {
    w.null();
    return;
  }
  w.begin_object();
  text_or_null(w, "name", a.subject->name);
  w.member("kind", catalogue::code_of(a.subject->kind));
  if (!a.subject->duplicate_of.empty()) w.member("duplicate_of", a.subject->duplicate_of);
  w.end_object();
}

void write_invalid(json_writer& w, const answer& a) {
  if (a.failed == code_layer::none) return;
  const error why = reason_of(a.failed);
  w.key("invalid").begin_object();
  w.member("layer", code_of(a.failed));
  w.member("reason_zh", why.sentence(language::zh));
  w.member("reason_en", why.sentence(language::en));
  w.end_object();
}

void write_basis_of_data(json_writer& w, const answer& a) {
  w.member("as_of", to_string(a.as_of)).member("asked_on", to_string(a.asked_on));
  w.member("caller", policy::code_of(a.caller));
  w.member("position", a.known_at.value);
  text_or_null(w, "sealed_at", a.sealed_at ? journal::to_string(*a.sealed_at) : std::string());
  w.key("packs").begin_array();
  for (const auto& [code, version] : a.packs) {
    w.begin_object().member("pack", code).member("version", version).end_object();
  }
  w.end_array();
}

}  // namespace

std::string_view code_of(outcome o) { return kOutcomes[static_cast<std::size_t>(o) - 1].code; }
std::string_view title_zh(outcome o) { return kOutcomes[static_cast<std::size_t>(o) - 1].zh; }
std::string_view title_en(outcome o) { return kOutcomes[static_cast<std::size_t>(o) - 1].en; }
std::string_view code_of(code_layer l) { return kLayers[static_cast<std::size_t>(l)]; }

error reason_of(code_layer l) {
  switch (l) {
    case code_layer::length:
      return error(errc::code_length);
    case code_layer::alphabet:
      return error(errc::code_alphabet);
    case code_layer::placeholder:
      return error(errc::code_placeholder);
    case code_layer::division:
      return error(errc::code_division);
    case code_layer::check_sign:
      return error(errc::code_check_sign);
    case code_layer::personal_number:
      return error(errc::code_personal);
    case code_layer::none:
      break;
  }
  LIXIN_ASSERT(false);
}

std::string answer_json(const answer& a) {
  std::string out;
  answer_writer(a).append(a, out);
  return out;
}

answer_writer::answer_writer(const answer& a) {
  json_writer w(frame_);
  w.begin_object();
  w.member("code", a.matter.code).member("title_zh", a.matter.title_zh);
  w.member("title_en", a.matter.title_en).member("scope", a.matter.scope);
  write(w, a.matter.basis);
  w.end_object();
  // What stands here is the value of "matter" and the members after it.
  std::string rest;
  json_writer more(rest);
  more.begin_object();
  write_basis_of_data(more, a);
  more.end_object();
  frame_ += ',';
  frame_.append(rest, 1, rest.size() - 2);
}

void answer_writer::append(const answer& a, std::string& out) const {
  json_writer w(out);
  w.begin_object();
  w.member("outcome", code_of(a.outcome));
  write_subject(w, a);
  write_invalid(w, a);
  w.key("matter").raw(frame_);
  w.key("measures").begin_array();
  for (const answered_measure& m : a.measures) write(w, m);
  w.end_array();
  if (a.caller == policy::caller_kind::centre) {
    w.key("without_effect").begin_array();
    for (const idle_entry& i : a.without_effect) {
      w.begin_object().member("reason", policy::code_of(i.reason));
      write_members(w, i.entry);
      w.end_object();
    }
    w.end_array();
  }
  if (a.outcome == outcome::content_ended) w.member("first_digest", a.first_digest);
  w.end_object();
}

}  // namespace lixin::measure
