// The reader of JSON lines (.jsonl, .ndjson) behind tabular::open: each line is one flat object, a
// row; its keys are the headings. RFC 8259 to the letter inside a line, so that what was meant is
// never guessed; blank lines and CRLF are taken.
//
// The columns are all keys of the file, in the order in which they are met: whoever writes JSON
// leaves out what is empty, and the first line knows nothing of that. So the file is read twice:
// once to find the keys (and every fault of form, before the first row is given), once for the
// rows. The heading comes first, as row 0; other rows are numbered by their lines.
//
// A string or number comes as it is written (1.10 stays 1.10, 20 digits stay 20 digits), true and
// false as TRUE and FALSE, null as an empty cell.
#pragma once

#include <memory>

#include "tabular/input.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

// Whether a file that begins like this holds JSON: an object with a key, or an array of them.
bool is_json(std::string_view head);

result<std::unique_ptr<reader>> open_json_lines(std::unique_ptr<input> in, const options& o,
                                                std::size_t piece_bytes = 256 * 1024);

}  // namespace lixin::tabular
