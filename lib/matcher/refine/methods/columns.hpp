// Makes a map from the directions that a method found.
#pragma once

#include "matcher/refine/algebra/eigenvectors.hpp"
#include "matcher/refine/linear_map.hpp"
#include "matcher/refine/scatter.hpp"

namespace matcher::refine {

/// The gallery's mean, without a matrix.
inline LinearMap make_centring(const Scatter& scatter) {
  LinearMap map;
  for (const auto value : scatter.mean()) map.mean.push_back(static_cast<float>(value));
  return map;
}

/// The gallery's mean, and a column per direction, times `scale` of its eigenvalue.
template <typename Scale>
LinearMap make_map(const Scatter& scatter, const Eigenvectors& directions, const Scale& scale) {
  auto map = make_centring(scatter);
  map.matrix = Matrix(scatter.dimension(), directions.values.size());
  for (std::size_t i = 0; i < directions.values.size(); ++i) {
    const double factor = scale(directions.values[i]);
    const auto direction = directions.vector(i);
    for (std::size_t k = 0; k < direction.size(); ++k) map.matrix.row(k)[i] = static_cast<float>(factor * direction[k]);
  }
  return map;
}

}  // namespace matcher::refine
