#include "matcher/pipeline/tune.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <set>
#include <utility>

#include "matcher/core/schemas.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/learning/halves.hpp"
#include "matcher/pipeline/learning/recipe_search.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_rows = 12;

report::TuningHalf describe(const Half& half) {
  std::set<std::string_view> labels;
  for (const auto& item : half.gallery) labels.insert(item.label);
  return {labels.size(), half.gallery.size(), half.queries.size()};
}

/// Names and settings as people write them.
class Describer {
 public:
  explicit Describer(const LoadedModels& all) : all_(all) {}

  report::Recipe recipe(const Tried& tried) const {
    const auto& r = tried.recipe;
    report::Recipe shown{.models = models(r)};
    if (r.method != nullptr) {
      shown.method = r.method->name;
      if (r.method->takes_shrinkage) shown.shrinkage = r.shrinkage;
      if (r.method->takes_power) shown.power = refine::FitSettings().power;
    }
    shown.steps = refine::suffix_of(r.steps);
    shown.dimension = tried.dimension;
    shown.images_per_second = tried.images_per_second;
    return shown;
  }

  /// The two commands that make a recipe from all photos.
  std::vector<std::string> commands(const Tried& tried, const std::string& dataset) const {
    const auto shown = recipe(tried);
    if (shown.method.empty()) {
      const auto name = shown.steps.empty()               ? shown.models
                        : tried.recipe.members.size() > 1 ? "(" + shown.models + ")" + shown.steps
                                                          : shown.models + shown.steps;
      return {fmt::format("matcher eval --model '{}' --dataset {}", name, dataset),
              fmt::format("matcher index --model '{}' --dataset {} --output products", name, dataset)};
    }
    auto adapt =
        fmt::format("matcher adapt tuned --model {} --dataset {} --method {}", shown.models, dataset, shown.method);
    if (shown.shrinkage) adapt += fmt::format(" --shrinkage {}", *shown.shrinkage);
    if (shown.power) adapt += fmt::format(" --power {}", *shown.power);
    if (tried.recipe.method->takes_dimension) adapt += fmt::format(" --dimension {}", tried.recipe.dimension);
    return {adapt, fmt::format("matcher index --model tuned{} --dataset {} --output products", shown.steps, dataset)};
  }

 private:
  std::string models(const Recipe& r) const {
    std::vector<std::string> terms;
    const bool weighted = std::ranges::adjacent_find(r.weights, std::not_equal_to<>()) != r.weights.end();
    for (std::size_t i = 0; i < r.members.size(); ++i) {
      const auto& name = all_.choices[r.members[i]].name;
      terms.push_back(weighted ? fmt::format("{}:{}", name, r.weights[i]) : name);
    }
    return fmt::format("{}", fmt::join(terms, "+"));
  }

  const LoadedModels& all_;
};

report::Metrics estimate(const Outcome& outcome, const std::vector<eval::Metric>& metrics) {
  return run::estimates_of(outcome.values, metrics, product_groups(outcome));
}

/// The metric that decides comes first, then the usual ones.
std::vector<eval::Metric> metrics_of(const std::string& first) {
  std::vector<eval::Metric> metrics{eval::metric(first)};
  for (const char* name : {"top1", "top5", "map"}) {
    if (first != name) metrics.push_back(eval::metric(name));
  }
  return metrics;
}

/// Measures the winner, the front and the baseline on both halves.
class Reporter {
 public:
  Reporter(Half& searched, Half& reported, const SearchResult& found, const Describer& describer,
           std::vector<eval::Metric> metrics)
      : searched_(searched), reported_(reported), found_(found), describer_(describer), metrics_(std::move(metrics)) {}

