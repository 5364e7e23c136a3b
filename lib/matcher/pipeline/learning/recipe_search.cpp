#include "matcher/pipeline/learning/recipe_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_joined = 3, most_in_pairs = 4;

double mean(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

/// The better first: by the metric, then by mAP, then the smaller, then the earlier.
auto rank_of(const Tried& tried) {
  return std::tuple(-tried.value, -tried.mean_precision, tried.dimension, tried.recipe.members.size());
}

refine::Steps steps(const std::vector<std::string>& texts) { return refine::parse_steps(texts); }

class RecipeSearch {
 public:
  RecipeSearch(Half& half, const std::vector<double>& speeds, const eval::Metric& metric, const SearchLimits& limits,
               const std::function<void()>& progress)
      : half_(half), speeds_(speeds), limits_(limits), progress_(progress), metrics_{metric, eval::metric("map")} {
    for (const auto& model : half.models) dimensions_.push_back(model.gallery.cols);
  }

  SearchResult run() {
    for (std::size_t m = 0; m < half_.models.size(); ++m) add({{m}, {1}}, true);
    result_.baseline = best_of([](const Tried&) { return true; });
    for (const auto m : models_by_value()) try_maps({{m}, {1}}, {1, 0.3});
    try_ensembles();
    try_weights();
    try_settings();
    try_steps();
    result_.best = best_of([](const Tried& tried) { return tried.is_allowed; });
    if (!result_.trials[result_.best].is_allowed) fail_limits();
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail_limits() const {
    throw Error(ErrorCode::usage,
                "no recipe is within --max-dimension and --min-speed, or time and trials were used up "
                "before one was tried; allow more of them");
  }

  bool is_known(const Recipe& recipe) const {
    return std::ranges::any_of(result_.trials, [&](const Tried& tried) {
      const auto& r = tried.recipe;
      return r.members == recipe.members && r.weights == recipe.weights && r.method == recipe.method &&
             r.shrinkage == recipe.shrinkage && r.dimension == recipe.dimension && r.steps == recipe.steps;
    });
  }

  bool is_allowed(const Tried& tried) const {
    return (!limits_.max_dimension || tried.dimension <= *limits_.max_dimension) &&
           (!limits_.min_speed || tried.images_per_second >= *limits_.min_speed);
  }

  /// Embedding with several models takes the sum of their times.
  double speed_of(const Recipe& recipe) const {
    double seconds = 0;
    for (const auto member : recipe.members) seconds += 1 / std::max(speeds_[member], 1e-9);
    return 1 / seconds;
  }

  bool is_used_up() const {
    return (limits_.max_trials && result_.trials.size() >= *limits_.max_trials) || limits_.is_late();
  }

  /// Tries a recipe that is new and allowed; `always`: whatever the limits.
  void add(const Recipe& recipe, bool always = false) {
    Tried tried{recipe, 0, 0, dimension_of(recipe, dimensions_), speed_of(recipe)};
    tried.is_allowed = is_allowed(tried);
    if (!always && (!tried.is_allowed || is_known(recipe))) return;
    if (!always && is_used_up()) {
      result_.complete = false;
      return;
    }
    const auto outcome = half_.measure(recipe, metrics_);
    tried.value = mean(outcome.values[0]);
    tried.mean_precision = mean(outcome.values[1]);
    result_.trials.push_back(std::move(tried));
    progress_();
  }

  template <typename Wanted>
  std::size_t best_of(const Wanted& wanted) const {
    std::size_t best = 0;
    bool has_best = false;
    for (std::size_t i = 0; i < result_.trials.size(); ++i) {
      if (!wanted(result_.trials[i])) continue;
      if (!has_best || rank_of(result_.trials[i]) < rank_of(result_.trials[best])) best = i;
      has_best = true;
    }
    return best;
  }

  /// The best allowed recipe; before there is one, the best of all.
  Recipe best() const {
    const auto found = best_of([](const Tried& tried) { return tried.is_allowed; });
    return result_.trials[found].recipe;
  }

  std::vector<std::size_t> models_by_value() const {
    std::vector<std::size_t> order(half_.models.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t m) { return rank_of(result_.trials[m]); });
    return order;
  }

  void try_dimensions(Recipe recipe, const std::vector<std::size_t>& dimensions) {
    const auto most = half_.most_dimensions(recipe);
    for (const auto dimension : dimensions) {
      recipe.dimension = std::min(dimension, most);
      add(recipe);
    }
  }

  /// The maps of some members: with labels, and without.
  void try_maps(Recipe recipe, const std::vector<double>& shrinkages) {
    recipe.method = &refine::lda_method;
    for (const auto shrinkage : half_.labels_teach ? shrinkages : std::vector<double>()) {
      recipe.shrinkage = shrinkage;
      try_dimensions(recipe, {128, 64, 256});
    }
    recipe.shrinkage = 1;
    recipe.method = &refine::whiten_method;
    try_dimensions(recipe, {128, 256});
    recipe.method = &refine::centre_method;
    recipe.dimension = 0;
    add(recipe);
  }

  void try_members(const std::vector<std::size_t>& members) {
    Recipe recipe{members, std::vector<double>(members.size(), 1)};
    add(recipe);
    const auto shrinkage = best().shrinkage;
    if (!half_.labels_teach) return;
    recipe.method = &refine::lda_method;
    recipe.shrinkage = shrinkage;
    try_dimensions(recipe, {128, 64, 256});
  }

  void try_ensembles() {
    auto order = models_by_value();
    order.resize(std::min(order.size(), most_in_pairs));
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t k = i + 1; k < order.size(); ++k)
        try_members({std::min(order[i], order[k]), std::max(order[i], order[k])});
    }
    const auto pair = best().members;
    if (pair.size() + 1 != most_joined) return;
    for (const auto third : order) {
      auto members = pair;
      if (std::ranges::count(members, third) > 0) continue;
      members.push_back(third);
      std::ranges::sort(members);
      try_members(members);
    }
  }

  /// Gives each member of the best ensemble twice its weight.
  void try_weights() {
    const auto from = best();
    if (from.members.size() < 2) return;
    for (std::size_t i = 0; i < from.members.size(); ++i) {
      auto recipe = from;
      recipe.weights[i] *= 2;
      add(recipe);
    }
  }

  void try_settings() {
    const auto from = best();
    if (from.method == nullptr || !from.method->takes_dimension) return;
    try_dimensions(from, {32, 48, 80, 96, 192, 384});
    if (!from.method->takes_shrinkage) return;
    auto recipe = best();
    for (const double shrinkage : {0.1, 3.0}) {
      recipe.shrinkage = shrinkage;
      add(recipe);
    }
  }

  void try_steps() {
    const auto from = best();
    for (const auto& texts : std::vector<std::vector<std::string>>{
             {"dba=3"}, {"dba=5"}, {"dba=10"}, {"aqe=3"}, {"rerank"}, {"dba=3", "aqe=3"}, {"dba=3", "rerank"}}) {
      auto recipe = from;
      recipe.steps = steps(texts);
      add(recipe);
    }
  }

  Half& half_;
  const std::vector<double>& speeds_;
  const SearchLimits& limits_;
  const std::function<void()>& progress_;
  std::vector<eval::Metric> metrics_;
  std::vector<std::size_t> dimensions_;
  SearchResult result_;
};

bool is_preferable(const Tried& a, const Tried& b) {
  const bool as_good = a.value >= b.value && a.dimension <= b.dimension && a.images_per_second >= b.images_per_second;
  return as_good && (a.value > b.value || a.dimension < b.dimension || a.images_per_second > b.images_per_second);
}

}  // namespace

SearchResult search_recipes(Half& half, const std::vector<double>& images_per_second, const eval::Metric& metric,
                            const SearchLimits& limits, const std::function<void()>& progress) {
  return RecipeSearch(half, images_per_second, metric, limits, progress).run();
}

std::vector<std::size_t> pareto_front(const std::vector<Tried>& trials) {
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    if (!trials[i].is_allowed) continue;
    const auto beats = [&](const Tried& other) { return other.is_allowed && is_preferable(other, trials[i]); };
    if (std::ranges::none_of(trials, beats)) front.push_back(i);
  }
  std::ranges::stable_sort(front, {}, [&](std::size_t i) { return rank_of(trials[i]); });
  return front;
}

}  // namespace matcher::pipeline
