#include "city/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "city/codes.h"
#include "city/texts.h"

namespace lixin::city {
namespace {

constexpr int days_back_max = 3652;  // ten years
constexpr std::uint64_t personal_stream = 0x7065'7273;
constexpr std::uint64_t record_stream = 0x7265'6300;

// Amounts in 10,000 yuan with up to six decimals, as departments write them.
std::string in_wan(random& r, int hundreds_of_yuan) {
  const int whole = hundreds_of_yuan / 100;
  const int part = hundreds_of_yuan % 100;
  if (r.permille(500)) return fmt::format("{}.{:02}0000", whole, part);
  if (part == 0) return fmt::format("{}", whole);
  if (part % 10 == 0) return fmt::format("{}.{}", whole, part / 10);
  return fmt::format("{}.{:02}", whole, part);
}

// ASCII letters and digits as the full-width signs of an input method.
std::string full_width(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    const int sign = 0xff01 + (c - '!');
    out.push_back(static_cast<char>(0xe0 | (sign >> 12)));
    out.push_back(static_cast<char>(0x80 | ((sign >> 6) & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (sign & 0x3f)));
  }
  return out;
}

// One code in a hundred is written so that it must be folded first.
void write_code(random& r, std::string_view code, std::string& cell) {
  cell.assign(code);
  const std::uint32_t n = r.below(1000);
  if (n >= 10) return;
  if (n < 3) {
    cell = full_width(code);
  } else if (n < 6) {
    cell = fmt::format(" {} ", code);
  } else {
    for (char& c : cell) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
}

// Half-width brackets name the same body.
void write_name(random& r, std::string_view name, std::string& cell) {
  cell.assign(name);
  if (!r.permille(200)) return;
  for (const auto& [wide, narrow] : {std::pair{"（", "("}, std::pair{"）", ")"}}) {
    const std::size_t at = cell.find(wide);
    if (at != std::string::npos) cell.replace(at, 3, narrow);
  }
}

std::string_view class_word(random& r, const organisation& o) {
  if (o.is_individual_business()) return r.permille(950) ? "个体工商户" : "个体户";
  return r.permille(950) ? "法人及非法人组织" : "法人和非法人组织";
}

// FNV-1a: the same number on every library, unlike std::hash.
std::uint64_t digest_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325ull;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return sum;
}

void put(draft& d, std::size_t column, std::string_view text) {
  if (column != absent) d.cells[column].assign(text);
}

}  // namespace

std::string record_maker::written(const hand_in& h, date d) const {
  const auto ymd = d.ymd();
  const int year = int(ymd.year());
  const unsigned month = unsigned(ymd.month());
  const unsigned day = unsigned(ymd.day());
  switch (h.dates) {
    case date_style::iso:
    case date_style::serial:
      return fmt::format("{}-{:02}-{:02}", year, month, day);
    case date_style::slashes:
      return fmt::format("{}/{}/{}", year, month, day);
    case date_style::compact:
      return fmt::format("{}{:02}{:02}", year, month, day);
    case date_style::chinese:
      return fmt::format("{}年{}月{}日", year, month, day);
    case date_style::with_time:
      return fmt::format("{}-{:02}-{:02} 00:00:00", year, month, day);
  }
  return {};
}

std::string record_maker::document(const hand_in& h, std::uint64_t row, date decided) const {
  const std::uint64_t number = h.first_document + row;
  if (h.from->code == "fayuan") {
    return fmt::format("（{}）{}{}号", decided.year(), h.from->word, number);
  }
  const char* word = h.from->code == "jtj" && h.columns == &licence_shape() ? "许" : "";
  return fmt::format("{}{}〔{}〕{}号", h.from->word, word, decided.year(), number);
}

bool record_maker::is_personal(const hand_in& h, std::uint64_t row) const {
  if (!h.columns->takes_persons || h.what != content::records) return false;
  random r(settings_.seed, personal_stream + h.number, row);
  return r.permille(h.columns == &penalty_shape() ? 40 : 25);
}

const organisation& record_maker::pick_body(const hand_in& h, random& r) const {
  if (!h.columns->takes_persons) return bodies_.pick_private(r);
  const organisation* o = &bodies_.pick(r);
  if (h.heading != layout::year_2015) return *o;
  // Old decisions are about bodies that were there then.
  const date then = settings_.today - (days_back_max - 600) - 30;
  for (int tries = 0; tries < 100 && o->founded > then; ++tries) o = &bodies_.pick(r);
  return *o;
}

date record_maker::pick_decided(const hand_in& h, const organisation* o, random& r) const {
  int back = 0;
  if (h.heading == layout::year_2015) {
    back = r.between(days_back_max - 600, days_back_max);
  } else if (const std::uint32_t n = r.below(1000); n < 80) {
    back = r.between(0, 12);
  } else if (n < 720) {
    back = r.between(13, 1095);
  } else {
    back = r.between(1096, days_back_max);
  }
  date decided = settings_.today - back;
  if (o != nullptr && decided < o->founded + 30) {
    decided = settings_.today - r.between(0, settings_.today - (o->founded + 30));
  }
  return decided;
}

void record_maker::set_party(const hand_in& h, const organisation& o, random& r, draft& out) const {
  const shape& s = *h.columns;
  write_name(r, o.name, out.cells[s.name]);
  out.bound_to = o.code;
  put(out, s.registration, r.permille(300) ? o.registration : "");
  if (h.heading == layout::year_2015) {
    // Before the unified code most wrote the organisation code, some with its hyphen; some knew
    // only the registration number.
    const std::string old = o.organisation_code();
    const bool by_number = !o.registration.empty() && r.permille(150);
    const bool by_credit_code = !by_number && r.permille(400);
    const std::string hyphened = fmt::format("{}-{}", old.substr(0, 8), old[8]);
    if (by_number) put(out, s.registration, o.registration);
    put(out, s.credit, by_credit_code ? o.code : "");
    put(out, s.organisation, by_number ? "" : r.permille(500) ? hyphened : old);
    put(out, s.tax, !by_number && r.permille(200) ? o.code.substr(2, 6) + old : "");
  } else {
    put(out, s.party_class, class_word(r, o));
    write_code(r, o.code, out.cells[s.credit]);
    put(out, s.organisation, r.permille(300) ? o.organisation_code() : "");
  }
  put(out, s.representative, o.representative);
  put(out, s.representative_id, "");
  if (s.representative_id != absent && h.heading != layout::year_2015 && r.permille(30)) {
    out.planted.push_back(resident_number(r));
    put(out, s.representative_id, out.planted.back());
    put(out, s.representative_id_type, "身份证");
  }
}

void record_maker::set_person(const hand_in& h, random& r, draft& out) const {
  const shape& s = *h.columns;
  put(out, s.name, compose_person(r));
  const bool abroad = h.heading != layout::year_2015 && r.permille(50);
  out.planted.push_back(abroad           ? passport_number(r)
                        : r.permille(60) ? old_resident_number(r)
                                         : resident_number(r));
  put(out, s.person_id, out.planted.back());
  if (h.heading != layout::year_2015) {
    put(out, s.party_class, r.permille(900) ? "自然人" : "个人");
    put(out, s.person_id_type, abroad ? "护照号" : "身份证");
  }
  out.expected = fate::sealed;
}

void record_maker::make_record(const hand_in& h, std::uint64_t row, bool personal,
                               draft& out) const {
  const shape& s = *h.columns;
  random r(settings_.seed, record_stream + h.number, row);
  out.clear(s.columns.size());
  const organisation* o = nullptr;
  if (personal) {
    set_person(h, r, out);
  } else {
    o = &pick_body(h, r);
    set_party(h, *o, r, out);
    if (!o->former_name.empty() && r.permille(250)) {
      put(out, s.name, o->former_name);
      out.name_differs = true;
    }
  }
  out.decided = pick_decided(h, o, r);
  put(out, s.document, document(h, row, out.decided));
  put(out, s.decided, written(h, out.decided));
  put(out, s.authority, h.from->title);
  if (s.dataset == "licence") {
    fill_licence(h, row, r, out);
  } else if (s.dataset == "penalty") {
    fill_penalty(h, r, out);
  } else {
    fill_entry(h, r, out);
  }
  if (r.permille(30)) {
    // One row in thirty is dated in another hand.
    hand_in other = h;
    other.dates = r.permille(500) ? date_style::chinese : date_style::iso;
    put(out, s.decided, written(other, out.decided));
  }
  if (h.heading == layout::year_2015) {
    put(out, s.at("DFBM"), o != nullptr ? o->where->division : "130900");
    put(out, s.at("SJC"), fmt::format("{} 08:{:02}:00", to_string(out.decided), r.between(0, 59)));
  } else {
    put(out, s.authority_code, code_of(*h.from));
  }
}

void record_maker::fill_licence(const hand_in& h, std::uint64_t row, random& r, draft& out) const {
  const shape& s = *h.columns;
  const licence_kind& kind = r.pick(licences_of(h.from->code));
  put(out, s.at("XK_XKWS"), kind.title);
  put(out, s.kinds, kind.kind);
  put(out, s.at("XK_XKZS"), kind.certificate);
  if (!kind.certificate.empty()) {
    put(out, s.at("XK_XKBH"), fmt::format("冀沧{}字第{}号", h.number, h.first_document + row));
  }
  put(out, s.facts, fmt::format("{}；经营场所面积{}平方米。", kind.content, r.between(20, 900)));
  const date from = out.decided + (r.permille(200) ? r.between(1, 20) : 0);
  put(out, s.from, written(h, from));
  const date to = kind.years == 0 ? date(2099, 12, 31) : add_months(from, 12 * kind.years) - 1;
  put(out, s.to, written(h, to));
  put(out, s.at("XK_ZT"), "1");
  put(out, s.at("XK_LYDW"), h.from->title);
  put(out, s.at("XK_LYDWDM"), code_of(*h.from));
}

void record_maker::fill_penalty(const hand_in& h, random& r, draft& out) const {
  const shape& s = *h.columns;
  const offence& what = r.pick(offences_of(h.from->code));
  const bool old = h.heading == layout::year_2015;
  // A cell of facts with a line break in it is one row all the same.
  put(out, s.facts,
      fmt::format("经查，当事人{}。{}上述事实有现场检查笔录、询问笔录等证据证实。", what.facts,
                  r.permille(20) ? "\n" : ""));
  put(out, s.basis, what.basis);
  const std::uint32_t n = r.below(1000);
  const bool warned = n < 250;
  out.fined = n >= 100;
  const bool confiscated = n >= 800 && n < 900;
  const bool suspended = n >= 970;
  std::string kinds;
  const std::string_view between = old ? "，" : r.permille(500) ? ";" : "；";
  const auto add = [&](std::string_view kind) {
    if (!kinds.empty()) kinds.append(between);
    kinds.append(kind);
  };
  if (warned) add(n % 10 == 0 ? "通报批评" : "警告");
  if (out.fined) add("罚款");
  if (confiscated) add("没收违法所得、没收非法财物");
  if (suspended) add("暂扣或者吊销许可证、执照");
  std::string result = warned ? "给予警告" : "";
  if (out.fined) {
    const int fine = r.between(what.fine_low, what.fine_high);
    put(out, s.fine, in_wan(r, fine));
    result += fmt::format("{}罚款人民币{}元", result.empty() ? "处以" : "，并处", fine * 100);
  }
  if (confiscated) put(out, s.confiscated, in_wan(r, r.between(1, 3000)));
  if (suspended) put(out, s.suspended, fmt::format("暂扣许可证（沧许{}）", r.between(100, 99999)));
  put(out, s.kinds, kinds);
  if (r.permille(10)) put(out, s.remark, "另见沧州𬭚䶮字卷宗");  // four bytes each in GB18030
  put(out, s.outcome, result.empty() ? "责令改正" : result + "。");
  const date to = add_months(out.decided, 12);
  if (old) {
    put(out, s.at("CF_CFMC"), fmt::format("{}案", what.kind));
    put(out, s.at("CF_ZT"), "0");
    put(out, s.at("GSQX"), "一年");
    // The second kind has a column of its own.
    if (const std::size_t comma = kinds.find(between);
        comma != std::string::npos && r.permille(500)) {
      put(out, s.at("CF_CFLB2"), kinds.substr(comma + between.size()));
      put(out, s.kinds, kinds.substr(0, comma));
    }
    return;
  }
  put(out, s.at("CF_WFXW"), what.kind);
  put(out, s.to, written(h, to));
  put(out, s.at("CF_SJLY"), h.from->title);
  put(out, s.at("CF_SJLYDM"), code_of(*h.from));
  if (r.permille(300)) {
    put(out, s.publicity, suspended ? "严重" : out.fined ? "一般" : "轻微");
  }
  if (r.permille(400)) put(out, s.procedure, warned ? "简易程序" : "普通程序");
}

void record_maker::fill_entry(const hand_in& h, random& r, draft& out) const {
  const shape& s = *h.columns;
  const entry_kind& kind = r.pick(entries_of(s.dataset));
  put(out, s.facts, kind.facts);
  put(out, s.outcome, kind.outcome);
  put(out, s.basis, kind.basis);
  put(out, s.at("SS_AJXZ"), kind.nature);
  put(out, s.at("SX_ZXYJ"),
      fmt::format("（{}）冀09民终{}号", out.decided.year(), r.between(1, 9999)));
  // One entry in ten lacks what gives it effect.
  const std::uint32_t n = r.below(1000);
  if (n >= 40) put(out, s.notified, written(h, out.decided));
  if (n < 40 || n >= 70)
    put(out, s.effective, written(h, std::min(out.decided + 10, settings_.today)));
  if (n < 70 || n >= 100) {
    put(out, s.remedy,
        "可自收到决定书之日起60日内申请行政复议，或者在6个月内提起行政诉讼；对公示有异议的，"
        "可以向信用中国网站提出。");
  }
  put(out, s.to, written(h, add_months(out.decided, kind.months)));
}

void record_maker::make_registration(const hand_in& h, const organisation& o, bool first_hand,
                                     draft& out) const {
  const shape& s = *h.columns;
  out.clear(s.columns.size());
  // The same body gives the same row in every file but for its name.
  random r(settings_.seed, record_stream, digest_of(o.code));
  const bool renamed = !o.former_name.empty();
  put(out, s.name, renamed && first_hand ? o.former_name : o.name);
  put(out, s.credit, o.code);
  out.bound_to = o.code;
  put(out, s.at("QY_CLRQ"), written(h, o.founded));
  put(out, s.at("QY_LX"), type_of(r, o.kind));
  put(out, s.at("QY_SF"), "河北省");
  put(out, s.at("QY_CS"), "沧州市");
  put(out, s.at("QY_QX"), o.where->title);
  put(out, s.at("QY_DJJG"), h.from->title);
  put(out, s.at("QY_DJZT"), "存续");
  put(out, s.representative, o.representative);
  put(out, s.at("QY_ZS"), compose_address(r, *o.where));
  if (o.kind == body::enterprise) put(out, s.amount, fmt::format("{}", r.between(1, 500) * 10));
  if (o.kind != body::government_body) put(out, s.facts, trade_scope(r));
  if (r.permille(500)) put(out, s.organisation, o.organisation_code());
  put(out, s.registration, o.registration);
  if (renamed && !first_hand) put(out, s.at("QY_CYM"), o.former_name);
  out.decided = o.founded + r.between(0, 300);
  put(out, s.decided, written(h, out.decided));
}

}  // namespace lixin::city
