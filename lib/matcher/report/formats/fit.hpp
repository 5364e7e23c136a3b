// Fits a text table into the width of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/report/table.hpp"

namespace matcher::report {

/// The table in at most `width` columns of a terminal. Leaves out minor columns and notes which; breaks the widest
/// cells into lines, which become rows; wraps caption and notes. A column stays as wide as its name.
Table fit(Table table, std::size_t width);

/// The lines of a text that is broken between words, and inside a word that is longer than a line. Later lines begin
/// with `indent` blanks.
std::vector<std::string> wrap(std::string_view text, std::size_t width, std::size_t indent = 0);

}  // namespace matcher::report
