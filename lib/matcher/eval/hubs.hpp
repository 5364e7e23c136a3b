// Finds items that are near too many others. Reference: M. Radovanović, A. Nanopoulos, M. Ivanović, Hubs in Space, JMLR
// 11 (2010).
#pragma once

#include <cstddef>
#include <vector>

#include "matcher/eval/neighbours.hpp"

namespace matcher::eval {

/// An item among the nearest 10 of many others.
struct Hub {
  std::uint32_t row = 0;
  std::size_t answers = 0;  ///< items that have it among their nearest 10
  std::size_t wrong = 0;    ///< those with another label
};

inline constexpr std::size_t hub_neighbours = 10;

/// Items that are wrong for more others than the mean and five standard deviations, and for more than twice 10. The one
/// with the most wrong answers first.
std::vector<Hub> find_hubs(const Neighbours& neighbours, Labels labels);

}  // namespace matcher::eval
