// The XLSX reader behind tabular::open: libzip and expat, streaming.
#pragma once

#include <memory>

#include "tabular/input.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

result<std::unique_ptr<reader>> open_xlsx(std::unique_ptr<input> in, const options& o);

}  // namespace lixin::tabular
