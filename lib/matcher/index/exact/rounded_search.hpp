// Exact search that reads a rounded copy first, and then the vectors that may be among the best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "matcher/index/exact/rounded_copy.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::index {

/// Returns the best `k` rows for each query, or nothing if too many rows may be among them. `copy` is of `vectors`;
/// `order` [vectors.rows] orders equal scores.
std::vector<std::optional<std::vector<Hit>>> search_rounded(const RoundedCopy& copy, MatrixView vectors,
                                                            MatrixView queries, std::size_t k,
                                                            std::span<const std::uint32_t> order);

}  // namespace matcher::index
