#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/database/address.hpp"
#include "matcher/database/collection.hpp"
#include "matcher/pipeline/embedding/lost_images.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/loaded_index.hpp"
#include "matcher/pipeline/search/sides.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"
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

/// Answers per query that contain the products that a score needs.
std::size_t depth_for(const LoadedIndex& index, const ThresholdOptions& options) {
  const auto largest = count_largest_label(index);
  return options.score == ScoreKind::margin ? 2 * largest + 1 : largest + 1;
}

void check_options(const ThresholdOptions& options) {
  if (!(options.false_alarms > 0 && options.false_alarms < 1)) {
    throw Error(ErrorCode::usage, fmt::format("--false-alarms {} is not a fraction between 0 and 1, for example 0.01",
                                              options.false_alarms));
  }
}

void store(const Context& context, const fs::path& index, const store::StoredThreshold& threshold) {
  if (!database::is_address(index.string())) return store::write_threshold(index, threshold);
  database::store_threshold(index.string(), database_access(context), context.observer,
                            store::threshold_text(threshold));
}

bool takes_left_out(const ThresholdOptions& options, const run::BestScores& scores) {
  if (options.unknown != UnknownQueries::automatic) return options.unknown == UnknownQueries::left_out;
  return scores.unknown.size() < eval::unknown_queries_needed(options.false_alarms);
}

/// The scores that a threshold lies between, with the products that are independent.
struct Samples {
  std::vector<eval::KnownQuery> known;
  std::vector<double> unknown;
  std::vector<std::uint32_t> known_products, unknown_products;
};

Samples choose_samples(run::ProductScores all, bool left_out) {
  auto& scores = all.scores;
  return {std::move(scores.known), std::move(left_out ? scores.left_out : scores.unknown), eval::groups_by(all.known),
          eval::groups_by(left_out ? all.left_out : all.unknown)};
}

void check_samples(const Samples& samples, const std::string& dataset, ScoreKind score) {
  if (samples.known.empty())
    throw Error(
        ErrorCode::input,
        fmt::format("no query of \"{}\" has a label that an item of the index has; check the label column", dataset));
  if (!samples.unknown.empty()) return;
  throw Error(ErrorCode::input,
              fmt::format("no query of \"{}\" is of a product that the index lacks; add such queries, or use --unknown "
                          "left-out with an index of {} or more products",
                          dataset, score == ScoreKind::margin ? "three" : "two"));
}

/// The share of queries that `counts`, products drawn as a whole.
eval::Estimate share(const auto& queries, eval::Groups products, auto counts) {
  std::vector<double> values;
  for (const auto& query : queries) values.push_back(counts(query));
  return eval::share_of(values, products);
}

std::vector<report::DetectionChoice> find_choices(const Samples& samples) {
  std::vector<report::DetectionChoice> choices;
  for (const double wanted : {0.01, 0.05, 0.1, 0.2}) {
    const auto threshold = eval::threshold_for(samples.unknown, wanted).value;
    choices.push_back({wanted, eval::operating_point(samples.known, samples.unknown, threshold)});
  }
  return choices;
}

void measure(report::Detection& result, const Samples& samples) {
  const auto& [known, unknown, known_products, unknown_products] = samples;
  result.known = known.size();
  result.unknown = unknown.size();
  result.known_products = eval::count_products(known_products);
  result.unknown_products = eval::count_products(unknown_products);
  result.unknown_needed = eval::unknown_queries_needed(result.wanted_false_alarms);
  result.threshold = eval::threshold_for(unknown, result.wanted_false_alarms, unknown_products);
  const auto reaches = [t = result.threshold.value](double score) { return score >= t; };
  result.false_alarms = share(unknown, unknown_products, reaches);
  result.accepted = share(known, known_products, [&](const auto& query) { return reaches(query.score); });
  result.detected =
      share(known, known_products, [&](const auto& query) { return query.right && reaches(query.score); });
  result.top1 = share(known, known_products, [](const auto& query) { return query.right; });
  result.area_under_curve = eval::area_under_curve(known, unknown);
  result.choices = find_choices(samples);
  result.curve = eval::detection_curve(known, unknown);
}

store::Bounded bounded(const auto& estimate) { return {estimate.value, estimate.low, estimate.high}; }

store::StoredThreshold to_stored(const report::Detection& r, const DataIdentity& index) {
  return {.model = r.model,
          .index = index,
          .dataset = r.dataset,
          .score = r.score,
          .threshold = bounded(r.threshold),
          .wanted_false_alarms = r.wanted_false_alarms,
          .false_alarms = bounded(r.false_alarms),
          .detected = bounded(r.detected),
          .known = r.known,
          .unknown = r.unknown,
          .left_out = r.left_out};
}

bool is_to_be_stored(const report::Detection& found, const ThresholdOptions& options) {
  if (options.storing != Storing::if_enough) return options.storing == Storing::always;
  return found.detected.value >= options.min_answered;
}

}  // namespace

UnknownQueries parse_unknown_queries(const std::string& text) {
  if (text == "auto") return UnknownQueries::automatic;
  if (text == "real") return UnknownQueries::real;
  if (text == "left-out") return UnknownQueries::left_out;
  throw Error(ErrorCode::usage, fmt::format("unknown queries \"{}\"; use auto, real or left-out", text));
}

ThresholdResult find_threshold(const Context& context, const ThresholdOptions& options) {
  check_options(options);
  const auto index = open_index(context, options.index, options.execution);
  const bool is_folder = !database::is_address(options.index.string());
  if (options.storing != Storing::never && is_folder) store::check_threshold_place(options.index);
  const auto& m = index.manifest;
  auto dataset = options.dataset;
  if (dataset.name.empty()) dataset.name = m.data.name;
  const auto choice = choose_model(context, options.model.empty() ? m.model.name : options.model, options.execution);
  const auto data = load_dataset(context, dataset);
  check_not_empty(data, false);
  check_can_belong(context, index, choice);
  const auto queries = load_queries(context, choice, index.maps, data, options.execution);
  report_cache_use(queries.cache, choice.name, context.observer);
  report_lost_images(0, queries.failures, choice.name, context.observer);
  check_belongs(index, queries.manifest.model);
  check_labels(context.observer, index.items, queries.items, data.name);

  const auto answers = answer_all({index.items, index.index.get()}, queries, depth_for(index, options));
  auto scores = run::collect_scores(answers.queries, options.score);
  ThresholdResult result;
  auto& found = result.detection;
  found.model = queries.manifest.model;
  found.dataset = data.name;
  found.score = options.score;
  found.wanted_false_alarms = options.false_alarms;
  found.left_out = takes_left_out(options, scores.scores);
  const auto samples = choose_samples(std::move(scores), found.left_out);
  check_samples(samples, data.name, options.score);
  measure(found, samples);
  result.stored = is_to_be_stored(found, options);
  if (result.stored) store(context, options.index, to_stored(found, m.data));
  return result;
}

bool clear_threshold(const Context& context, const fs::path& index) {
  if (database::is_address(index.string()))
    return database::store_threshold(index.string(), database_access(context), context.observer, {});
  store::read_index_manifest(index);  // only in an index
  return store::remove_threshold(index);
}

}  // namespace matcher::pipeline
