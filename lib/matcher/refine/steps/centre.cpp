#include "matcher/refine/methods.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::refine {
namespace {

LinearMap fit_centre(const Scatter& gallery, std::size_t) {
  return fit(centre_method, gallery, {.dimension = gallery.dimension()});
}

}  // namespace

const Step centre_step{
    .name = "centre", .summary = "takes the gallery's mean away", .stage = Stage::gallery, .fit = fit_centre};

}  // namespace matcher::refine
