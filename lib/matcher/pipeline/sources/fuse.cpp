#include "matcher/pipeline/fuse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "matcher/config/model_expression.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/files/file.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/search/evaluate_alike.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/run/fusion.hpp"
#include "matcher/run/run_folder.hpp"

namespace matcher::pipeline {
namespace {

using run::Run;

void check_options(const FuseOptions& options) {
  if (options.models.size() + options.runs.size() < 2)
    throw Error(ErrorCode::usage,
                "fuse needs two or more models or runs. Give --models A,B or the folders of two runs");
  if (!options.tune_on.empty() && options.models.empty()) {
    throw Error(ErrorCode::usage, fmt::format("--tune-on {} evaluates the models there too, so name them with --models "
                                              "instead of stored runs",
                                              options.tune_on));
  }
  if (options.settings.speed && options.models.empty()) {
    throw Error(ErrorCode::usage,
                "--speed measures models, not stored runs: give --models, or make the runs with: matcher eval --speed");
  }
  if (!options.output.empty()) run::RunFolder::check_replaceable(options.output);
}

/// Finds all models and datasets before the first image is embedded.
void check_names(const Context& context, const FuseOptions& options) {
  for (const auto& model : options.models) choose_model(context, model, options.settings.execution);
  if (!options.tune_on.empty()) check_not_empty(load_dataset(context, options.tune_on), true);
}

/// Fusing from memory gives the same as fusing the folder that evaluate() writes.
Run evaluate_model(const Context& context, const FuseOptions& options, const std::string& model,
                   const DatasetRequest& dataset) {
  auto run = evaluate(context, {.model = model, .dataset = dataset, .settings = options.settings}).run;
  keep_stored(run);
  return run;
}

std::vector<Run> evaluate_members(const Context& context, const FuseOptions& options, const DatasetRequest& dataset) {
  const auto& models = options.models;
  const auto evaluate = [&](std::size_t i) {
    return evaluate_model(at_step(context, i + 1, models.size()), options, models[i], dataset);
  };
  auto members = evaluate_alike(models.size(), evaluate, context.observer);
  join_members(members);
  return members;
}

std::vector<Run> read_members(const std::vector<fs::path>& folders) {
  std::vector<Run> members;
  for (const auto& folder : folders) members.push_back(run::RunFolder::open_own(folder).read(run::Answers::all));
  join_members(members);
  return members;
}

std::vector<Run> load_members(const Context& context, const FuseOptions& options) {
  return options.models.empty() ? read_members(options.runs) : evaluate_members(context, options, options.dataset);
}

void check_depth(const Run& member, const std::vector<eval::Metric>& metrics) {
  const auto deepest = std::ranges::max(metrics, {}, &eval::Metric::k).k;
  if (member.report.depth >= deepest) return;
  throw Error(ErrorCode::usage, fmt::format("the runs keep {} answers per query, too few for top-{}; use a smaller --k",
                                            member.report.depth, deepest));
}

/// Chooses the weights, or scales the given ones; choosing on one half leaves the members the other half.
run::Weights find_weights(const Context& context, const FuseOptions& options, std::vector<Run>& members) {
  if (!options.tune_on.empty()) {
    auto elsewhere = options;
    elsewhere.settings.speed = false;
    return tune_elsewhere(evaluate_members(context, elsewhere, options.tune_on), members, options.method);
  }
  if (options.tune) return tune_on_half(members, options.method);
  return run::scale_weights(options.weights, members.size());
}

/// The models as one ensemble: members that are ensembles are taken apart, and weights of 0 left out.
std::string ensemble_expression(const std::vector<std::string>& models, const std::vector<double>& weights) {
  std::vector<std::string> terms;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const auto parts = config::parse_model_expression(models[m]).members;
    const double sum =
        std::accumulate(parts.begin(), parts.end(), 0.0, [](double s, const auto& part) { return s + part.second; });
    for (const auto& [name, weight] : parts) {
      if (weights[m] > 0) terms.push_back(fmt::format("{}:{:.6g}", name, weights[m] * weight / sum));
    }
  }
  return fmt::format("{}", fmt::join(terms, "+"));
}

/// Steps after embedding change the vectors or the answers of one model, so that only its answers can be fused.
bool has_later_steps(const std::vector<std::string>& models) {
  return std::ranges::any_of(models,
                             [](const auto& model) { return !config::parse_model_expression(model).steps.empty(); });
}

/// Searches the joined embeddings exactly, for the queries of `like`.
Run fuse_exactly(const Context& context, const FuseOptions& options, const std::vector<double>& weights,
                 const Run& like) {
  auto run = evaluate_model(context, options, ensemble_expression(options.models, weights), options.dataset);
  keep_queries_of(run, like);
  return run;
}

fs::path output_folder(const Context& context, const FuseOptions& options, const report::Report& report) {
  if (!options.output.empty()) return options.output;
  return context.workdir / "runs" / file_name_of(fmt::format("{}-fused-{}", report.dataset.name, report.model.name));
}

}  // namespace

FuseResult fuse(const Context& context, const FuseOptions& options) {
  check_options(options);
  run::scale_weights(options.weights, options.models.size() + options.runs.size());
  const auto metrics = eval::metrics(options.settings.measure.metrics);
  run::check_fusion_metrics(metrics);
  check_names(context, options);

  const auto start = std::chrono::steady_clock::now();
  auto members = load_members(context, options);
  check_depth(members[0], metrics);
  const auto weights = find_weights(context, options, members);

  const bool exact =
      options.method == eval::Fusion::score && !options.models.empty() && !has_later_steps(options.models);
  auto fused = exact ? fuse_exactly(context, options, weights.values, members[0])
                     : run::fuse_answers(members, options.method, weights.values);
  FuseResult result{{}, run::describe_fusion(fused, members, weights.values, metrics)};
  result.report.method = options.method;
  result.report.exact = exact;
  result.report.tuning = weights.tuning;

  result.folder = output_folder(context, options, fused.report);
  fused.made = made_since(start);
  run::RunFolder::write(result.folder, fused);
  return result;
}

}  // namespace matcher::pipeline
