#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/refine/methods.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::refine {
namespace {

LinearMap fit_whiten(const Scatter& gallery, std::size_t dimension) {
  const auto most = whiten_method.most_dimensions(gallery.dimension(), gallery.count());
  if (dimension > most) {
    throw Error(ErrorCode::usage, fmt::format("whiten={} is not possible: {} vectors of {} dimensions allow 1 to {}",
                                              dimension, gallery.count(), gallery.dimension(), most));
  }
  return fit(whiten_method, gallery, {.dimension = dimension});
}

}  // namespace

const Step whiten_step{.name = "whiten",
                       .summary = "principal components of the gallery, divided by a power of their variance",
                       .stage = Stage::gallery,
                       .most = 65536,
                       .value_is = "a dimension",
                       .fit = fit_whiten};

}  // namespace matcher::refine
