// An ensemble and its members, as `matcher fuse` publishes them: plain data (docs/commands/fuse.md).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/fusion.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/report/report.hpp"

namespace matcher::report {

/// One model alone, on the reported queries.
struct FusedMember {
  Report report;
  double weight = 1;
  std::vector<std::pair<std::string, eval::Gain>> gains;  ///< gains of the ensemble over this model, by metric
};

/// The queries that two members answer correctly, or wrongly, at k.
struct ErrorOverlap {
  std::string a, b;
  eval::Overlap counts;
};

/// How the weights were found.
struct Tuning {
  std::string dataset;       ///< name of the dataset whose queries chose the weights
  bool half = true;          ///< half of the reported dataset's queries; false: all queries of another dataset
  std::size_t queries = 0;   ///< number of queries that chose the weights
  std::size_t reported = 0;  ///< reported queries with a correct answer in the gallery; none of them chose weights
  std::size_t left_out = 0;  ///< queries of the other dataset that are also photos of the reported one
  std::size_t unread = 0;    ///< photos that could not be read, so that their copies were not found
  double top1 = 0, mrr = 0;  ///< values of the ensemble, on the queries that chose the weights
};

/// matcher.fusion/1.
struct Fusion {
  eval::Fusion method = eval::Fusion::score;
  bool exact = false;  ///< every member scored every gallery item; false: only the kept answers were fused
  Report ensemble;
  std::vector<FusedMember> members;
  Metrics ceiling;    ///< metrics if the best member answered each query: for top-k, correct in any member
  std::size_t k = 1;  ///< an error of `overlaps`: no correct answer among the first k
  std::vector<ErrorOverlap> overlaps;
  std::optional<Tuning> tuning;
};

/// One line: "ensemble: a+b (top-1 75.0 %); better than: a (+25.0 points [+12.5, +50.0], p=0.02); not shown to differ
/// from: b (70.0 %)".
std::string sentence(const Fusion& fusion);

}  // namespace matcher::report
