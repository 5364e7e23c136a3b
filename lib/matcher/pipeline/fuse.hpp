// Fuses models, or stored runs, into one ranking, and stores it as a run.
#pragma once

#include "matcher/eval/fusion.hpp"
#include "matcher/pipeline/eval.hpp"
#include "matcher/report/fusion.hpp"

namespace matcher::pipeline {

struct FuseOptions {
  std::vector<std::string> models;          ///< expressions to evaluate on `dataset`, or
  std::vector<std::filesystem::path> runs;  ///< folders of stored runs
  eval::Fusion method = eval::Fusion::score;
  std::vector<double> weights;   ///< one per member, scaled to sum 1; empty: equal
  bool tune = false;             ///< choose the weights on one half of the queries, report the other
  std::string tune_on;           ///< choose the weights on this dataset's queries, report all; needs `models`
  DatasetRequest dataset;        ///< dataset for `models`
  std::filesystem::path output;  ///< folder of the run; empty: named after dataset and ensemble
  EvalSettings settings;         ///< metrics; for `models` all of it
};

struct FuseResult {
  std::filesystem::path folder;  ///< the fused run; with `tune` it holds the reported half only
  report::Fusion report;
};

/// Fuses scores of models by exact search over joined embeddings, everything else over the answers that runs keep.
/// Throws Error(usage) for invalid weights or too few members, Error(mismatch), naming the difference, for runs of
/// other data or settings, Error(input) for too few queries to choose weights on.
FuseResult fuse(const Context& context, const FuseOptions& options);

}  // namespace matcher::pipeline
