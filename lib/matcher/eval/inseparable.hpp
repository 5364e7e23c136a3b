// Finds pairs of labels that nothing tells apart: the nearest item of either is as often the other's as by chance.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/eval/neighbours.hpp"

namespace matcher::eval {

struct LabelPair {
  std::uint32_t a = 0, b = 0;
  std::size_t items = 0;  ///< items of both that have one of both among their neighbours
  std::size_t own = 0;    ///< those whose nearest of both has their own label
  double expected = 0;    ///< `own` if labels were drawn at random
  double p = 1;           ///< chance of `own` or more if labels were drawn at random: binomial
};

/// Pairs with at least 6 items, 2 of either, and p above 0.05. The one with the most items first.
std::vector<LabelPair> find_inseparable(const Neighbours& neighbours, Labels labels);

}  // namespace matcher::eval
