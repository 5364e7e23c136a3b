#include "matcher/pipeline/fuse.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "matcher/config/model_expression.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/compare.hpp"
#include "matcher/run/folder/answered_run.hpp"
#include "matcher/run/fusion.hpp"
#include "matcher/run/fusion/pool.hpp"
#include "matcher/run/split.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t least_queries = 10;  ///< on either side of a choice of weights

eval::Fusion method_of(const std::string& name) {
  if (name == "score") return eval::Fusion::score;
  if (name == "rrf") return eval::Fusion::rrf;
  throw Error(ErrorCode::usage, fmt::format("unknown method \"{}\"; use score or rrf", name));
}

void check_weights(const std::vector<double>& weights, std::size_t members) {
  if (weights.empty()) return;
  if (weights.size() != members) {
    throw Error(ErrorCode::usage,
                fmt::format("--weights gives {} weights for {} models; give one for each", weights.size(), members));
  }
  const bool usable = std::ranges::all_of(weights, [](double w) { return w >= 0 && std::isfinite(w); });
  if (usable && std::accumulate(weights.begin(), weights.end(), 0.0) > 0) return;
  throw Error(ErrorCode::usage,
              fmt::format("--weights {} cannot be; give weights of 0 or more, at least one of them above 0",
                          fmt::join(weights, ",")));
}

void check_options(const FuseOptions& options) {
  const auto members = options.models.size() + options.runs.size();
  if (members < 2) throw Error(ErrorCode::usage, "fuse needs two or more: --models A,B or the folders of two runs");
  method_of(options.method);
  check_weights(options.weights, members);
  if (!options.tune_on.empty() && options.models.empty()) {
    throw Error(ErrorCode::usage, fmt::format("--tune-on {} evaluates the models there too, so name them with --models "
                                              "instead of stored runs",
                                              options.tune_on));
  }
}

std::vector<double> shares_of(std::vector<double> weights, std::size_t members) {
  if (weights.empty()) weights.assign(members, 1);
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (auto& weight : weights) weight /= sum;
  return weights;
}

/// Where two members were not made on the same data in the same way; empty when they were.
std::string difference(const run::Run& a, const run::Run& b) {
  if (auto data = data_difference(a.report, b.report); !data.empty()) return data;
  if (!std::ranges::equal(a.queries, b.queries, {}, &run::RankedQuery::id, &run::RankedQuery::id))
    return "they hold different queries";
  return {};
}

/// Labels that a run does not tell of its later answers, as the others or the dataset say.
void fill_labels(std::vector<run::Run>& members, std::map<std::string, std::string> labels) {
  const auto for_each = [&](auto use) {
    for (auto& member : members) {
      for (auto& query : member.queries) std::ranges::for_each(query.answers, use);
    }
  };
  for_each([&](const run::RankedAnswer& answer) {
    if (!answer.label.empty()) labels.emplace(answer.id, answer.label);
  });
  for_each([&](run::RankedAnswer& answer) {
    if (const auto found = labels.find(answer.id); found != labels.end()) answer.label = found->second;
  });
}

std::vector<run::Run> read_members(const std::vector<fs::path>& folders,
                                   const std::map<std::string, std::string>& labels) {
  std::vector<run::Run> members;
  for (const auto& folder : folders) {
    members.push_back(run::read_answered_run(folder));
    const auto why = difference(members[0], members.back());
    if (why.empty()) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("runs {} and {} cannot be fused: {}; evaluate both again on the same data",
                            folders[0].string(), folder.string(), why));
  }
  fill_labels(members, labels);
  return members;
}

/// The runs of the models on a dataset, made in the work folder.
std::vector<run::Run> evaluated(const Context& context, const FuseOptions& options, const std::string& dataset) {
  std::vector<fs::path> folders;
  auto eval = options.eval;
  eval.dataset = dataset;
  eval.output.clear();
  for (const auto& model : options.models) {
    eval.model = model;
    folders.push_back(evaluate(context, eval).folder);
  }
  std::map<std::string, std::string> labels;
  for (const auto& item : load_dataset(context, dataset).gallery) labels.emplace(item.id, item.label);
  return read_members(folders, labels);
}

std::vector<run::Run> members_of(const Context& context, const FuseOptions& options) {
  auto members =
      options.models.empty() ? read_members(options.runs, {}) : evaluated(context, options, options.eval.dataset);
  const auto measures = eval::measures_of(options.eval.metrics);
  const auto largest = std::ranges::max(measures, {}, &eval::Measure::k).k;
  if (members[0].report.depth >= largest) return members;
  throw Error(ErrorCode::usage,
              fmt::format("the runs keep {} answers for each query, too few for top-{}; use a smaller --k",
                          members[0].report.depth, largest));
}

std::size_t known_among(const std::vector<run::RankedQuery>& queries, const std::vector<std::size_t>& rows) {
  return std::size_t(std::ranges::count_if(rows, [&](std::size_t row) { return queries[row].known; }));
}

