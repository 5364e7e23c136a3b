// queries.jsonl of a stored run, line by line: what everything that reads a run is made of. Internal to the layer.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/run/run.hpp"

namespace matcher::run {

struct RunLine {
  RankedQuery query;               ///< with the answers that the line holds, and without relevant_ids
  std::vector<std::size_t> right;  ///< ranks of the right answers, from 1, also of those that the line does not hold
  std::vector<std::pair<std::string, double>> metrics;  ///< of a known query
};

/// Calls `use` with every query of a run, in order. Throws Error(input) with file:line where a line is damaged, or
/// where `use` throws.
void for_each_query(const std::filesystem::path& run, const std::function<void(RunLine&)>& use);

/// The same for the lines of any of its files.
void for_each_line(const std::filesystem::path& file, const std::function<void(const std::string&)>& use);

}  // namespace matcher::run
