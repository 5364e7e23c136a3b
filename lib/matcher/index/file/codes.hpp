// Checks quantisers and codes of an index file.
#pragma once

#include "matcher/index/file/structure.hpp"

namespace matcher::index {

/// Bytes per vector, and their form.
struct Code {
  enum Form { any, floats, halves, short_floats } form = any;
  Size bytes = 0;
};

Code read_product_quantizer(CheckedReader& in, const Header& h);
Code read_scalar_quantizer(CheckedReader& in, const Header& h);

/// Reads a product quantiser of 4 bits. Returns its number of parts.
Size read_four_bit_quantizer(CheckedReader& in, const Header& h);

/// Checks how codes of 4 bits are packed in blocks. Returns the bytes of one vector.
Size check_packing(std::int32_t block, Size packed, Size parts);

void read_codes(CheckedReader& in, Size count, const Code& code);

// Whole indexes without lists or links, behind their headers.
void read_flat(CheckedReader& in, const Header& h);
void read_product_codes(CheckedReader& in, const Header& h);
void read_scalar_codes(CheckedReader& in, const Header& h);
void read_packed_codes(CheckedReader& in, const Header& h);

}  // namespace matcher::index
