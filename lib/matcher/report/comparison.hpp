// Several runs on the same data, as `matcher compare` publishes them: plain data (docs/reference/formats.md).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/paired.hpp"
#include "matcher/report/gate.hpp"
#include "matcher/report/report.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {

/// The first answer to a query; empty if there was none.
struct Answered {
  std::string id, label;
  std::string name{};  ///< the label for people
};

/// A query whose first answer is correct in only one of two runs.
struct Change {
  std::string id, path, label;
  Answered before, after;  ///< in the baseline, in the run
  std::string name{};      ///< the label for people
};

/// All changes against the baseline, in the order of the dataset.
struct Changes {
  std::vector<Change> broken, fixed;
};

/// The cost of a model beside its speed.
struct Cost {
  std::uintmax_t vector_bytes = 0;            ///< one vector of float32
  std::uintmax_t parameters = 0;              ///< 0: unknown, or a built-in model
  std::string license{};                      ///< empty: unknown
  std::optional<double> price_per_million{};  ///< price of a million embedded images
};

struct Row {
  Report report;
  std::vector<std::pair<std::string, eval::Gain>> gains;  ///< over the baseline; empty for the baseline itself
  std::string run{};                                      ///< folder of the run, as the user named it
  Changes changes = {};
  std::optional<Cost> cost = {};  ///< only on request
};

/// The queries that all runs have.
struct Common {
  std::size_t queries = 0;
  std::vector<std::size_t> left_out;  ///< other queries with a right answer, by row
};

/// matcher.comparison/1.
struct Comparison {
  std::string baseline;
  std::vector<Row> rows;
  eval::Resample resample = eval::Resample::query;  ///< unit of the intervals
  std::optional<Gate> gate = {};
  std::optional<ModelVerdict> verdict = {};  ///< empty for a single row
  std::optional<Common> common = {};         ///< only if the images may differ
};

/// The places of the rows from best to worst by their metrics, the first metric first. Equal rows keep their order.
std::vector<std::size_t> best_first(std::span<const Row> rows);

/// The speed trials of the rows, in their order.
std::vector<std::optional<SpeedTrial>> trials_of(const Comparison& comparison);

/// True if the speed of a row was measured.
bool has_trials(const Comparison& comparison);

/// "the 160 queries that all runs have; left out: 12 of tonight; gallery: 300 items in reference, 312 in tonight"
std::string describe_common(const Comparison& comparison);

/// The model's name, with its run if another row has the same model.
std::string name_of(const Row& row, const Comparison& comparison);

}  // namespace matcher::report
