// Finds the folders of a dataset by the names of splits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace matcher::dataset {

/// True for "queries", "query" and "test", in any case.
bool is_query_split(const std::string& split);

/// The folders gallery or train, and queries, query or test, in any case, if `root` has both kinds; otherwise "."
/// alone.
std::vector<std::string> split_folders(const std::filesystem::path& root);

}  // namespace matcher::dataset
