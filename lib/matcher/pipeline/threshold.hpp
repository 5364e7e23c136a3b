// Finds the score below which a product is not in the gallery: `matcher threshold`.
#pragma once

#include <filesystem>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/report/detection.hpp"

namespace matcher::pipeline {

/// The queries that stand for products that are not in the gallery. real: queries with a label that no gallery item
/// has. left_out: every query, with the gallery items of its own label left out. automatic: the real ones, if there are
/// enough to bound a threshold.
enum class UnknownQueries { automatic, real, left_out };

/// Parses "auto", "real" or "left-out". Throws Error(usage).
UnknownQueries parse_unknown_queries(const std::string& text);

/// When a threshold is written into the index folder. if_enough: if it answers min_answered of the known queries.
enum class Storing { never, if_enough, always };

struct ThresholdOptions {
  std::filesystem::path index;  ///< a folder, or the address of a collection
  std::string model;            ///< embeds the queries; empty: the index's model
  DatasetRequest dataset;       ///< the queries; without a name: the index's dataset
  double false_alarms = 0.01;   ///< share of the unknown queries that may be answered
  UnknownQueries unknown = UnknownQueries::automatic;
  ScoreKind score = ScoreKind::cosine;
  Storing storing = Storing::if_enough;
  double min_answered = 0.5;  ///< share of the known queries that the threshold must answer correctly
  ExecutionOptions execution;
};

struct ThresholdResult {
  report::Detection detection;
  bool stored = false;  ///< false as well if too few of the known queries are answered correctly
};

/// Measures the best scores of known and unknown queries, and the threshold between them. Throws Error(input) if there
/// are no known or no unknown queries, Error(mismatch) if another model built the index.
ThresholdResult find_threshold(const Context& context, const ThresholdOptions& options);

/// Removes the threshold of an index folder; returns false if it has none. Throws Error(input) for another folder.
bool clear_threshold(const Context& context, const std::filesystem::path& index);

}  // namespace matcher::pipeline
