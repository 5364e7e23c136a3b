// Checks graphs of an index file: HNSW and NSG.
#pragma once

#include "matcher/index/file/structure.hpp"

namespace matcher::index {

// Graphs over whole vectors, or over codes of a scalar quantiser. FAISS takes that class for granted.
void read_hnsw_flat(CheckedReader& in, const Header& h);
void read_hnsw_scalar(CheckedReader& in, const Header& h);
void read_nsg_flat(CheckedReader& in, const Header& h);
void read_nsg_scalar(CheckedReader& in, const Header& h);

}  // namespace matcher::index
