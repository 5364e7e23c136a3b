#include "matcher/pipeline/learning/choose.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "matcher/process/blas.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::pipeline {
namespace {

constexpr double level = 0.05;

using Rows = std::vector<std::uint32_t>;
/// The places of settings that differ in the dimension alone, so that one fit serves them all.
using Family = std::vector<std::size_t>;

std::vector<Family> families_of(const std::vector<FitSettings>& settings) {
  std::map<std::pair<double, double>, Family> families;
  for (std::size_t i = 0; i < settings.size(); ++i) families[{settings[i].shrinkage, settings[i].power}].push_back(i);
  std::vector<Family> all;
  for (auto& [key, family] : families) all.push_back(std::move(family));
  return all;
}

FitSettings widest(const std::vector<FitSettings>& settings, const Family& family) {
  const auto dimension = [&](std::size_t i) { return settings[i].dimension; };
  return settings[*std::ranges::max_element(family, {}, dimension)];
}

/// Splits places in `rows` into two halves. The series of each product go to the halves in turn.
std::pair<Rows, Rows> deal_series(const Sample& sample, std::span<const std::uint32_t> rows) {
  std::map<std::uint32_t, std::size_t> dealt;  // per product
  std::map<std::uint32_t, bool> is_second;     // per series
  std::pair<Rows, Rows> halves;
  for (std::uint32_t place = 0; place < rows.size(); ++place) {
    const auto [found, is_new] = is_second.try_emplace(sample.series[rows[place]], false);
    if (is_new) found->second = dealt[sample.products[rows[place]]]++ % 2 == 1;
    (found->second ? halves.second : halves.first).push_back(place);
  }
  return halves;
}

/// A map per family.
std::vector<refine::LinearMap> fit_all(const refine::Method& method, const refine::Scatter& scatter,
                                       const std::vector<FitSettings>& settings, const std::vector<Family>& families,
                                       std::size_t threads) {
  std::vector<refine::LinearMap> maps(families.size());
  const OneBlasThread one(threads);
  in_parallel(families.size(), threads,
              [&](std::size_t i) { maps[i] = learn(method, scatter, widest(settings, families[i])); });
  return maps;
}

Outcome join(const std::vector<Outcome>& by_fold, std::size_t left_out) {
  Outcome all;
  for (std::size_t fold = 0; fold < by_fold.size(); ++fold) {
    if (fold != left_out) all += by_fold[fold];
  }
  return all;
}

}  // namespace

refine::LinearMap learn(const refine::Method& method, const refine::Scatter& scatter, FitSettings setting) {
  setting.dimension = std::min(setting.dimension, method.most_dimensions(scatter.dimension(), scatter.count()));
  return refine::fit(method, scatter, setting);
}

Matrix shorten(MatrixView unit, std::size_t dimension) { return refine::dim_step.shorten(unit, dimension); }

Outcome measure_inside(const Sample& sample, MatrixView unit, std::span<const std::uint32_t> rows,
                       std::span<const eval::Metric> metrics) {
  const auto items = take_items(sample.items, rows);
  const auto [first, second] = deal_series(sample, rows);
  const auto a = take_rows(unit, first), b = take_rows(unit, second);
  const auto a_items = take_items(items, first), b_items = take_items(items, second);
  auto outcome = measure({a.view(), a_items}, {b.view(), b_items}, metrics);
  return outcome += measure({b.view(), b_items}, {a.view(), a_items}, metrics);
}

Trials try_settings(const Sample& sample, const refine::Method& method, const std::vector<FitSettings>& settings,
                    std::size_t threads, const std::function<void()>& progress) {
  const std::vector metrics{eval::metric("map")};
  const auto families = families_of(settings);
  const auto folds = fold_products(sample);
  const auto scatters = scatter_by_fold(sample, folds);
  Trials trials{settings, std::vector(settings.size(), std::vector<Outcome>(folds.count))};
  for (std::size_t fold = 0; fold < folds.count; ++fold) {
    const auto rows = rows_of_fold(sample, folds, fold);
    const auto unit = take_rows(sample.unit.view(), rows);
    const auto scatter = scatter_without(scatters, fold);
    progress();
    if (!method.can_learn(scatter)) continue;
    const auto maps = fit_all(method, scatter, settings, families, threads);
    for (std::size_t i = 0; i < families.size(); ++i) {
      const auto mapped = refine::apply(maps[i], unit.view());
      for (const auto place : families[i]) {
        const auto shorter = shorten(mapped.view(), std::min(settings[place].dimension, mapped.cols));
        trials.by_fold[place][fold] = measure_inside(sample, shorter.view(), rows, metrics);
      }
    }
  }
  return trials;
}

Choice choose(const Trials& trials, std::size_t left_out) {
  std::vector<Outcome> outcomes;
  for (const auto& by_fold : trials.by_fold) outcomes.push_back(join(by_fold, left_out));
  Choice choice{.setting = trials.settings[0], .best = trials.settings[0], .gain = {}};
  choice.queries = outcomes[0].queries();
  if (choice.queries == 0 || outcomes.size() == 1) return choice;

  std::vector<eval::Gain> gains;
  for (std::size_t i = 1; i < outcomes.size(); ++i) gains.push_back(gains_over(outcomes[i], outcomes[0])[0]);
  std::vector<eval::Gain*> family;
  for (auto& gain : gains) family.push_back(&gain);
  eval::correct(family);
  const auto best = std::ranges::max_element(gains, {}, &eval::Gain::value);
  if (best->value <= 0) return choice;
  choice.best = trials.settings[std::size_t(best - gains.begin()) + 1];
  choice.gain = *best;
  choice.is_best = best->p_corrected < level;
  if (choice.is_best) choice.setting = choice.best;
  return choice;
}

}  // namespace matcher::pipeline
