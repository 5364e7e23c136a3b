// Kernels of the search in rounded vectors, for processors with AVX-512 and VNNI.
#pragma once

#include <cstddef>
#include <cstdint>

namespace matcher::index {

/// A vector as scale * codes + error, after a mean was subtracted. Lengths are rounded up.
struct RoundedRow {
  float scale = 0;
  float length = 0;     ///< length of scale * codes
  float error = 0;      ///< length of the difference from scale * codes
  float with_mean = 0;  ///< inner product of the vector without the mean, and the mean
};

/// Signed codes of queries, [lanes, stride]; those from `count` on are zero.
struct QueryCodes {
  const std::uint8_t* codes = nullptr;
  std::size_t count = 0, lanes = 0, stride = 0;
};

/// Queries as select() reads them, each array [lanes].
struct QueryBounds {
  const float* scale;          ///< scale of the codes
  const float* per_error;      ///< the largest error of a score, per error of a row
  const float* per_length;     ///< the same, per length of a row
  const float* base;           ///< added to each score
  const std::int32_t* offset;  ///< subtracted from each product
};

/// A row whose score may reach the threshold of a query.
struct Passed {
  std::uint32_t row, lane;
  std::int32_t product;  ///< product of the codes
};

constexpr std::size_t code_block = 64;   ///< codes of a row are padded to a multiple
constexpr std::size_t lane_block = 16;   ///< queries are padded to a multiple
constexpr std::uint8_t code_zero = 128;  ///< added to the codes of rows, which are unsigned

struct Kernels {
  /// Rounds `row` - `mean` [d] to `codes` [d], -127 to 127, each plus `zero`.
  RoundedRow (*round)(const float* row, const float* mean, std::size_t d, std::uint8_t zero, std::uint8_t* codes);
  /// Computes products [n, lanes] of `rows` [n, stride], unsigned, and the queries. They are exact. Those of lanes
  /// beyond `count` may be left as they are.
  void (*multiply)(const std::uint8_t* rows, std::size_t n, const QueryCodes& queries, std::int32_t* products);
  /// Writes to `passed` each row and query whose upper bound of the score is not below the query's threshold, of
  /// `thresholds` [lanes]. Returns their number, at most n * lanes.
  std::size_t (*select)(const std::int32_t* products, const RoundedRow* rows, std::size_t n, const QueryBounds& queries,
                        const float* thresholds, std::size_t lanes, Passed* passed);
};

/// The kernels for this processor; nullptr if it has none.
const Kernels* find_kernels();

}  // namespace matcher::index
