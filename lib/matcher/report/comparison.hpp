// What compare publishes: plain data, and the JSON that other programs read (docs/formats.md).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

struct Row {
  Report report;
  std::vector<std::pair<std::string, eval::Gain>> gains;  ///< over the baseline; empty for the baseline itself
};

/// Several runs on the same data: matcher.comparison/1.
struct Comparison {
  std::string baseline;
  std::vector<Row> rows;
};

std::string to_json(const Comparison& comparison);

Table table_of(const Comparison& comparison, Format format);

}  // namespace matcher::report
