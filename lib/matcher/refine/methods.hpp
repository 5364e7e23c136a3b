// Learns a linear map from a gallery. A new method is one file in methods/ and a name in MATCHER_METHODS.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/refine/linear_map.hpp"
#include "matcher/refine/scatter.hpp"

namespace matcher::refine {

struct FitSettings {
  double shrinkage = 1;       ///< share of the mean variance that is added to each direction, 0 or more
  double power = 0.25;        ///< power of the variances that directions are divided by; 0.5 makes them all equal
  std::size_t dimension = 0;  ///< numbers per mapped vector, from 1; at most most_dimensions()
};

struct Method {
  const char* name;
  const char* summary;  ///< one line for people
  bool needs_labels = false, takes_shrinkage = false, takes_power = false, takes_dimension = true;
  LinearMap (*fit)(const Scatter&, const FitSettings&);

  /// The most directions in which `count` vectors of `d` dimensions differ, or d if the method keeps them all.
  std::size_t most_dimensions(std::size_t d, std::size_t count) const;

  /// True if the sums are enough to learn from: two vectors, and with labels a product with two of them.
  bool can_learn(const Scatter& scatter) const;
};

#define MATCHER_METHODS(add) add(lda) add(whiten) add(centre)

std::span<const Method* const> methods();

/// Throws Error(usage), naming the methods.
const Method& find_method(const std::string& name);

/// Throws Error(usage) for a dimension that the sums do not allow.
void check_dimension(const Method& method, const Scatter& scatter, std::size_t dimension);

/// Learns a map. Throws Error(input) if the within-product scatter is singular, Error(usage) for too large a dimension.
LinearMap fit(const Method& method, const Scatter& scatter, const FitSettings& settings);

#define MATCHER_DECLARE(name) extern const Method name##_method;
MATCHER_METHODS(MATCHER_DECLARE)
#undef MATCHER_DECLARE

}  // namespace matcher::refine
