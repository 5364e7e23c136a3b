#include "matcher/dataset/columns.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {

const std::vector<std::string>& column_words() {
  static const std::vector<std::string> words{"path", "label", "split", "view",   "category", "text", "id", "group",
                                              "x",    "y",     "width", "height", "x1",       "y1",   "x2", "y2"};
  return words;
}

bool is_column_word(const std::string& name) {
  return std::ranges::find(column_words(), lower_case(name)) != column_words().end();
}

Columns parse_columns(const std::string& text) {
  Columns columns;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    const auto equals = part.find('=');
    const auto word = part.substr(0, equals);
    if (equals == std::string::npos || equals + 1 == part.size()) {
      throw Error(ErrorCode::usage,
                  fmt::format("--csv-columns \"{}\" is not WORD=COLUMN, for example path=filename,label=sku", part));
    }
    if (!std::ranges::count(column_words(), word)) {
      throw Error(ErrorCode::usage,
                  fmt::format("--csv-columns has no word \"{}\"; use {}", word, fmt::join(column_words(), ", ")));
    }
    columns[word] = part.substr(equals + 1);
  }
  return columns;
}

void apply(const Columns& columns, Description& description) {
  bool found = columns.empty();
  for (auto& source : description.sources) {
    if (!find_format(source.format).about.has_columns) continue;
    for (const auto& [word, column] : columns) source.columns[word] = column;
    found = true;
  }
  if (found) return;
  throw Error(ErrorCode::usage, fmt::format("--csv-columns is for a CSV, but \"{}\" is read from folders. Leave it out",
                                            description.name));
}

}  // namespace matcher::dataset
