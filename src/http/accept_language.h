// Which of the two languages a client reads best.
#pragma once

#include <string_view>

#include "base/error.h"

namespace lixin::http {

// By the header Accept-Language (RFC 9110, 12.5.4) with its weights: "zh-CN, en;q=0.8" is Chinese.
// Subtags are not looked at; of equal weights the first wins; q=0 excludes a language; "*" and a
// header that names neither is `otherwise`. What is malformed is passed over.
language preferred_language(std::string_view accept_language, language otherwise);

}  // namespace lixin::http
