// Finds datasets by name or path: the value of --dataset.
#pragma once

#include <string>

#include "matcher/config/places.hpp"
#include "matcher/dataset/dataset.hpp"

namespace matcher::config {

/// Finds a dataset by name, or by the path of a .yaml, a .csv or a folder (with a dataset.yaml, an items.csv, or
/// images). A name goes before a path of the same spelling. The root is absolute. A missing root, or one that begins
/// with "./" or "../", is beside the YAML. Any other relative root is searched in the current folder, then beside the
/// YAML; for a dataset given by path, in the other order. If neither exists, the first is kept. `columns` go before
/// those that a description gives its CSVs. Throws Error(usage) for an unknown name (with near names), and for columns
/// of a dataset without a CSV, Error(input) for a missing path.
dataset::Description find_dataset(const std::string& name_or_path, const Places& places,
                                  const dataset::Columns& columns = {});

}  // namespace matcher::config
