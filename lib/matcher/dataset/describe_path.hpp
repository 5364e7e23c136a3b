// Describes the dataset behind a path given on the command line.
#pragma once

#include <filesystem>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// Describes a CSV or a folder. A CSV has a header with a column path or text; without a header, its columns are path,
/// label, category. A folder holds class folders, or gallery (train) and queries (query, test), or images. A CSV
/// without a split column is all gallery. `columns` replace the names of columns that a CSV must have.
/// config::find_dataset handles dataset.yaml and items.csv. Throws Error(input).
Description describe_path(const std::filesystem::path& path, const Columns& columns = {});

}  // namespace matcher::dataset
