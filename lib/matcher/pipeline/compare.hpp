// Compares models, or stored runs, query by query.
#pragma once

#include "matcher/pipeline/eval.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/gate.hpp"

namespace matcher::pipeline {

struct CompareOptions {
  std::vector<std::string> models;                  ///< expressions to evaluate on `dataset`, or
  std::vector<std::filesystem::path> runs;          ///< folders of stored runs
  std::string baseline;                             ///< name of a model, or folder of any run; empty: the first
  eval::Resample resample = eval::Resample::query;  ///< unit of the intervals
  run::GateOptions gate;                            ///< empty: no gate
  DatasetRequest dataset;                           ///< dataset for `models`
  EvalSettings settings;                            ///< settings for `models`
  bool common = false;                              ///< compare stored runs on the queries that all have
  bool cost = false;                                ///< add what each model costs
  std::optional<double> price_per_hour{};           ///< machine; adds a price to models whose speed was measured
};

/// Throws Error(mismatch), naming the difference, for runs of other data or other settings, Error(usage) for an unknown
/// metric or model, Error(input) for a missing or damaged run. All names are checked before an image is read.
report::Comparison compare(const Context& context, const CompareOptions& options);

}  // namespace matcher::pipeline
