// Folding: the one way to make two spellings of the same thing equal. All input is valid UTF-8
// (see text/encoding.h); all functions are pure and thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lixin::text {

// Code points in valid UTF-8; what "length 200" of a field counts.
std::size_t length(std::string_view utf8);

// What every cell gets before anything reads it: full-width ASCII (U+FF01..FF5E) and the
// ideographic space to half width, other Unicode spaces, zero-width signs and control characters
// (line breaks become one space) mended, blanks at both ends cut. Inner blanks stay, runs become
// one. Full-width punctuation of Chinese text (，。；：（）) is left as it is.
std::string tidy(std::string_view utf8);
// As tidy, but answers the input itself when there is nothing to mend (the common case, no copy);
// `store` holds the mended text otherwise and must outlive the answer.
std::string_view tidy(std::string_view utf8, std::string& store);

// For comparing headings: NFKC, upper case, no blanks, all brackets to half-width round ones, all
// dashes to '-', brackets' text kept.
std::string fold_heading(std::string_view utf8);

// For document numbers (文号): NFKC, upper case, no blanks, all kinds of brackets 〔［【（(〈< to
// 〔〕, all dashes to '-'. "沧市监罚字[2024] 12号" and "沧市监罚字〔2024〕12号" are one.
std::string fold_document(std::string_view utf8);

// For comparing names of organisations: NFKC, lower case, no blanks, all brackets to half-width
// round ones, all dashes to '-', middle dots dropped.
std::string fold_name(std::string_view utf8);

// For identifiers: full width to half, upper case, blanks, hyphens and zero-width signs dropped.
std::string fold_identifier(std::string_view utf8);

}  // namespace lixin::text
