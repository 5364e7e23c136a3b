#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::refine {
namespace {

Matrix keep_first(MatrixView unit, std::size_t dimension) {
  if (dimension > unit.cols) {
    throw Error(ErrorCode::usage,
                fmt::format("dim={} is not possible: the vectors have {} dimensions", dimension, unit.cols));
  }
  Matrix shorter(unit.rows, dimension);
  for (std::size_t i = 0; i < unit.rows; ++i) {
    std::ranges::copy(unit.row(i).first(dimension), shorter.row(i).begin());
    normalise(shorter.row(i));
  }
  return shorter;
}

}  // namespace

const Step dim_step{.name = "dim",
                    .summary = "the first dimensions alone",
                    .stage = Stage::gallery,
                    .most = 65536,
                    .value_is = "a dimension",
                    .shorten = keep_first};

}  // namespace matcher::refine
