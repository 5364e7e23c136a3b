// The lines of items.csv and failures.csv.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/files/csv.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::store {

std::string items_header(ItemColumns columns);
std::string item_line(const ItemRow& item, ItemColumns columns);
std::string failures_header();
std::string failure_line(const FailureRow& failure);

/// The rows below the header. Throw Error(input) with file and line for other columns or another number of fields.
std::vector<CsvRow> read_item_rows(const std::filesystem::path& file);
std::vector<CsvRow> read_failure_rows(const std::filesystem::path& file);

}  // namespace matcher::store
