// Raises the breadth of an approximate search until its recall reaches a target.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "matcher/index/vector_index.hpp"
#include "matcher/index/vector_source.hpp"

namespace matcher::index {

/// One setting, measured.
struct Trial {
  std::size_t effort = 0;                ///< as VectorIndex::set_effort()
  double recall = 0, low = 0, high = 0;  ///< recall@10, and its 95 % interval
  double query_ms = 0;                   ///< mean of all queries, searched one after another
};

struct Tuning {
  double target = 0;            ///< wanted recall@10
  std::string name;             ///< the setting: ef, nprobe; empty: the index has none
  std::size_t queries = 0;      ///< held out: each is left out of its own answers
  std::vector<Trial> trials;    ///< in the order in which they were tried, rising
  std::optional<Trial> chosen;  ///< the first whose interval lies at or above the target; none: not reached
  Trial best;                   ///< the largest recall
};

/// Draws up to 1,000 vectors of the index as queries, each left out of its own answers, and tries the settings of the
/// index in rising order. Sets the chosen one, or that of the largest recall. An exact index is measured once.
Tuning tune_search(VectorIndex& index, const VectorSource& vectors, double target, std::uint64_t seed);

/// The 95 % interval of a mean of recalls. One more query, which finds nothing, stands for what the sample has not met.
Trial summarise(const std::vector<double>& recalls);

}  // namespace matcher::index
