#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/model/facts.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/search/evaluate_alike.hpp"
#include "matcher/pipeline/search/stored_runs.hpp"
#include "matcher/run/comparison.hpp"
#include "matcher/run/foreign.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {
namespace {

using run::Run;

void check_speed(const CompareOptions& options) {
  if (!options.settings.speed || options.runs.empty()) return;
  throw Error(ErrorCode::usage,
              "--speed measures models, not stored runs: give --models, or make the runs with: "
              "matcher eval --speed");
}

void check_enough(const CompareOptions& options) {
  if (options.models.size() + options.runs.size() + !options.baseline.empty() >= 2) return;
  throw Error(ErrorCode::usage,
              "compare needs two models or runs. Give --models A,B, the folders of two runs, or one of them and "
              "--baseline RUN");
}

void check_common(const CompareOptions& options) {
  if (!options.common || options.models.empty()) return;
  throw Error(ErrorCode::usage, "--common is for stored runs; --models are all evaluated on the same images");
}

/// Metrics and limits of models are known before anything is embedded; those of stored runs are in the runs.
void check_settings(const CompareOptions& options) {
  if (options.models.empty()) return;
  const auto& metrics = options.settings.measure.metrics;
  eval::metrics(metrics);
  run::check_gate(options.gate, metrics);
}

Run evaluate_model(const Context& context, const CompareOptions& options, const std::string& model) {
  auto settings = options.settings;
  settings.slices = options.gate.slices;
  auto run = evaluate(context, {.model = model, .dataset = options.dataset, .settings = settings}).run;
  keep_first_answers(run, options.gate.slices);
  return run;
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  std::error_code ignored;
  return fs::equivalent(a, b, ignored);
}

/// The name of the model that an expression or a file describes; "" if it describes none.
std::string name_of_model(const Context& context, const std::string& expression, const ExecutionOptions& execution) {
  if (expression.find_first_of("+:@(") == std::string::npos && !is_file(expression)) return "";
  try {
    return choose_model(context, expression, execution).name;
  } catch (const Error&) {
    return "";
  }
}

/// The command that makes the first reference: of the run that is there, or of a model.
std::string how_to_promote(const CompareOptions& options) {
  if (!options.runs.empty())
    return fmt::format("matcher eval --run {} --promote {}", options.runs[0].string(), options.baseline);
  return fmt::format("matcher eval --model M --dataset D --promote {}", options.baseline);
}

/// A baseline of stored runs, and any path, is meant as a run; another name beside --models is meant as a model.
[[noreturn]] void refuse_baseline(const CompareOptions& options, const std::vector<std::string>& names) {
  const auto& baseline = options.baseline;
  if (is_folder(baseline)) run::RunFolder::open_own(baseline);  // says what is missing in it
  if (options.models.empty() || baseline.find('/') != std::string::npos) {
    throw Error(ErrorCode::input,
                fmt::format("--baseline \"{}\": there is no run in this folder, and no compared model has this name "
                            "({}). Make a run that you accept the first reference: {}",
                            baseline, fmt::join(names, ", "), how_to_promote(options)));
  }
  throw Error(ErrorCode::usage,
              fmt::format("--baseline \"{}\" is neither among the compared models nor the folder of a run{}", baseline,
                          name_hint(baseline, names)));
}

bool is_run(const fs::path& folder) {
  return run::RunFolder::has_queries(folder) || run::RunFolder::is_foreign(folder);
}

/// Runs of other systems are read one by one, because their warnings are logged.
std::vector<Run> read_all(const Context& context, const std::vector<fs::path>& folders,
                          const std::vector<std::string>& columns) {
  if (std::ranges::none_of(folders, run::RunFolder::is_foreign)) return read_first_answers(folders, columns);
  std::vector<Run> runs;
  for (const auto& folder : folders) runs.push_back(read_any_answers(folder, context.observer, columns));
  return runs;
}

/// The folders of stored runs; a baseline that is not among several is put in front of them.
std::vector<fs::path> folders_of(const CompareOptions& options) {
  auto folders = options.runs;
  const auto is_baseline = [&](const fs::path& folder) { return is_same_folder(folder, options.baseline); };
  if (options.baseline.empty() || !options.models.empty()) return folders;
  if (is_run(options.baseline) && (folders.size() == 1 || std::ranges::none_of(folders, is_baseline)))
    folders.insert(folders.begin(), options.baseline);
  return folders;
}

/// The runs that are compared: stored ones, or models that are evaluated after the baseline is found.
class Compared {
 public:
  Compared(const Context& context, const CompareOptions& options)
      : context_(context), options_(options), runs_(read_all(context, folders_of(options), options.gate.slices)) {
    for (const auto& run : runs_) names_.push_back(run.report.model.name);
    for (const auto& model : options.models)
      names_.push_back(choose_model(context, model, options.settings.execution).name);
    if (!options.baseline.empty()) find_baseline();
  }

