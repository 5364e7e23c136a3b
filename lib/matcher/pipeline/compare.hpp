// runs or models -> paired differences -> one table
#pragma once

#include "matcher/pipeline/eval.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/run/gate.hpp"

namespace matcher::pipeline {

struct CompareOptions {
  std::vector<std::string> models;          ///< expressions to evaluate on `eval.dataset`, or
  std::vector<std::filesystem::path> runs;  ///< runs that are there
  std::string baseline;            ///< a model's name, or the folder of a run, compared or not; empty: the first
  std::string resample = "query";  ///< what is independent of each other: query, or label
  run::GateOptions gate;           ///< empty: no gate
  EvalOptions eval;                ///< dataset and how to run; its model and output are not used
};

/// Where two runs were not made on the same data in the same way: dataset, protocol, pictures or depth; empty when they
/// were.
std::string data_difference(const report::Report& a, const report::Report& b);

/// Throws Error(mismatch), naming what differs, for runs that were not made on the same data in the same way,
/// and Error(usage) for a baseline, metric or resample that is not there.
report::Comparison compare(const Context& context, const CompareOptions& options);

}  // namespace matcher::pipeline
