// Where answers are right and where not: by label, by category, and which labels are taken for which.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "matcher/eval/metrics.hpp"

namespace matcher::eval {

/// What a query is about, and what it was taken for. What is not known is empty.
struct Tags {
  std::string label, category;
  std::string answered;  ///< the label of the first answer
};

/// The queries of one label or category whose label is in the gallery.
struct Group {
  std::string key;
  std::size_t queries = 0;
  std::size_t gallery = 0;  ///< items that are right for one of its queries: the largest relevant_total of each label
  Estimate top1;            ///< with Wilson's interval
  double mrr = 0, map = 0;
};

/// Queries of `label` whose first answer has the label `answered`.
struct Confusion {
  std::string label, answered;
  std::size_t count = 0;
  std::size_t queries = 0;  ///< of that label
};

/// Groups with the most wrong first answers come first, then by key; confusions the most frequent first.
struct Breakdown {
  std::vector<Group> labels, categories;
  std::vector<Confusion> confused;
};

/// `tags[i]` is of `rankings[i]`. Queries without a label (or category) are in no group of labels (or categories).
/// Throws Error(mismatch) for unequal lengths.
Breakdown breakdown(std::span<const Ranking> rankings, std::span<const Tags> tags);

}  // namespace matcher::eval
