#include <fmt/format.h>

#include <array>
#include <iterator>

#include "measure/answer.h"

namespace lixin::measure {
namespace {

struct two {
  std::string_view zh, en;
  std::string_view in(language lang) const { return lang == language::zh ? zh : en; }
};

// What the asker's view takes in; by caller_kind.
constexpr std::array<two, 8> kViews{{
    {"向社会公众公开的信用记录", "records open to the public"},
    {"本主体自己的全部信用记录", "all records of the subject itself"},
    {"公开的和主体授权查询的信用记录", "public records and those the subject consented to"},
    {"公开的和本单位报送的信用记录", "public records and those of the asking authority"},
    {"公开的和共享组内共享的信用记录", "public records and those shared in the group"},
    {"全部信用记录", "all records"},
    {"", ""},
    {"", ""},
}};

constexpr std::array<two, 4> kEffects{
    {{"禁止", "barred"}, {"限制", "limited"}, {"重点关注", "watch"}, {"激励", "benefit"}}};

constexpr std::array<two, 6> kReasons{{
    {"", ""},
    {"未写明何时告知当事人", "it does not say when the subject was notified"},
    {"未写明生效日期", "it does not say from when it has effect"},
    {"未写明救济途径", "it does not say how to object"},
    {"尚未生效", "it is not in force yet"},
    {"已经终止", "it has ended"},
}};

// 2026-11-24 16:00:00 in the city's time, Asia/Shanghai (UTC+8).
std::string city_time(std::chrono::system_clock::time_point t) {
  using namespace std::chrono;
  const auto local = floor<seconds>(t) + hours(8);
  const auto day = floor<days>(local);
  const hh_mm_ss time(local - day);
  return fmt::format("{} {:02}:{:02}:{:02}",
                     to_string(date(static_cast<std::int32_t>(day.time_since_epoch().count()))),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string_view certainty_words(catalogue::certainty c, language lang) {
  if (lang == language::zh)
    return c == catalogue::certainty::verified ? "（已核对原文）" : "（原文待核）";
  return c == catalogue::certainty::verified ? " (checked against the text)"
                                             : " (not yet checked against the text)";
}

// The commonest wording of a measure's term, in both languages; others as their sheet has them.
std::string_view term_words(const std::string& term, language lang) {
  constexpr two kWhileListed{"列入期间", "while the entry is in force"};
  if (term == kWhileListed.en || term == kWhileListed.zh) return kWhileListed.in(lang);
  return term;
}

std::string span_words(const cited_entry& e, language lang) {
  const bool zh = lang == language::zh;
  std::string out;
  if (e.from)
    out += zh ? fmt::format("自 {} 起", to_string(*e.from))
              : fmt::format("from {}", to_string(*e.from));
  if (!out.empty()) out += zh ? "，" : " ";
  if (e.until) {
    out += zh ? fmt::format("至 {} 止", to_string(*e.until))
              : fmt::format("to {} inclusive", to_string(*e.until));
  } else {
    out += zh ? "未定终止日期，移出时终止" : "without a fixed end, until it is removed";
  }
  return out;
}

class writer {
 public:
  explicit writer(language lang) : lang_(lang) {}

  std::string take() && { return std::move(out_); }
  bool zh() const { return lang_ == language::zh; }
  language lang() const { return lang_; }

  void line(int indent, std::string_view label_zh, std::string_view label_en,
            std::string_view value) {
    if (value.empty()) return;
    out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += zh() ? label_zh : label_en;
    out_ += zh() ? "：" : ": ";
    out_ += value;
    out_ += '\n';
  }
  void plain(int indent, std::string_view text) {
    out_.append(static_cast<std::size_t>(indent), ' ');
    out_ += text;
    out_ += '\n';
  }
  void gap() { out_ += '\n'; }

 private:
  language lang_;
  std::string out_;
};

void write_head(writer& w, const answer& a) {
  w.line(0, "核查结果", "Result", w.zh() ? title_zh(a.outcome) : title_en(a.outcome));
  if (a.failed != code_layer::none)
    w.line(0, "原因", "Why", reason_of(a.failed).sentence(w.lang()));
  if (a.subject) {
    const std::string_view unnamed = w.zh() ? "（未登记名称）" : "(no registered name)";
    const std::string_view name = a.subject->name.empty() ? unnamed : a.subject->name;
    w.line(0, "主体", "Subject",
           w.zh() ? fmt::format("{}（{}）", name, catalogue::title_zh(a.subject->kind))
                  : fmt::format("{} ({})", name, catalogue::title_en(a.subject->kind)));
  }
  w.line(0, "统一社会信用代码", "Unified social credit code", a.code);
  if (a.subject && !a.subject->duplicate_of.empty())
    w.line(0, "说明", "Note",
           w.zh() ? fmt::format("该代码为重复登记，主登记为 {}；以下按同一主体答复",
                                a.subject->duplicate_of)
                  : fmt::format("this code is a duplicate registration of {}; the answer is that "
                                "of the one subject",
                                a.subject->duplicate_of));
  w.line(0, "事项", "Matter",
         w.zh() ? fmt::format("{}（{}）", a.matter.title_zh, a.matter.code)
                : fmt::format("{} ({})", a.matter.title_en, a.matter.code));
  w.line(0, "适用范围", "Scope", a.matter.scope);
  w.line(0, "核查日期", "As of", to_string(a.as_of));
}

void write_freshness(writer& w, const answer& a) {
  std::string upto;
  if (!a.sealed_at) {
    upto = w.zh() ? "尚无任何归集数据" : "nothing has been handed in yet";
  } else if (w.zh()) {
    upto = fmt::format("{}（日志第 {} 号）", city_time(*a.sealed_at), a.known_at.value);
  } else {
    upto = fmt::format("{} UTC+8 (position {} of the journal)", city_time(*a.sealed_at),
                       a.known_at.value);
  }
  w.line(0, "数据截至", "Data up to", upto);
  std::string packs;
  for (const auto& [code, version] : a.packs) {
    if (!packs.empty()) packs += w.zh() ? "、" : ", ";
    packs += fmt::format("{} {}", code, version);
  }
  w.line(0, "规则版本", "Rules", packs);
  if (a.outcome != outcome::invalid_code && a.outcome != outcome::unknown_subject)
    w.line(0, "查询范围", "Looked at", kViews[static_cast<std::size_t>(a.caller)].in(w.lang()));
}

void write_entry(writer& w, const cited_entry& e) {
  w.line(3, "名单", "List", w.zh() ? e.list_title_zh : e.list_title_en);
  w.line(5, "决定文书", "Document", e.document);
  w.line(5, "决定单位", "Authority", e.authority);
  if (e.decided_on) w.line(5, "决定日期", "Decided on", to_string(*e.decided_on));
  w.line(5, "列入期限", "Term of the entry", span_words(e, w.lang()));
  if (e.disputed)
    w.plain(5, w.zh()
                   ? "当事人已提出异议，正在处理；处理期间本条仍然有效。"
                   : "The subject disputes this entry; it stays in force until that is settled.");
  w.line(5, "异议和救济", "How to object", e.remedy);
  w.line(5, "记录编号", "Record",
         w.zh() ? fmt::format("{}，第 {} 版", e.record, e.version)
                : fmt::format("{}, version {}", e.record, e.version));
}

void write_measures(writer& w, const answer& a) {
  int number = 0;
  for (const answered_measure& m : a.measures) {
    const std::string_view effect = kEffects[static_cast<std::size_t>(m.effect) - 1].in(w.lang());
    w.gap();
    w.plain(0, w.zh() ? fmt::format("{}. {}（{}）", ++number, m.title_zh, effect)
                      : fmt::format("{}. {} ({})", ++number, m.title_en, effect));
    w.line(3, "执行单位", "Applied by", m.body);
    w.line(3, "措施依据", "Basis",
           fmt::format("{}{}", m.basis.text, certainty_words(m.basis.status, w.lang())));
    w.line(3, "措施期限", "Term", term_words(m.term, w.lang()));
    for (const cited_entry& e : m.entries) write_entry(w, e);
  }
}

void write_idle(writer& w, const answer& a) {
  if (a.caller != policy::caller_kind::centre || a.without_effect.empty()) return;
  w.gap();
  w.plain(
      0, w.zh() ? "以下列入要素不全或者尚未生效，不产生效力（仅信用中心可见）"
                : "These entries have no effect, since something is missing or they are not yet in "
                  "force (shown to the centre only)");
  for (const idle_entry& i : a.without_effect) {
    w.line(3, "不产生效力的原因", "Why it has no effect",
           kReasons[static_cast<std::size_t>(i.reason)].in(w.lang()));
    write_entry(w, i.entry);
  }
}

}  // namespace

std::string answer_text(const answer& a, language lang) {
  writer w(lang);
  write_head(w, a);
  write_freshness(w, a);
  if (a.outcome == outcome::unknown_subject) {
    w.plain(
        0, w.zh() ? "查无登记不等于没有限制：请核对代码，或者向登记地的信用平台查询。"
                  : "Not being registered here does not mean that nothing applies: check the code, "
                    "or ask the platform of the place of registration.");
  }
  if (a.outcome == outcome::content_ended) {
    w.plain(
        0,
        w.zh()
            ? "回执属实，但所依据的记录已修复、撤销、停止公示或者清除，原答复不再提供。请重新核查。"
            : "The receipt is genuine, but a record behind it was repaired, withdrawn, taken "
              "from view or purged since, so the first answer is no longer given. Check again.");
    w.line(0, "原答复摘要（SM3）", "Digest of the first answer (SM3)", a.first_digest);
  }
  write_measures(w, a);
  write_idle(w, a);
  return std::move(w).take();
}

}  // namespace lixin::measure
