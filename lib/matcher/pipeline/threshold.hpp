// From which score on an answer is believed: measured on queries whose product is not in the gallery, stored beside the
// index, and applied by query.
#pragma once

#include <optional>

#include "matcher/pipeline/index.hpp"
#include "matcher/report/detection.hpp"

namespace matcher::pipeline {

/// Whose best scores stand for products that are not in the catalogue: the dataset's queries with a label that no
/// gallery item has, or every query with the items of its own label left out.
enum class UnknownQueries { automatic, real, left_out };

/// "auto", "real" or "left-out". Throws Error(usage).
UnknownQueries parse_unknown_queries(const std::string& text);

struct ThresholdOptions {
  std::filesystem::path index;
  std::string model, dataset;  ///< of the queries; empty: what the index was built by and of
  double false_alarms = 0.01;  ///< the share of unknown queries that may be answered
  UnknownQueries unknown =
      UnknownQueries::automatic;  ///< automatic: the real ones when there are enough to bound a threshold
  bool store = true;
  ExecutionOptions execution;
};

/// Throws Error(input) when there are no unknown or no known queries, Error(mismatch) when the model is not that of the
/// index.
report::Detection find_threshold(const Context& context, const ThresholdOptions& options);

}  // namespace matcher::pipeline
