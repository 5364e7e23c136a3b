// The answer of a run or a comparison in one sentence. Tables, summary, page and JSON print it.
#pragma once

#include <string>
#include <vector>

#include "matcher/eval/paired.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// Differences with a larger corrected p are not shown to be real.
inline constexpr double shown_level = 0.05;
bool is_shown(const eval::Gain& gain);

/// A compared run, as a verdict names it.
struct Contender {
  std::string model, run;  ///< the model's name, the folder of the run
  eval::Estimate value;    ///< its metric
  eval::Gain behind = {};  ///< the best model's gain over this one; unset for the best
};

/// "Best" is the run with the largest value, ties decided by the next metrics, then by the order of the runs.
struct ModelVerdict {
  std::string metric;  ///< the first metric of the runs
  Contender best;
  std::vector<Contender> not_shown_to_differ, worse;  ///< both from the largest value to the smallest
};

/// "64 of 100" for a share of 100 queries or more, "16 of 24" for one of 24.
std::string count_in_words(double share, std::size_t queries);

/// "a finds the correct product first for 64 of 100 photos" (or texts, or queries), or "a: MRR 0.640". `queries` is the
/// number of those that the metric counts.
std::string headline(const std::string& model, const std::string& metric, const eval::Estimate& estimate,
                     QueryKind queries_are, std::size_t queries);

/// The headline of the run's first metric, and who loses the rest: "...; the model loses 30.0 points, the index none".
/// The second part is missing if losses were not measured.
std::string sentence(const Report& report);

/// One line: "best: a (top-1 64 %); not shown to differ: b (63 %); worse: c (-15 points, p=1e-05)". Names up to
/// four of each, or two of more.
std::string sentence(const ModelVerdict& verdict);

}  // namespace matcher::report
