#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/version.hpp"
#include "matcher/database/address.hpp"
#include "matcher/pipeline/remote_index.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/run/ranking.hpp"

namespace matcher::pipeline {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* threshold_schema = "matcher.threshold/1";
constexpr const char* threshold_file = "threshold.json";

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

void measure(ThresholdResult& result, const run::BestScores& scores, const std::vector<double>& unknown) {
  const auto share = [&](double part, std::size_t whole) {
    return eval::wilson(std::size_t(std::lround(part * double(whole))), whole);
  };
  result.known = scores.known.size();
  result.unknown = unknown.size();
  result.unknown_needed = eval::unknown_queries_needed(result.wanted);
  result.threshold = eval::threshold_for(unknown, result.wanted);
  const auto at = eval::operating_point(scores.known, unknown, result.threshold.value);
  result.false_alarms = share(at.false_alarms, result.unknown);
  result.accepted = share(at.accepted, result.known);
  result.detected = share(at.detected, result.known);
  result.top1 = eval::wilson(std::size_t(std::ranges::count_if(scores.known, &eval::KnownQuery::right)), result.known);
  result.area_under_curve = eval::area_under_curve(scores.known, unknown);
  result.curve = eval::detection_curve(scores.known, unknown);
}

json number(double value) { return std::isfinite(value) ? json(value) : json(); }
json json_of(const eval::Estimate& e) { return {{"value", e.value}, {"low", e.low}, {"high", e.high}}; }

std::string text_of(const ThresholdResult& r) {
  const json out = {
      {"schema", threshold_schema},
      {"version", version},
      {"model", {{"name", r.model.name}, {"fingerprint", r.model.fingerprint}}},
      {"index", {{"fingerprint", r.index.fingerprint}}},
      {"dataset", r.dataset},
      {"threshold",
       {{"value", number(r.threshold.value)}, {"low", number(r.threshold.low)}, {"high", number(r.threshold.high)}}},
      {"wanted_false_alarms", r.wanted},
      {"false_alarms", json_of(r.false_alarms)},
      {"detected", json_of(r.detected)},
      {"queries", {{"known", r.known}, {"unknown", r.unknown}, {"unknown_are", r.left_out ? "left-out" : "real"}}}};
  return out.dump(2) + '\n';
}

}  // namespace

UnknownQueries parse_unknown_queries(const std::string& text) {
  if (text == "auto") return UnknownQueries::automatic;
  if (text == "real") return UnknownQueries::real;
  if (text == "left-out") return UnknownQueries::left_out;
  throw Error(ErrorCode::usage, fmt::format("unknown queries \"{}\"; use auto, real or left-out", text));
}

ThresholdResult find_threshold(const Context& context, const ThresholdOptions& options) {
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
  ThresholdResult result;
  result.model = queries.manifest.model;
  result.index = index.manifest.data;
  result.dataset = data.name;
  result.wanted = options.false_alarms;
  result.left_out = takes_left_out(options, scores);
  const auto& unknown = result.left_out ? scores.left_out : scores.unknown;
  check_scores(scores, unknown, data.name);
  measure(result, scores, unknown);
  if (options.store) write_atomically(options.index / threshold_file, text_of(result));
  return result;
}

std::optional<double> stored_threshold(const LoadedIndex& index) {
  const auto file = index.folder / threshold_file;
  if (!fs::exists(file)) return std::nullopt;
  try {
    const auto stored = json::parse(read_text(file));
    const auto& m = index.manifest;
    const bool same = stored.at("schema") == threshold_schema &&
                      stored.at("index").at("fingerprint") == m.data.fingerprint &&
                      stored.at("model").at("fingerprint") == m.model.fingerprint;
    if (same) return stored.at("threshold").at("value").get<double>();
  } catch (const json::exception& error) {
    throw Error(ErrorCode::input, fmt::format("{} is damaged ({}); measure it again with: matcher threshold --index {}",
                                              file.string(), error.what(), index.folder.string()));
  }
  throw Error(ErrorCode::mismatch,
              fmt::format("{} was not measured on this index; measure it again with: matcher threshold --index {}",
                          file.string(), index.folder.string()));
}

}  // namespace matcher::pipeline
