// Measures accuracy against the number of photos per product, over random choices of photos.
#pragma once

#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/eval/views.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/measuring/photo_scores.hpp"
#include "matcher/report/views.hpp"

namespace matcher::pipeline {

struct CurveSettings {
  Role side = Role::gallery;        ///< the side whose photos are drawn
  eval::Aggregate aggregate{};      ///< how the scores of several photos become one
  std::vector<std::size_t> counts;  ///< photos per product, or per set
  std::size_t repeats = 20;         ///< random choices
  std::uint64_t seed = 1;
  std::vector<std::size_t> ks;  ///< k of the top-k accuracies, counted in products
  int threads = 0;              ///< 0: one per core
};

/// One row per count, rising. Leaves out, with a warning, counts that no product reaches; throws Error(input) if no
/// count remains.
std::vector<report::ViewsRow> measure_curve(const Context& context, const Photos& photos,
                                            const CurveSettings& settings);

}  // namespace matcher::pipeline
