// The nearest other items of every item, from which an audit concludes.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace matcher::eval {

struct Neighbour {
  std::uint32_t row = 0;
  float score = 0;  ///< cosine
};

/// neighbours[i] are the nearest other items of item i, best first.
using Neighbours = std::vector<std::vector<Neighbour>>;

/// labels[i] is the number of the label of item i.
using Labels = std::span<const std::uint32_t>;
inline constexpr std::uint32_t no_label = std::numeric_limits<std::uint32_t>::max();

/// The number of items per label.
std::vector<std::size_t> count_labels(Labels labels);

}  // namespace matcher::eval
