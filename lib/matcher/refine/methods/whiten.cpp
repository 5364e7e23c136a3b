#include <algorithm>
#include <cmath>

#include "matcher/refine/methods.hpp"
#include "matcher/refine/methods/columns.hpp"

namespace matcher::refine {
namespace {

/// Principal directions, divided by a power of their variance. Directions without variance stay out: rounding would
/// decide their scale.
LinearMap fit_whitening(const Scatter& scatter, const FitSettings& settings) {
  const auto directions = eigenvectors(scatter.total(), settings.dimension);
  const double least = 1e-10 * directions.values[0];
  return make_map(scatter, directions,
                  [&](double variance) { return variance <= least ? 0.0 : std::pow(variance, -settings.power); });
}

}  // namespace

const Method whiten_method{.name = "whiten",
                           .summary = "whitening by principal components, without labels",
                           .takes_power = true,
                           .fit = fit_whitening};

}  // namespace matcher::refine
