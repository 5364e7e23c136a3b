#include "matcher/store/embeddings/tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"

namespace matcher::store {
namespace {

const std::vector<std::string> item_columns{"id",   "path",     "label", "role",        "split",
                                            "view", "category", "text",  "content_hash"};
const std::vector<std::string> failure_columns{"id", "path", "role", "reason"};

std::vector<CsvRow> read_rows(const fs::path& file, const std::vector<std::string>& columns) {
  auto rows = read_csv(file);
  if (rows.empty() || rows[0].fields != columns) {
    throw Error(ErrorCode::input,
                fmt::format("\"{}\" does not begin with the columns {}", file.string(), fmt::join(columns, ",")));
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

std::string items_header() { return csv_line(item_columns); }

std::string item_line(const ItemRow& i) {
  return csv_line({i.id, i.path, i.label, i.role, i.split, i.view, i.category, i.text, i.content_hash});
}

std::string failures_header() { return csv_line(failure_columns); }

std::string failure_line(const FailureRow& f) { return csv_line({f.id, f.path, f.role, f.reason}); }

std::vector<CsvRow> read_item_rows(const fs::path& file) { return read_rows(file, item_columns); }

std::vector<CsvRow> read_failure_rows(const fs::path& file) { return read_rows(file, failure_columns); }

}  // namespace matcher::store
