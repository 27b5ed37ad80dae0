// The files of sql/, compiled in.
#pragma once

#include <vector>

#include "pg/pg.h"

namespace lixin {
std::vector<pg::migration> migrations();
}
