#include "matcher/index/file/codes.hpp"

#include <faiss/Index.h>

namespace matcher::index {
namespace {

constexpr const char* parts_of_code = "the number of parts of its codes does not divide the dimension";

/// A type of scalar quantiser.
struct Scalar {
  Code::Form form;
  Size eighths;           ///< bits per dimension
  Size ranges, constant;  ///< trained values: per dimension, and in all
};

/// The types in their order in faiss::ScalarQuantizer.
constexpr Scalar scalars[] = {{Code::any, 8, 2, 0}, {Code::any, 4, 2, 0},           {Code::any, 8, 0, 2},
                              {Code::any, 4, 0, 2}, {Code::halves, 16, 0, 0},       {Code::any, 8, 0, 0},
                              {Code::any, 6, 2, 0}, {Code::short_floats, 16, 0, 0}, {Code::any, 8, 0, 0}};
constexpr std::int32_t scalar_types = FAISS_VERSION_MINOR < 9 ? 7 : 9;

/// Reads the dimension and the number of parts of a product quantiser.
Size read_parts(CheckedReader& in, const Header& h) {
  const auto d = in.read<Size>(), parts = in.read<Size>();
  require_equal(d, h.d, "the dimension of its codes");
  require(parts > 0 && d % parts == 0, parts_of_code);
  return parts;
}

void read_all_codes(CheckedReader& in, const Header& h, const Code& code) {
  in.read_length(1, product(h.n, code.bytes), "the length of its codes");
  read_codes(in, h.n, code);
}

}  // namespace

Code read_product_quantizer(CheckedReader& in, const Header& h) {
  const auto parts = read_parts(in, h), bits = in.read<Size>();
  require(bits >= 1 && bits <= 16, "the number of bits of its codes is not 1 to 16");
  in.read_floats(in.read_length(4, product(h.d, Size{1} << bits), "the number of values of its code words"));
  return {Code::any, (parts * bits + 7) / 8};
}

Code read_scalar_quantizer(CheckedReader& in, const Header& h) {
  const auto type = in.read<std::int32_t>();
  in.read<std::int32_t>();  // how ranges were trained
  in.read<float>();
  require_between(type, 0, scalar_types - 1, "the type of its codes");
  const auto& scalar = scalars[type];
  const Code code{scalar.form, (scalar.eighths * h.d + 7) / 8};
  require_equal(in.read<Size>(), h.d, "the dimension of its codes");
  require_equal(in.read<Size>(), code.bytes, "the size of its codes");
  in.read_floats(in.read_length(4, scalar.ranges * h.d + scalar.constant, "the number of ranges of its codes"));
  return code;
}

Size read_four_bit_quantizer(CheckedReader& in, const Header& h) {
  const auto parts = read_parts(in, h);
  require_equal(in.read<Size>(), 4, "the number of bits of its codes");
  in.read_floats(in.read_length(4, product(h.d, 16), "the number of values of its code words"));
  return parts;
}

Size check_packing(std::int32_t block, Size packed, Size parts) {
  require(block >= 32 && block <= 4096 && block % 32 == 0, "its blocks are not of 32 to 4096 codes");
  require_equal(packed, (parts + 1) / 2 * 2, "the number of parts of its packed codes");
  return packed / 2;
}

void read_codes(CheckedReader& in, Size count, const Code& code) {
  in.require_rest(count, code.bytes);
  const auto bytes = count * code.bytes;
  const auto read_exponents = [&](unsigned shift, unsigned mask, unsigned limit) {
    bool sound = true;
    in.for_each<std::uint16_t>(bytes / 2, [&](unsigned v) { sound &= (v >> shift & mask) < limit; });
    require(sound, "a value is too large or not finite");
  };
  switch (code.form) {
    case Code::floats:
      return in.read_floats(bytes / 4);
    case Code::halves:
      return read_exponents(10, 31, 31);
    case Code::short_floats:
      return read_exponents(7, 255, 167);  // below 2^40
    case Code::any:
      return in.skip(bytes);
  }
}

void read_flat(CheckedReader& in, const Header& h) {
  in.read_floats(in.read_length(4, product(h.n, h.d), "the number of values of its vectors"));
}

void read_product_codes(CheckedReader& in, const Header& h) {
  read_all_codes(in, h, read_product_quantizer(in, h));
  require(in.read<std::int32_t>() == 0, "its search is of an unknown kind");
  require(!in.read_flag(), "its codes have signs");
  in.read<std::int32_t>();  // a threshold that such a search does not use
}

void read_scalar_codes(CheckedReader& in, const Header& h) { read_all_codes(in, h, read_scalar_quantizer(in, h)); }

void read_packed_codes(CheckedReader& in, const Header& h) {
  const auto parts = read_four_bit_quantizer(in, h);
  require(in.read<std::int32_t>() == 0, "its search is of an unknown kind");
  const auto block = in.read<std::int32_t>();
  require(in.read<std::int32_t>() == 0, "its search is of an unknown kind");
  const auto padded = in.read<Size>(), packed = in.read<Size>();
  const auto bytes = check_packing(block, packed, parts);
  const auto step = Size(block);
  require_equal(padded, (h.n + step - 1) / step * step, "the number of its codes with padding");
  in.skip(in.read_length(1, product(padded, bytes), "the length of its codes"));
}

}  // namespace matcher::index