  std::size_t baseline() const { return baseline_; }

  std::vector<Run> load() && {
    const auto& models = options_.models;
    const auto evaluate = [&](std::size_t i) {
      return evaluate_model(at_step(context_, i + 1, models.size()), options_, models[i]);
    };
    for (auto& run : evaluate_alike(models.size(), evaluate, context_.observer)) runs_.push_back(std::move(run));
    return std::move(runs_);
  }

 private:
  void find_baseline() {
    const auto is_it = [&](const Run& run) { return is_same_folder(run.folder, options_.baseline); };
    const auto same = std::ranges::find_if(runs_, is_it);
    baseline_ = same == runs_.end() ? find_name() : std::size_t(same - runs_.begin());
    if (baseline_ < names_.size()) return;
    if (!is_run(options_.baseline)) refuse_baseline(options_, names_);
    runs_.insert(runs_.begin(), read_any_answers(options_.baseline, context_.observer, options_.gate.slices));
    baseline_ = 0;
  }

  /// Finds a model by its name, or by an expression for the same ensemble.
  std::size_t find_name() const {
    auto found = std::ranges::find(names_, options_.baseline);
    if (found == names_.end())
      found = std::ranges::find(names_, name_of_model(context_, options_.baseline, options_.settings.execution));
    return std::size_t(found - names_.begin());
  }

  const Context& context_;
  const CompareOptions& options_;
  std::vector<Run> runs_;
  std::vector<std::string> names_;  ///< names of the models, in the order of the runs
  std::size_t baseline_ = 0;
};

/// Adds the weights and the licences of the models that are described here; unknown ones cost nothing more.
void add_description(const Context& context, const std::string& name, report::Cost& cost) {
  try {
    std::set<std::string> licenses;
    for (const auto& member : choose_model(context, name, {}).members) {
      cost.parameters += model::read_facts(member.bundle).parameters;
      if (!member.bundle.license.empty()) licenses.insert(member.bundle.license);
    }
    cost.license = fmt::format("{}", fmt::join(licenses, " and "));
  } catch (const Error&) {
  }
}

report::Cost find_cost(const Context& context, const report::Report& report, std::optional<double> price_per_hour) {
  report::Cost cost{.vector_bytes = report.model.dimension * sizeof(float)};
  add_description(context, report.model.name, cost);
  if (const auto& trial = report.speed.trial; trial && price_per_hour)
    cost.price_per_million = *price_per_hour / 3600 * 1e6 / trial->images_per_second.median;
  return cost;
}

}  // namespace

report::Comparison compare(const Context& context, const CompareOptions& options) {
  check_enough(options);
  check_speed(options);
  check_common(options);
  check_settings(options);
  Compared compared(context, options);
  const auto baseline = compared.baseline();
  auto runs = std::move(compared).load();
  if (runs.size() < 2)
    throw Error(ErrorCode::usage, fmt::format("compare needs a second run beside \"{}\"", runs[0].folder.string()));
  run::join_foreign(runs, options.settings.measure.metrics);
  auto comparison = run::compare(std::move(runs), baseline, {options.resample, options.gate, options.common});
  if (options.cost || options.price_per_hour) {
    for (auto& row : comparison.rows) row.cost = find_cost(context, row.report, options.price_per_hour);
  }
  return comparison;
}

}  // namespace matcher::pipeline
