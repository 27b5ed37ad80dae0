// Strong number types: a subject is not a record, a position is not a row. Plain values.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace lixin {

template <class Tag, class Rep = std::int64_t>
struct strong {
  Rep value = 0;

  constexpr strong() = default;
  constexpr explicit strong(Rep v) : value(v) {}
  constexpr auto operator<=>(const strong&) const = default;
};

using subject_id = strong<struct subject_tag>;
using record_id = strong<struct record_tag>;
using batch_id = strong<struct batch_tag>;
using position = strong<struct position_tag>;  // of the journal, dense from 1
using authority_id = strong<struct authority_tag, std::int32_t>;
using dataset_id = strong<struct dataset_tag, std::int32_t>;
using pack_version_id = strong<struct pack_version_tag, std::int32_t>;
using fen = strong<struct fen_tag>;  // money: hundredths of a yuan

}  // namespace lixin

template <class Tag, class Rep>
struct std::hash<lixin::strong<Tag, Rep>> {
  std::size_t operator()(const lixin::strong<Tag, Rep>& id) const noexcept {
    return std::hash<Rep>{}(id.value);
  }
};
