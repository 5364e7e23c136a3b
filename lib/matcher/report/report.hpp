// What eval publishes: plain data, and the JSON that other programs read (docs/reference/formats.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/eval/breakdown.hpp"

namespace matcher::report {

struct Data {
  std::string name, fingerprint, protocol;
  std::size_t gallery = 0, queries = 0, labels = 0;
  std::size_t gallery_failures = 0, query_failures = 0;  ///< pictures that could not be used
  std::size_t unknown_queries = 0;                       ///< queries whose label no gallery item has; in no metric
  std::vector<std::string> unknown_labels;
  std::size_t self_matches = 0;  ///< gallery items left out of an answer as the query itself
};

struct Speed {
  double images_per_second = 0, search_ms_p50 = 0, search_ms_p95 = 0;
};

using Metrics = std::vector<std::pair<std::string, eval::Estimate>>;

/// Where a metric loses what it lacks to 1: the parts add up to that (docs/reference/metrics.md).
struct Loss {
  double model = 0;          ///< under exact search, with equal scores in the best order
  double ties = 0;           ///< by the order of equal scores
  double quantisation = 0;   ///< by codes in place of vectors
  double approximation = 0;  ///< by vectors that the index does not look at
};
using Losses = std::vector<std::pair<std::string, Loss>>;

/// A query and a gallery item that may be the same photo.
struct Twins {
  std::string query, item;
  double cosine = 0;
  bool copy = false;  ///< the same bytes
};

/// Queries that a gallery item is a near-duplicate of: the first answer has a cosine of `limit` or more, or an item
/// that was left out of the answers has the same bytes (and another id).
struct NearDuplicates {
  double limit = 0;
  std::size_t copies = 0, near = 0;  ///< queries: with the same bytes; of the others those above the limit
  std::size_t others = 0;            ///< queries
  Metrics without;                   ///< over the others; empty when there are none
  std::vector<Twins> pairs;          ///< one a query, in the order of the dataset, no more than `most_pairs`
  static constexpr std::size_t most_pairs = 1000;
};

/// Rows that a report has no room for.
struct LeftOut {
  std::size_t labels = 0, categories = 0, confused = 0;
};

/// One run: matcher.report/1.
struct Report {
  ModelIdentity model;
  Data dataset;
  std::string index = "exact";  ///< the factory string of the index that answered
  std::size_t depth = 0;        ///< answers kept for each query; mrr and map are over these
  Metrics metrics;
  Speed speed;
  Losses losses = {};  ///< by metric; empty when it was not split
  std::optional<NearDuplicates> near_duplicates = {};
  std::string resample = "query";  ///< what the intervals take to be independent: query, or label
  eval::Breakdown breakdown = {};  ///< no longer than set_breakdown leaves it
  LeftOut left_out = {};
  std::map<std::string, std::string> label_names = {};  ///< label -> name for people, of the labels in `breakdown`
};

/// Keeps the first 1000 labels, 1000 categories and 100 confusions, and the names of their labels.
void set_breakdown(Report& report, eval::Breakdown breakdown, const std::map<std::string, std::string>& label_names);

/// The name of a label for people; the label itself when it has none.
const std::string& name_of(const Report& report, const std::string& label);

std::string to_json(const Report& report);

/// Throws Error(input) naming `origin` when it is no report of this schema.
Report parse_report(const std::string& json, const std::string& origin);

const eval::Estimate* find_metric(const Metrics& metrics, const std::string& name);

}  // namespace matcher::report
