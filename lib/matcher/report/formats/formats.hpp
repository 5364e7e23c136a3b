// How a table is written in each format.
#pragma once

#include <string>

#include "matcher/report/table.hpp"

namespace matcher::report {

#define MATCHER_DECLARE_FORMAT(name) std::string write_##name(const Table& table, const Screen& screen = {});
MATCHER_TABLE_FORMATS(MATCHER_DECLARE_FORMAT)
#undef MATCHER_DECLARE_FORMAT

}  // namespace matcher::report
