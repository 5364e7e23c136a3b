#include "matcher/store/embeddings/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/files/file.hpp"

namespace matcher::store {
namespace {

const std::vector<std::string> item_columns{"id",   "path",     "label", "role",        "split",
                                            "view", "category", "text",  "content_hash"};
constexpr auto group_column = "group";
const std::vector<std::string> failure_columns{"id", "path", "role", "reason"};

/// Reads rows that have the columns, and after them the column `more` or not.
std::vector<CsvRow> read_rows(const fs::path& file, std::vector<std::string> columns, const char* more = "") {
  auto rows = read_csv(file);
  if (!rows.empty() && rows[0].fields.back() == more) columns.emplace_back(more);
  if (rows.empty() || rows[0].fields != columns) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" is damaged: it does not begin with the columns {}. Make its folder again",
                            file.string(), fmt::join(columns, ",")));
  }
  rows.erase(rows.begin());
  for (const auto& row : rows) {
    if (row.fields.size() == columns.size()) continue;
    throw Error(ErrorCode::input, fmt::format("{}:{}: {} fields, {} expected", file.string(), row.line,
                                              row.fields.size(), columns.size()));
  }
  return rows;
}

}  // namespace

std::string items_header(ItemColumns columns) {
  auto names = item_columns;
  if (columns == ItemColumns::with_group) names.emplace_back(group_column);
  return csv_line(names);
}

std::string item_line(const ItemRow& i, ItemColumns columns) {
  std::vector<std::string> fields{i.id, i.path, i.label, i.role, i.split, i.view, i.category, i.text, i.content_hash};
  if (columns == ItemColumns::with_group) fields.push_back(i.group);
  return csv_line(fields);
}

std::string failures_header() { return csv_line(failure_columns); }

// A reason may name bytes of the damaged file. Paths keep their bytes.
std::string failure_line(const FailureRow& f) { return csv_line({f.id, f.path, f.role, valid_utf8(f.reason)}); }

std::vector<CsvRow> read_item_rows(const fs::path& file) { return read_rows(file, item_columns, group_column); }

std::vector<CsvRow> read_failure_rows(const fs::path& file) { return read_rows(file, failure_columns); }

}  // namespace matcher::store
