// Chooses the weights of a fusion.
#pragma once

#include <span>
#include <vector>

#include "matcher/eval/fusion.hpp"

namespace matcher::eval {

/// Weights of sum 1, and the accuracy on the queries that chose them.
struct Tuned {
  std::vector<double> weights;
  double top1 = 0, mrr = 0;
};

/// The weights with the best top-1 accuracy. Among equal ones the best MRR decides, then the distance from equal
/// weights. Deterministic. Throws Error(usage) for no pools.
///
/// Starts from a grid of step 0.1 over the simplex (two models: 0.05; more than four models: equal weights and each
/// model alone). From the best start, weight moves between pairs of models in steps of 0.05, 0.02 and 0.01 while that
/// is better.
Tuned tune(std::span<const Pool> pools);

}  // namespace matcher::eval
