#include "catalogue/forbidden.h"

#include <array>
#include <span>
#include <string>

namespace lixin::catalogue {
namespace {

constexpr std::array never{
    std::string_view{"宗教"},        std::string_view{"信仰"},
    std::string_view{"基因"},        std::string_view{"指纹"},
    std::string_view{"血型"},        std::string_view{"疾病"},
    std::string_view{"病史"},        std::string_view{"病历"},
    std::string_view{"religion"},    std::string_view{"religious belief"},
    std::string_view{"gene"},        std::string_view{"genes"},
    std::string_view{"genetic"},     std::string_view{"dna"},
    std::string_view{"fingerprint"}, std::string_view{"fingerprints"},
    std::string_view{"blood type"},  std::string_view{"disease"},
    std::string_view{"diseases"},    std::string_view{"medical history"},
};
constexpr std::array of_persons_only{
    std::string_view{"收入"},       std::string_view{"存款"},      std::string_view{"证券"},
    std::string_view{"商业保险"},   std::string_view{"保险金"},    std::string_view{"保单"},
    std::string_view{"不动产"},     std::string_view{"房产"},      std::string_view{"纳税数额"},
    std::string_view{"纳税额"},     std::string_view{"缴税额"},    std::string_view{"income"},
    std::string_view{"salary"},     std::string_view{"deposit"},   std::string_view{"deposits"},
    std::string_view{"securities"}, std::string_view{"insurance"}, std::string_view{"real estate"},
    std::string_view{"tax paid"},
};
// Names of bodies, which are not anybody's belief or illness.
constexpr std::array harmless{
    std::string_view{"宗教活动场所"},
    std::string_view{"宗教院校"},
    std::string_view{"宗教事务"},
    std::string_view{"疾病预防控制"},
};
constexpr std::array person_words{
    std::string_view{"个人"},   std::string_view{"自然人"},         std::string_view{"法定代表人"},
    std::string_view{"负责人"}, std::string_view{"经营者"},         std::string_view{"personal"},
    std::string_view{"person"}, std::string_view{"representative"},
};
constexpr std::array office_words{
    std::string_view{"公务员"},         std::string_view{"法官"},
    std::string_view{"检察官"},         std::string_view{"警察"},
    std::string_view{"民警"},           std::string_view{"公职人员"},
    std::string_view{"judge"},          std::string_view{"judges"},
    std::string_view{"prosecutor"},     std::string_view{"prosecutors"},
    std::string_view{"police officer"}, std::string_view{"police officers"},
    std::string_view{"civil servant"},  std::string_view{"civil servants"},
    std::string_view{"office-holders"},
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = ' ';
  }
  return out;
}

// English words only where they stand alone: "general" holds no gene.
bool holds(std::string_view text, std::string_view word) {
  const bool latin = is_letter(word.front());
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const bool left = at == 0 || !is_letter(text[at - 1]);
    const std::size_t end = at + word.size();
    const bool right = end >= text.size() || !is_letter(text[end]);
    if (!latin || (left && right)) return true;
  }
  return false;
}

std::optional<std::string_view> first_of(std::string_view text,
                                         std::span<const std::string_view> words) {
  for (const std::string_view w : words) {
    if (holds(text, w)) return w;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string_view> forbidden_word(std::string_view text, bool of_persons) {
  std::string folded = lower(text);
  for (const std::string_view h : harmless) {
    for (std::size_t at = folded.find(h); at != std::string::npos; at = folded.find(h)) {
      folded.erase(at, h.size());
    }
  }
  if (const auto w = first_of(folded, never)) return w;
  if (!of_persons && !first_of(folded, person_words)) return std::nullopt;
  return first_of(folded, of_persons_only);
}

std::optional<std::string_view> office_holder_word(std::string_view text) {
  return first_of(lower(text), office_words);
}

}  // namespace lixin::catalogue
