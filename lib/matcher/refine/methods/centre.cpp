#include "matcher/refine/methods.hpp"
#include "matcher/refine/methods/columns.hpp"

namespace matcher::refine {
namespace {

LinearMap fit_centring(const Scatter& scatter, const FitSettings&) { return make_centring(scatter); }

}  // namespace

const Method centre_method{
    .name = "centre", .summary = "takes the gallery's mean away", .takes_dimension = false, .fit = fit_centring};

}  // namespace matcher::refine
