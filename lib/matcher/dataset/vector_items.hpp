// Reads the items of vectors that another program made: a CSV whose rows describe vectors, with or without images.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// One row of the CSV.
struct VectorItem {
  Item item;  ///< its path is relative to the folder of the CSV, or empty
  Role role = Role::gallery;
  std::string content_hash;  ///< hash of the image, from an items.csv of matcher; "" if the CSV has none
  std::size_t line = 0;      ///< line of the CSV, from 1
};

/// Reads the columns id, path, label, split, role, view, category, text, group and content_hash, of which one of id and
/// path is needed: a row without an id has that of its path. `role` is gallery or queries; without it the split decides
/// as in every dataset. Throws Error(input) with file:line for a missing id, an unknown role, or an id used twice
/// within a role.
std::vector<VectorItem> read_vector_items(const std::filesystem::path& csv, const Columns& columns);

}  // namespace matcher::dataset
