// Tables of a report by label, by category, and of the labels that are taken for others.
#pragma once

#include <string>

#include "matcher/report/table.hpp"

namespace matcher::report {

/// `by` is label, category or confused; Error(usage) otherwise.
Table table_by(const Report& report, const std::string& by, Format format);

}  // namespace matcher::report
