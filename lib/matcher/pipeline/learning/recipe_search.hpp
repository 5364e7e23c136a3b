// Tries recipes stage by stage: single models and their maps, ensembles, weights, settings of the map, variants.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "matcher/pipeline/learning/recipe.hpp"

namespace matcher::pipeline {

/// A recipe that was tried.
struct Tried {
  Recipe recipe;
  double value = 0, mean_precision = 0;  ///< means of the metric that decides, and of mAP
  std::size_t dimension = 0;
  double images_per_second = 0;
  bool is_allowed = true;  ///< within the limits: only the baseline may be outside
};

struct SearchLimits {
  std::optional<std::size_t> max_dimension, max_trials;
  std::optional<double> min_speed;
  std::function<bool()> is_late;  ///< no trial begins after it is true
};

struct SearchResult {
  std::vector<Tried> trials;  ///< in their order
  std::size_t best = 0;       ///< the best allowed trial
  std::size_t baseline = 0;   ///< the best single model without map and steps
  bool complete = true;       ///< false: time or trials were used up
};

/// Searches greedily: each stage starts from the best recipe of the stages before. Single models as they are come
/// first, and are always tried. Calls `progress` for each trial. Throws Error(usage) if the limits allow no recipe.
SearchResult search_recipes(Half& half, const std::vector<double>& images_per_second, const eval::Metric& metric,
                            const SearchLimits& limits, const std::function<void()>& progress);

/// Allowed trials to which no other is preferable in value, dimension and speed together, best first.
std::vector<std::size_t> pareto_front(const std::vector<Tried>& trials);

}  // namespace matcher::pipeline
