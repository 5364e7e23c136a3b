#include "matcher/index/file/transforms.hpp"

#include <fmt/format.h>

#include <limits>

namespace matcher::index {
namespace {

struct Dimensions {
  Size in = 0, out = 0;
};

/// FAISS writes the dimensions of a transform last.
Dimensions read_dimensions(CheckedReader& in) {
  const auto from = in.read<std::int32_t>(), to = in.read<std::int32_t>();
  require(from > 0 && to > 0, "a transform has no dimensions");
  require(in.read_flag(), "a transform is not trained");
  return {Size(from), Size(to)};
}

Size read_mean(CheckedReader& in) {
  const auto length = in.read_length(4);
  in.read_floats(length);
  return length;
}

bool is_linear(const std::string& mark) {
  for (const char* known : {"Pcam", "PcAm", "PCAm", "Viqm", "rrot", "LTra"}) {
    if (mark == known) return true;
  }
  return false;
}

/// Skips what a linear transform was trained with.
void skip_training(CheckedReader& in, const std::string& mark) {
  if (mark == "Viqm") return in.skip(8);
  if (mark == "rrot" || mark == "LTra") return;
  in.skip(mark == "Pcam" ? 8 : 4);
  in.read_flag();
  if (mark != "PCAm") in.skip(4);
  for (int i = 0; i < 3; ++i) in.skip(4 * in.read_length(4));
}

Dimensions read_linear(CheckedReader& in, const std::string& mark) {
  skip_training(in, mark);
  const bool has_bias = in.read_flag();
  const auto matrix = in.read_length(4);
  in.read_floats(matrix);
  const auto bias = in.read_length(4);
  in.read_floats(bias);
  const auto d = read_dimensions(in);
  require_equal(matrix, product(d.in, d.out), "the number of values of a matrix");
  require(bias == d.out || (bias == 0 && !has_bias), "a transform has too few values to add");
  return d;
}

Dimensions read_part_of_itq(CheckedReader& in) {
  const auto mark = in.read_mark();
  require(is_linear(mark), "a part of a transform is of another kind");
  return read_linear(in, mark);
}

/// Projects, and rotates by a matrix that is already in the projection.
Dimensions read_itq(CheckedReader& in) {
  const auto mean = read_mean(in);
  in.read_flag();
  read_part_of_itq(in);
  const auto projection = read_part_of_itq(in);
  const auto d = read_dimensions(in);
  require(mean == d.in && projection.in == d.in && projection.out == d.out, "the parts of a transform differ");
  return d;
}

Dimensions read_map(CheckedReader& in) {
  const auto map = in.read_values<std::int32_t>(in.read_length(4));
  const auto d = read_dimensions(in);
  require_equal(map.size(), d.out, "the number of dimensions of a transform");
  for (const auto from : map) require_between(from, -1, std::int64_t(d.in) - 1, "a dimension of a transform");
  return d;
}

Dimensions read_norm(CheckedReader& in) {
  require(in.read<float>() == 2, "a transform has an unknown norm");
  const auto d = read_dimensions(in);
  require_equal(d.out, d.in, "the number of dimensions of a transform");
  return d;
}

Dimensions read_centring(CheckedReader& in) {
  const auto mean = read_mean(in);
  const auto d = read_dimensions(in);
  require(mean == d.in && d.out == d.in, "a transform has too few values to add");
  return d;
}

Dimensions read_any(CheckedReader& in, const std::string& mark) {
  if (is_linear(mark)) return read_linear(in, mark);
  if (mark == "Viqt") return read_itq(in);
  if (mark == "RmDT") return read_map(in);
  if (mark == "VNrm") return read_norm(in);
  if (mark == "VCnt") return read_centring(in);
  throw UnknownStructure(mark);
}

}  // namespace

Size read_transform(CheckedReader& in, Size d) {
  const auto read = read_any(in, in.read_mark());
  require_equal(read.in, d, "the number of dimensions of a transform");
  return read.out;
}

}  // namespace matcher::index
