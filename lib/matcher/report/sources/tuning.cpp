#include "matcher/report/tuning.hpp"

#include <fmt/format.h>

#include "matcher/report/tables/cells.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {

std::string describe(const Recipe& recipe) {
  auto text = recipe.models;
  if (!recipe.method.empty()) text += fmt::format(", {} {}", recipe.method, recipe.dimension);
  return recipe.steps.empty() ? text : text + ", " + recipe.steps;
}

std::string sentence(const TunedRecipes& tuning) {
  const auto& winner = tuning.rows.at(0);
  if (winner.is_baseline) return fmt::format("no recipe is better than {} as it is: keep it", winner.recipe.models);
  const auto& [metric, gain] = winner.gains.at(0);
  const auto numbers = fmt::format("{} {}", eval::metric(metric).title, shown_lead(metric, gain));
  const auto& baseline = tuning.rows.back().recipe.models;
  if (!is_shown(gain))
    return fmt::format("{} is not shown to be better than {}: {}", describe(winner.recipe), baseline, numbers);
  return fmt::format("{} is shown to be {} than {}: {}", describe(winner.recipe), gain.value > 0 ? "better" : "worse",
                     baseline, numbers);
}

}  // namespace matcher::report
