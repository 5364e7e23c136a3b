#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/database/address.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/run/best_scores.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {
namespace {

std::size_t most_items_of_a_label(const LoadedIndex& index) {
  std::map<std::string_view, std::size_t> counts;
  std::size_t most = 0;
  for (const auto& item : index.items) most = std::max(most, ++counts[item.label]);
  return most;
}

run::BestScores scores_of(const std::vector<run::RankedQuery>& queries) {
  run::BestScores scores;
  for (const auto& query : queries) add(scores, query);
  return scores;
}

bool takes_left_out(const ThresholdOptions& options, const run::BestScores& scores) {
  if (options.unknown != UnknownQueries::automatic) return options.unknown == UnknownQueries::left_out;
  return scores.unknown.size() < eval::unknown_queries_needed(options.false_alarms);
}

void check_scores(const run::BestScores& scores, const std::vector<double>& unknown, const std::string& dataset) {
  if (scores.known.empty())
    throw Error(
        ErrorCode::input,
        fmt::format("no query of \"{}\" has a label that an item of the index has; check the label column", dataset));
  if (!unknown.empty()) return;
  throw Error(
      ErrorCode::input,
      fmt::format("no query of \"{}\" is of a product that the index lacks; add such queries, or take --unknown "
                  "left-out with an index of two or more products",
                  dataset));
}

void measure(report::Detection& result, const run::BestScores& scores, const std::vector<double>& unknown) {
  const auto share = [&](double part, std::size_t whole) {
    return eval::wilson(std::size_t(std::lround(part * double(whole))), whole);
  };
  result.known = scores.known.size();
  result.unknown = unknown.size();
  result.unknown_needed = eval::unknown_queries_needed(result.wanted_false_alarms);
  result.threshold = eval::threshold_for(unknown, result.wanted_false_alarms);
  const auto at = eval::operating_point(scores.known, unknown, result.threshold.value);
  result.false_alarms = share(at.false_alarms, result.unknown);
  result.accepted = share(at.accepted, result.known);
  result.detected = share(at.detected, result.known);
  result.top1 = eval::wilson(std::size_t(std::ranges::count_if(scores.known, &eval::KnownQuery::right)), result.known);
  result.area_under_curve = eval::area_under_curve(scores.known, unknown);
  result.curve = eval::detection_curve(scores.known, unknown);
}

store::Bounded bounded(const auto& estimate) { return {estimate.value, estimate.low, estimate.high}; }

store::StoredThreshold stored(const report::Detection& r, const DataIdentity& index) {
  return {.model = r.model,
          .index = index,
          .dataset = r.dataset,
          .threshold = bounded(r.threshold),
          .wanted_false_alarms = r.wanted_false_alarms,
          .false_alarms = bounded(r.false_alarms),
          .detected = bounded(r.detected),
          .known = r.known,
          .unknown = r.unknown,
          .left_out = r.left_out};
}

}  // namespace

UnknownQueries parse_unknown_queries(const std::string& text) {
  if (text == "auto") return UnknownQueries::automatic;
  if (text == "real") return UnknownQueries::real;
  if (text == "left-out") return UnknownQueries::left_out;
  throw Error(ErrorCode::usage, fmt::format("unknown queries \"{}\"; use auto, real or left-out", text));
}

report::Detection find_threshold(const Context& context, const ThresholdOptions& options) {
  if (!(options.false_alarms > 0 && options.false_alarms < 1))
    throw Error(ErrorCode::usage, fmt::format("--false-alarms {} is not a fraction between 0 and 1, for example 0.01",
                                              options.false_alarms));
  if (options.store && database::is_address(options.index.string()))
    throw Error(ErrorCode::usage,
                fmt::format("a threshold is stored in the folder of an index, and {} is none; use --dry-run, "
                            "and give what it says to query --threshold",
                            options.index.string()));
  const auto index = open_index(context, options.index, options.execution);
  const auto dataset_name = options.dataset.empty() ? index.manifest.data.name : options.dataset;
  const auto choice = choose_model(context, options.model.empty() ? index.manifest.model.name : options.model);
  const auto data = load_dataset(context, dataset_name);
  const auto queries = embedded(context, choice, dataset_name, data, Split::queries, options.execution);
  check_belongs(index, queries.manifest.model);

  const auto answers = answer_all({index.items, index.index.get()}, queries, most_items_of_a_label(index) + 1);
  const auto scores = scores_of(answers.queries);
  report::Detection result;
  result.model = queries.manifest.model;
  result.dataset = data.name;
  result.wanted_false_alarms = options.false_alarms;
  result.left_out = takes_left_out(options, scores);
  const auto& unknown = result.left_out ? scores.left_out : scores.unknown;
  check_scores(scores, unknown, data.name);
  measure(result, scores, unknown);
  if (options.store) store::write_threshold(options.index, stored(result, index.manifest.data));
  return result;
}

}  // namespace matcher::pipeline
