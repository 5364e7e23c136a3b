// Reads and writes the queries.jsonl of a run: one query per line.
#pragma once

#include <filesystem>
#include <functional>
#include <set>
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
  first_answer  ///< the first answer alone, and of the details only `copy` and the wanted columns
};

/// Reads the queries, in order, and notes the names of their columns.
class QueryReader {
 public:
  /// `depth` answers were kept of each query. `wanted`: the columns that are read with Fields::first_answer.
  QueryReader(Fields fields, std::size_t depth, std::vector<std::string> wanted = {});

  /// Calls `use` with every query. Returns the hash of the file. Throws Error(input) with file and line for a damaged
  /// line.
  std::string for_each(const std::filesystem::path& file, const std::function<void(RankedQuery&)>& use);

  /// The columns of all queries so far, wanted or not.
  const std::set<std::string>& columns() const { return columns_; }

 private:
  Fields fields_;
  std::size_t depth_;
  std::vector<std::string> wanted_;
  std::set<std::string> columns_;
};

}  // namespace matcher::run
