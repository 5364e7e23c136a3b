// Measures vectors by exact search: the values of metrics per query.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/run/measure.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Unit vectors with their items; borrows both.
struct Side {
  MatrixView unit;
  std::span<const store::ItemRow> items;
};

/// The values of the queries that have a right answer.
struct Outcome {
  run::Values values;               ///< [metric][query]
  std::vector<std::string> labels;  ///< one per query

  std::size_t queries() const { return labels.size(); }
  /// Adds the queries of another fold.
  Outcome& operator+=(const Outcome& other);
};

/// Answers per query that metrics look at.
inline constexpr std::size_t learning_depth = 100;

/// Searches for each query in the gallery; a query never matches itself.
Outcome measure(const Side& gallery, const Side& queries, std::span<const eval::Metric> metrics);

/// The gains per metric of `outcome` over `baseline`, on the same queries. Photos of a product are drawn together.
std::vector<eval::Gain> gains_over(const Outcome& outcome, const Outcome& baseline);

/// The product of each query, for resampling.
std::vector<std::uint32_t> product_groups(const Outcome& outcome);

}  // namespace matcher::pipeline
