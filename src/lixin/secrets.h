// What may never be an argument, where other users of the machine would see it: numbers of persons,
// passphrases, passwords. They are read from standard input, not shown on a terminal, or from a
// file.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "lixin/app.h"

namespace lixin {

// One line of standard input, without its end; "" when there is none. At a terminal `question` is
// asked and what is typed is not shown.
std::string unseen_line(std::string_view question);

// The file's text without line ends behind it. errc::cannot_open, errc::file_too_long
result<std::string> secret_of_file(const std::string& path);

// A new password: of the file, or asked for twice at a terminal. errc::no_password,
// errc::passwords_differ
result<std::string> new_password(const app& a, const std::string& path);

}  // namespace lixin
