#include "matcher/refine/steps.hpp"
#include "matcher/refine/steps/mean.hpp"

namespace matcher::refine {

const Step aqe_step{.name = "aqe",
                    .summary = "searches again with the mean of the query and its first answers (query expansion)",
                    .stage = Stage::search,
                    .most = 1000,
                    .value_is = "a number of answers",
                    .combine = mean_with};

}  // namespace matcher::refine
