// Reads and writes the queries.jsonl of a run: one query per line.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "matcher/eval/metrics.hpp"
#include "matcher/run/run.hpp"

namespace matcher::run {

class QueryWriter {
 public:
  /// Writes the values of the metrics that a report has.
  explicit QueryWriter(const report::Metrics& metrics);

  /// The line of a query, with its first `answers_shown` answers.
  std::string line(const RankedQuery& query) const;

 private:
  std::vector<eval::Metric> metrics_;
};

/// The fields of a query that are read.
enum class Fields {
  all,          ///< every field that a line has
  first_answer  ///< the first answer alone, and of the details only `copy`
};

/// Calls `use` with every query, in order. `depth` answers were kept of each. Returns the hash of the file. Throws
/// Error(input) with file and line for a damaged line.
std::string for_each_query(const std::filesystem::path& file, Fields fields, std::size_t depth,
                           const std::function<void(RankedQuery&)>& use);

}  // namespace matcher::run
