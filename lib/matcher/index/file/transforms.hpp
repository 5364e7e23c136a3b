// Checks transforms of vectors in an index file: PCA, rotations, norms.
#pragma once

#include "matcher/index/file/checked_reader.hpp"

namespace matcher::index {

/// Reads a transform of vectors of `d` dimensions. Returns the number of dimensions that it makes.
Size read_transform(CheckedReader& in, Size d);

}  // namespace matcher::index
