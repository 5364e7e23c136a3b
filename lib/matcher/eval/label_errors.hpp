// Ranks items by how much their neighbours contradict their label.
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/eval/neighbours.hpp"

namespace matcher::eval {

/// An item with a label that at least one other item has.
struct LabelDoubt {
  std::uint32_t row = 0;
  std::uint32_t suggested = no_label;  ///< the best other label; no_label: no neighbour has another
  /// Mean cosine to the nearest three items of `suggested`, less that to the nearest three of the own label. Both have
  /// as many as the own label can give; an item that is not among the neighbours counts as the farthest of them.
  double margin = 0;
  std::size_t own = 0,
              seen = 0;  ///< neighbours of the own label among the nearest `seen`: 10, or all of a small product
  /// Chance of `own` or fewer, if each neighbour had the own label as often as for the other items of the product:
  /// binomial. Neighbours are not independent, so it orders items and proves nothing.
  double p = 1;
  std::uint32_t nearest = 0;  ///< the nearest item of `suggested`
  float cosine = 0;           ///< to `nearest`
  bool likely = false;        ///< another label wins, no neighbour among `seen` has the own label, and p is small
};

inline constexpr std::size_t label_neighbours = 50;  ///< neighbours that every item should have, if there are as many

/// The most doubtful first; ties in the order of the rows.
std::vector<LabelDoubt> find_label_errors(const Neighbours& neighbours, Labels labels);

}  // namespace matcher::eval