void check_enough(const report::Tuning& tuning) {
  if (tuning.queries >= least_queries && tuning.reported >= least_queries) return;
  throw Error(ErrorCode::input,
              fmt::format("too few queries with a right answer to choose weights: {} would choose them and {} be "
                          "reported, but each part needs {}; give --weights, or more queries",
                          tuning.queries, tuning.reported, least_queries));
}

struct Chosen {
  std::vector<double> weights;
  report::Tuning tuning;
};

/// Weights chosen on the tuning rows of `on`; what they are reported on is `members`.
Chosen choose(std::span<const run::Run> on, const run::Split& split, const std::vector<run::Run>& members,
              eval::Fusion method) {
  report::Tuning note{on[0].report.dataset.name,
                      &on[0] == &members[0],
                      known_among(on[0].queries, split.tuning),
                      known_among(members[0].queries, split.reported),
                      split.left_out,
                      split.unread,
                      0,
                      0};
  check_enough(note);
  const auto tuned = eval::tune(run::pools_of(on, split.tuning, method));
  note.top1 = tuned.top1;
  note.mrr = tuned.mrr;
  return {tuned.weights, note};
}

/// Chooses weights on one half of the queries and leaves the members the other.
Chosen choose_on_half(std::vector<run::Run>& members, eval::Fusion method) {
  const auto split = split_in_halves(members[0].queries);
  auto chosen = choose(members, split, members, method);
  for (auto& member : members) keep_queries(member, split.reported);
  return chosen;
}

Chosen choose_elsewhere(const Context& context, const FuseOptions& options, const std::vector<run::Run>& members) {
  const auto others = evaluated(context, options, options.tune_on);
  return choose(others, split_apart(others[0].queries, members[0].queries), members, method_of(options.method));
}

/// The models as one ensemble, members of ensembles among them taken apart; those of weight 0 are not in it.
std::string ensemble_expression(const std::vector<std::string>& models, const std::vector<double>& weights) {
  std::vector<std::string> terms;
  for (std::size_t m = 0; m < models.size(); ++m) {
    const auto parts = config::parse_model_expression(models[m]);
    const double sum =
        std::accumulate(parts.begin(), parts.end(), 0.0, [](double s, const auto& part) { return s + part.second; });
    for (const auto& [name, weight] : parts) {
      if (weights[m] > 0) terms.push_back(fmt::format("{}:{:.6g}", name, weights[m] * weight / sum));
    }
  }
  return fmt::format("{}", fmt::join(terms, "+"));
}

/// Exact search over the joined embeddings, for the queries of `like`.
run::Run exact_run(const Context& context, const FuseOptions& options, const std::vector<double>& weights,
                   const run::Run& like) {
  auto eval = options.eval;
  eval.model = ensemble_expression(options.models, weights);
  eval.output.clear();
  auto run = run::read_answered_run(evaluate(context, eval).folder);
  if (run.queries.size() != like.queries.size()) keep_queries(run, rows_like(run, like));
  return run;
}

/// Over the answers that the members kept.
run::Run answers_run(const std::vector<run::Run>& members, const FuseOptions& options,
                     const std::vector<double>& weights) {
  run::Run run{fused_report(members, options.method, weights), {}, members[0].label_names};
  auto scaled = weights;
  if (options.method == "rrf") {
    for (auto& weight : scaled) weight *= double(members.size());  // equal ones are 1 each, as RRF is defined
  }
  run.queries = fused_queries(members, method_of(options.method), scaled, run.report.depth);
  return run;
}

fs::path default_output(const Context& context, const report::Report& report) {
  return context.workdir / "runs" / file_name_of(fmt::format("{}-fused-{}", report.dataset.name, report.model.name));
}

}  // namespace

FuseResult fuse(const Context& context, const FuseOptions& options) {
  check_options(options);
  if (!options.output.empty()) check_replaceable(options.output, "matcher.run/1");
  auto members = members_of(context, options);
  Chosen chosen{shares_of(options.weights, members.size()), {}};
  const bool tunes = options.tune || !options.tune_on.empty();
  if (!options.tune_on.empty())
    chosen = choose_elsewhere(context, options, members);
  else if (options.tune)
    chosen = choose_on_half(members, method_of(options.method));

  const bool exact = options.method == "score" && !options.models.empty();
  auto run =
      exact ? exact_run(context, options, chosen.weights, members[0]) : answers_run(members, options, chosen.weights);
  FuseResult result{{}, describe_fusion(run, members, chosen.weights, eval::measures_of(options.eval.metrics))};
  result.report.method = options.method;
  result.report.exact = exact;
  if (tunes) result.report.tuning = chosen.tuning;
  result.folder = options.output.empty() ? default_output(context, run.report) : options.output;
  write_run(result.folder, run);
  return result;
}

}  // namespace matcher::pipeline
