// What fuse publishes: the members, their ensemble, the ceiling and the overlap of errors (docs/commands/fuse.md).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/eval/fusion.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/report/report.hpp"
#include "matcher/report/table.hpp"

namespace matcher::report {

/// One model alone, on the queries that are reported.
struct FusedMember {
  Report report;
  double weight = 1;
  std::vector<std::pair<std::string, eval::Gain>> gains;  ///< of the ensemble over this model
};

/// Which of the queries right at k two members share.
struct ErrorOverlap {
  std::string a, b;
  eval::Overlap counts;
};

/// How the weights were found.
struct Tuning {
  std::string dataset;       ///< whose queries chose the weights
  bool half = true;          ///< one half of the reported dataset's queries, or all of another dataset's
  std::size_t queries = 0;   ///< that chose the weights
  std::size_t reported = 0;  ///< queries of the report that have a right answer, none of which chose weights
  std::size_t left_out = 0;  ///< queries of the other dataset that are photos of the report too
  std::size_t unread = 0;    ///< photos that could not be read, so that copies of them were not seen
  double top1 = 0, mrr = 0;  ///< of the ensemble, on the queries that chose the weights
};

/// matcher.fusion/1.
struct Fusion {
  std::string method;  ///< score or rrf
  bool exact = false;  ///< every gallery item was scored by every member; else only their kept answers took part
  Report ensemble;
  std::vector<FusedMember> members;
  Metrics ceiling;    ///< of the best member of each query: for top-k, right in any of them
  std::size_t k = 1;  ///< of the errors below: no right answer among the first k
  std::vector<ErrorOverlap> overlaps;
  std::optional<Tuning> tuning;
};

std::string to_json(const Fusion& fusion);

/// In CSV the cells are plain fractions and numbers; otherwise percents, with the overlaps under the table.
Table table_of(const Fusion& fusion, Format format);

}  // namespace matcher::report
