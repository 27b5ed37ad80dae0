// What a catalogue must not hold, by the words of titles and codes; private to the module.
#pragma once

#include <optional>
#include <string_view>

namespace lixin::catalogue {

// The word that makes a field one that must never be collected (credit reporting regulation art.
// 14: religion, genes, fingerprints, blood type, disease and medical history; of persons also
// income, deposits, securities, commercial insurance, real estate, tax paid). `of_persons`: the
// dataset takes natural persons; otherwise the second group counts only where the text itself
// speaks of a person.
std::optional<std::string_view> forbidden_word(std::string_view text, bool of_persons);

// The word that makes a dataset one on office-holders as persons.
std::optional<std::string_view> office_holder_word(std::string_view text);

}  // namespace lixin::catalogue
