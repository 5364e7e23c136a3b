// Joins labels that people would read as one, or warns of them.
#pragma once

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

/// Labels that differ only in capitals, spaces, dashes or their Unicode form: with `fold`, each becomes the one that
/// comes first; otherwise the dataset gets a warning if one role has several of them.
void join_or_warn(bool fold, Dataset& dataset);

}  // namespace matcher::dataset
