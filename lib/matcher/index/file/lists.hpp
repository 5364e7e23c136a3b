// Checks inverted lists of an index file.
#pragma once

#include "matcher/index/file/structure.hpp"

namespace matcher::index {

// Lists of whole vectors, of codes of a product or a scalar quantiser, and of codes of 4 bits in blocks.
void read_vector_lists(CheckedReader& in, const Header& h);
void read_product_lists(CheckedReader& in, const Header& h);
void read_scalar_lists(CheckedReader& in, const Header& h);
void read_packed_lists(CheckedReader& in, const Header& h);

}  // namespace matcher::index
