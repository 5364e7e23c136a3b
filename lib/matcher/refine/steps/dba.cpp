#include "matcher/refine/steps.hpp"
#include "matcher/refine/steps/mean.hpp"

namespace matcher::refine {

const Step dba_step{.name = "dba",
                    .summary = "each gallery vector with its nearest (database augmentation)",
                    .stage = Stage::gallery,
                    .most = 1000,
                    .value_is = "a number of neighbours",
                    .combine = mean_with};

}  // namespace matcher::refine