  std::vector<report::TunedRow> rows() {
    const auto front = pareto_front(found_.trials);
    auto shown = front;
    std::erase(shown, found_.best);
    std::erase(shown, found_.baseline);
    shown.resize(std::min(shown.size(), most_rows));
    if (found_.best != found_.baseline) shown.insert(shown.begin(), found_.best);
    shown.push_back(found_.baseline);
    if (found_.best == found_.baseline) std::rotate(shown.begin(), shown.end() - 1, shown.end());
    const auto baseline = reported_.measure(found_.trials[found_.baseline].recipe, metrics_);
    std::vector<report::TunedRow> rows;
    for (const auto i : shown) rows.push_back(row(i, baseline, std::ranges::count(front, i) > 0));
    correct(rows);
    return rows;
  }

 private:
  report::TunedRow row(std::size_t i, const Outcome& baseline, bool on_front) {
    const auto& tried = found_.trials[i];
    report::TunedRow row{describer_.recipe(tried), on_front, i == found_.baseline};
    const auto outcome = reported_.measure(tried.recipe, metrics_);
    row.searched = estimate(searched_.measure(tried.recipe, metrics_), metrics_);
    row.reported = estimate(outcome, metrics_);
    const auto gains = gains_over(outcome, baseline);
    for (std::size_t m = 0; m < metrics_.size(); ++m) row.gains.emplace_back(metrics_[m].name, gains[m]);
    return row;
  }

  /// Corrects p over the rows (Holm), for each metric by itself.
  void correct(std::vector<report::TunedRow>& rows) const {
    for (std::size_t m = 0; m < metrics_.size(); ++m) {
      std::vector<eval::Gain*> family;
      for (auto& row : rows) {
        if (!row.is_baseline) family.push_back(&row.gains[m].second);
      }
      eval::correct(family);
    }
  }

  Half& searched_;
  Half& reported_;
  const SearchResult& found_;
  const Describer& describer_;
  std::vector<eval::Metric> metrics_;
};

void write_folder(const fs::path& folder, const report::TunedRecipes& tuning) {
  AtomicFolder out(folder);
  write_atomically(out.path() / "manifest.json", report::to_json(tuning));
  write_atomically(out.path() / "table.md", report::print(tuning, report::Format::markdown));
  write_atomically(out.path() / "page.html", report::to_html(tuning));
  out.commit();
}

}  // namespace

report::TunedRecipes tune(const Context& context, const TuneOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto metric = eval::metric(options.metric);
  if (!options.output.empty()) check_artefact_place(options.output, schema::tuning);
  auto choices = choose_single_models(context, options.models, options.execution);
  const auto data = load_dataset(context, options.dataset);
  check_not_empty(data, true);
  const auto all = load_models(context, std::move(choices), data, options.execution);
  check_labels(context.observer, all.galleries[0].items, all.queries[0].items, data.name);

  auto [searched, reported] = deal_halves(all, data.name, thread_count(options.execution.threads));

  const auto search_start = std::chrono::steady_clock::now();
  const SearchLimits limits{options.max_dimension, options.max_trials, options.min_speed, [&] {
                              const std::chrono::duration<double> spent =
                                  std::chrono::steady_clock::now() - search_start;
                              return spent.count() > options.time_s;
                            }};
  context.observer.begin("recipes", 0, 0);
  const auto found =
      search_recipes(searched, all.images_per_second, metric, limits, [&] { context.observer.advance(1); });
  context.observer.end();

  const Describer describer(all);
  report::TunedRecipes tuning;
  tuning.dataset = data.name;
  tuning.data = all.galleries[0].manifest.data.fingerprint;
  tuning.metric = options.metric;
  tuning.max_dimension = options.max_dimension;
  tuning.min_speed = options.min_speed;
  tuning.searched = pipeline::describe(searched);
  tuning.reported = pipeline::describe(reported);
  for (const auto& tried : found.trials) tuning.trials.push_back({describer.recipe(tried), tried.value});
  tuning.complete = found.complete;
  tuning.rows = Reporter(searched, reported, found, describer, metrics_of(options.metric)).rows();
  tuning.commands = describer.commands(found.trials[found.best], options.dataset.name);
  if (!options.output.empty()) {
    tuning.made = made_since(start);
    write_folder(options.output, tuning);
  }
  return tuning;
}

}  // namespace matcher::pipeline
