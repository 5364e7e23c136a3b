// Knows the usual names of splits, and finds the folders of a dataset by them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/core/role.hpp"

namespace matcher::dataset {

/// The meaning of a usual name. If a dataset has several names of one role, those of the lowest rank are used: a
/// dataset with gallery and train is searched in gallery, and test goes before val.
struct UsualSplit {
  Role role = Role::gallery;
  int rank = 1;
};

/// Finds a name in any case: gallery, index, train; queries, query, probe, test, val, validation.
std::optional<UsualSplit> find_usual_split(std::string_view split);

/// "gallery, index or train for the gallery, and queries, ... for the queries", for messages.
std::string describe_usual_splits();

/// The folders with usual names, if `root` has some of both roles, gallery first; otherwise "." alone. Throws
/// Error(input) for a folder beside them that holds images under another name.
std::vector<std::string> split_folders(const std::filesystem::path& root);

}  // namespace matcher::dataset
