// Reads folders of files of vectors.
#pragma once

#include <memory>
#include <vector>

#include "matcher/store/import/formats.hpp"

namespace matcher::store {

/// Sorts by name; numbers in names count as numbers, so that "v_2" comes before "v_10".
void sort_naturally(std::vector<fs::path>& files);

/// Opens a folder. Throws as open_foreign_vectors().
std::unique_ptr<ForeignVectors> open_folder(const fs::path& folder);

}  // namespace matcher::store
