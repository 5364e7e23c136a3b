#include "matcher/pipeline/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/parallel.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/run/comparison.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {
namespace {

using run::Run;

void check_enough(const CompareOptions& options) {
  if (options.models.size() + options.runs.size() + !options.baseline.empty() >= 2) return;
  throw Error(ErrorCode::usage,
              "compare needs two or more: --models A,B, or the folders of two runs, or of one and --baseline RUN");
}

Run read_run(const fs::path& folder) { return run::RunFolder::open_own(folder).read(run::Answers::first); }

std::vector<Run> read_runs(const std::vector<fs::path>& folders) {
  std::vector<Run> runs(folders.size());
  in_parallel(runs.size(), std::size_t(thread_count(0)), [&](std::size_t i) { runs[i] = read_run(folders[i]); });
  return runs;
}

Run evaluate_model(const Context& context, const CompareOptions& options, const std::string& model) {
  auto run = evaluate(context, {.model = model, .dataset = options.dataset, .settings = options.settings}).run;
  keep_first_answers(run);
  return run;
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  return fs::weakly_canonical(a / "") == fs::weakly_canonical(b / "");
}

/// A baseline that is not among stored runs is read with them, in front of them.
std::vector<Run> load_runs(const Context& context, const CompareOptions& options) {
  auto folders = options.runs;
  const auto is_baseline = [&](const fs::path& folder) { return is_same_folder(folder, options.baseline); };
  if (options.models.empty() && run::RunFolder::has_queries(options.baseline) &&
      std::ranges::none_of(folders, is_baseline))
    folders.insert(folders.begin(), options.baseline);
  auto runs = read_runs(folders);
  for (const auto& model : options.models) runs.push_back(evaluate_model(context, options, model));
  return runs;
}

template <class Matches>
std::optional<std::size_t> find_run(const std::vector<Run>& runs, Matches matches) {
  const auto found = std::ranges::find_if(runs, matches);
  return found == runs.end() ? std::nullopt : std::optional(std::size_t(found - runs.begin()));
}

std::optional<std::size_t> find_folder(const std::vector<Run>& runs, const std::string& folder) {
  return find_run(runs, [&](const Run& run) { return is_same_folder(run.folder, folder); });
}

/// Finds a model by its name, or by an expression for the same ensemble.
std::optional<std::size_t> find_model(const std::vector<Run>& runs, const Context& context, const std::string& model) {
  const auto named = [&](const std::string& name) {
    return find_run(runs, [&](const Run& run) { return run.report.model.name == name; });
  };
  if (const auto found = named(model)) return found;
  const bool is_expression = model.find_first_of("+:/") != std::string::npos && !fs::is_directory(model);
  return is_expression ? named(choose_model(context, model).name) : std::nullopt;
}

[[noreturn]] void refuse_baseline(const std::vector<Run>& runs, const std::string& baseline) {
  std::vector<std::string> names;
  for (const auto& run : runs) names.push_back(run.report.model.name);
  throw Error(ErrorCode::usage,
              fmt::format("--baseline \"{}\" is neither among the compared models nor the folder of a run{}", baseline,
                          name_hint(baseline, names)));
}

/// Finds the baseline in `runs`; a stored run that is not among them is read and put first.
std::size_t find_baseline(std::vector<Run>& runs, const Context& context, const CompareOptions& options) {
  const auto& baseline = options.baseline;
  if (baseline.empty()) return 0;
  if (const auto folder = find_folder(runs, baseline); folder && runs.size() > 1) return *folder;
  const bool is_stored = run::RunFolder::has_queries(baseline);
  if (!(is_stored && options.models.empty())) {
    if (const auto model = find_model(runs, context, baseline)) return *model;
    if (!is_stored) refuse_baseline(runs, baseline);
  }
  runs.insert(runs.begin(), read_run(baseline));
  return 0;
}

}  // namespace

report::Comparison compare(const Context& context, const CompareOptions& options) {
  check_enough(options);
  auto runs = load_runs(context, options);
  const auto baseline = find_baseline(runs, context, options);
  if (runs.size() < 2)
    throw Error(ErrorCode::usage, fmt::format("compare needs a second run beside \"{}\"", runs[0].folder.string()));
  return run::compare(runs, baseline, {options.resample, options.gate});
}

}  // namespace matcher::pipeline
