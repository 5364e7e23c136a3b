// Parses the names of columns, as --csv-columns takes them.
#pragma once

#include <string>
#include <vector>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// The words that a CSV may have columns for: path, label, split, view, category, text, id, group, and the two
/// ways to give a box: x, y, width, height, or x1, y1, x2, y2.
const std::vector<std::string>& column_words();

/// True for one of these words, in any case.
bool is_column_word(const std::string& name);

/// Parses "path=filename,label=sku". Throws Error(usage).
Columns parse_columns(const std::string& text);

/// Lets the CSV sources of a description use the columns. Throws Error(usage) if there is no CSV.
void apply(const Columns& columns, Description& description);

}  // namespace matcher::dataset
