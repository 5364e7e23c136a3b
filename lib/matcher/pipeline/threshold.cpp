#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/database/address.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"
#include "matcher/run/best_scores.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {
namespace {

std::size_t count_largest_label(const LoadedIndex& index) {
  std::map<std::string_view, std::size_t> counts;
  std::size_t most = 0;
  for (const auto& item : index.items) most = std::max(most, ++counts[item.label]);
  return most;
}

run::BestScores collect_scores(const std::vector<run::RankedQuery>& queries) {
  run::BestScores scores;
  for (const auto& query : queries) add(scores, query);
  return scores;
}

void check_options(const ThresholdOptions& options) {
  if (!(options.false_alarms > 0 && options.false_alarms < 1)) {
    throw Error(ErrorCode::usage, fmt::format("--false-alarms {} is not a fraction between 0 and 1, for example 0.01",
                                              options.false_alarms));
  }
  const auto place = options.index.string();
  if (!options.store || !database::is_address(place)) return;
  throw Error(ErrorCode::usage, fmt::format("a threshold is stored in an index folder, and \"{}\" is not a folder. Use "
                                            "--dry-run, and give the printed threshold to query --threshold",
                                            place));
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
  throw Error(ErrorCode::input,
              fmt::format("no query of \"{}\" is of a product that the index lacks; add such queries, or use --unknown "
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

store::StoredThreshold to_stored(const report::Detection& r, const DataIdentity& index) {
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
  check_options(options);
  const auto index = open_index(context, options.index, options.execution);
  const auto& m = index.manifest;
  const auto dataset = options.dataset.empty() ? m.data.name : options.dataset;
  const auto choice = choose_model(context, options.model.empty() ? m.model.name : options.model);
  const auto data = load_dataset(context, dataset);
  const auto queries = embed_or_load(context, choice, dataset, data, Split::queries, options.execution);
  check_belongs(index, queries.manifest.model);
  check_labels(context.observer, index.items, queries.items, data.name);

  const auto answers = answer_all({index.items, index.index.get()}, queries, count_largest_label(index) + 1);
  const auto scores = collect_scores(answers.queries);
  report::Detection result;
  result.model = queries.manifest.model;
  result.dataset = data.name;
  result.wanted_false_alarms = options.false_alarms;
  result.left_out = takes_left_out(options, scores);
  const auto& unknown = result.left_out ? scores.left_out : scores.unknown;
  check_scores(scores, unknown, data.name);
  measure(result, scores, unknown);
  if (options.store) store::write_threshold(options.index, to_stored(result, m.data));
  return result;
}

}  // namespace matcher::pipeline
