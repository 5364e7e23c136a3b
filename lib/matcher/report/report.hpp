// What eval publishes: plain data, and the JSON that other programs read (docs/formats.md).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/breakdown.hpp"

namespace matcher::report {

struct Model {
  std::string name, fingerprint, precision, device;
  std::size_t dimension = 0;
  std::uintmax_t size_bytes = 0;
};

struct Data {
  std::string name, fingerprint, protocol;
  std::size_t gallery = 0, queries = 0, labels = 0;
  std::size_t gallery_failures = 0, query_failures = 0;  ///< pictures that could not be used
  std::size_t unknown_queries = 0;                       ///< queries whose label no gallery item has; in no metric
  std::vector<std::string> unknown_labels;
  std::size_t self_matches = 0;                          ///< gallery items left out of an answer as the query itself
};

struct Speed {
  double images_per_second = 0, search_ms_p50 = 0, search_ms_p95 = 0;
};

using Metrics = std::vector<std::pair<std::string, eval::Estimate>>;

/// Rows that a report has no room for.
struct LeftOut {
  std::size_t labels = 0, categories = 0, confused = 0;
};

/// One run: matcher.report/1.
struct Report {
  Model model;
  Data dataset;
  std::string index = "exact";  ///< the factory string of the index that answered
  std::size_t depth = 0;        ///< answers kept for each query; mrr and map are over these
  Metrics metrics;
  Speed speed;
  eval::Breakdown breakdown;  ///< no longer than set_breakdown leaves it
  LeftOut left_out;
  std::map<std::string, std::string> label_names;  ///< label -> name for people, of the labels in `breakdown`
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
