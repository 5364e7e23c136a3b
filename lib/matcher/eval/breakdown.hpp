// Breaks accuracy down by label and by category, and counts which labels are mistaken for which.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/eval/estimate.hpp"
#include "matcher/eval/ranking.hpp"

namespace matcher::eval {

/// Names of a query, borrowed; empty: unknown.
struct Tags {
  std::string_view label, category;
  std::string_view answered;  ///< the label of the first answer
};

/// The queries of one label or category that have a right answer in the gallery.
struct Group {
  std::string key;
  std::size_t queries = 0;
  std::size_t gallery = 0;  ///< gallery items of its labels: the largest relevant_total of each, summed
  Estimate top1;            ///< with Wilson's interval
  double mrr = 0, map = 0;
};

/// Queries of `label` whose first answer has the label `answered`.
struct Confusion {
  std::string label, answered;
  std::size_t count = 0;
  std::size_t queries = 0;  ///< all queries of `label`
};

/// Groups are sorted by the number of wrong first answers, largest first, then by key; confusions by count.
struct Breakdown {
  std::vector<Group> labels, categories;
  std::vector<Confusion> confused;
};

/// `tags[i]` belongs to `rankings[i]`. A query without a label (category) is in no group of labels (categories). Throws
/// Error(mismatch) for unequal lengths.
Breakdown breakdown(std::span<const Ranking> rankings, std::span<const Tags> tags);

}  // namespace matcher::eval
