// runs or models -> one ranking of them all -> a run, and what it gains over each of them
#pragma once

#include "matcher/pipeline/eval.hpp"
#include "matcher/report/fusion.hpp"

namespace matcher::pipeline {

struct FuseOptions {
  std::vector<std::string> models;          ///< expressions to evaluate on `eval.dataset`, or
  std::vector<std::filesystem::path> runs;  ///< runs that are there
  std::string method = "score";             ///< score: weighted sum of cosines; rrf: reciprocal ranks, k = 60
  std::vector<double> weights;              ///< one a model, scaled to sum 1; empty: equal ones
  bool tune = false;                        ///< choose the weights on a half of the queries, report the other half
  std::string tune_on;                      ///< choose them on this dataset's queries and report all; needs `models`
  std::filesystem::path output;             ///< empty: in the work folder, named by dataset and ensemble
  EvalOptions eval;                         ///< dataset, ks and how to run; its model and output are not used
};

struct FuseResult {
  std::filesystem::path folder;  ///< of the ensemble's run; with `tune` it has the reported half alone
  report::Fusion report;
};

/// Scores of models are fused by exact search over the joined embeddings, all else over the answers that runs keep.
/// Throws Error(usage) for a method, weights or numbers of models that cannot be, Error(mismatch), naming what differs,
/// for runs that were not made on the same data in the same way, Error(input) for too few queries to choose weights on.
FuseResult fuse(const Context& context, const FuseOptions& options);

}  // namespace matcher::pipeline
