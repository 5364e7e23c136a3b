// The weights of an antialiased resize along one axis, as Pillow computes them.
#pragma once

#include <vector>

#include "matcher/image/filter.hpp"

namespace matcher::image {

/// The source samples that make one output sample: [first, first + values.size()). The sum of the values is 1.
struct Weights {
  int first = 0;
  std::vector<double> values;
};

/// Returns the weights of sample `output` of `to` samples that are made from `from`. Any filter but nearest.
/// Reference: Pillow's Resample.c.
Weights weights_of(int output, int from, int to, Filter filter);

}  // namespace matcher::image
