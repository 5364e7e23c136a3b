#include "matcher/core/error.hpp"
#include "matcher/refine/methods.hpp"
#include "matcher/refine/methods/columns.hpp"

namespace matcher::refine {
namespace {

/// Rounding makes a scatter of this share of the total out of equal vectors.
constexpr double no_scatter = 1e-10;

/// S + shrinkage · trace(S) / d · I, where S is the scatter within products.
Symmetric shrunk_scatter(const Scatter& scatter, const Symmetric& total, double shrinkage) {
  auto within = scatter.within();
  if (within.trace() <= no_scatter * total.trace()) {
    throw Error(ErrorCode::input,
                "the photos of every product have equal vectors, so labels cannot teach how they differ. Use --method "
                "whiten, which needs no labels");
  }
  const double ridge = shrinkage * within.trace() / double(within.d);
  for (std::size_t i = 0; i < within.d; ++i) within.diagonal(i) += ridge;
  return within;
}

/// Whitens by the shrunk scatter, and takes the principal directions of the whitened gallery. Both together are the
/// generalised eigenvectors of the total scatter and the shrunk one.
LinearMap fit_lda(const Scatter& scatter, const FitSettings& settings) {
  const auto total = scatter.total();
  const auto directions =
      generalised_eigenvectors(total, shrunk_scatter(scatter, total, settings.shrinkage), settings.dimension);
  return make_map(scatter, directions, [](double) { return 1.0; });
}

}  // namespace

const Method lda_method{.name = "lda",
                        .summary = "linear discriminant analysis with shrinkage, learnt from labels",
                        .needs_labels = true,
                        .takes_shrinkage = true,
                        .fit = fit_lda};

}  // namespace matcher::refine
