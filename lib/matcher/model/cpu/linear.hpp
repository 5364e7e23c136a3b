// Linear layers with weights that are packed once for the kernels, and the threads that share their work.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "matcher/model/cpu/buffer.hpp"
#include "matcher/model/cpu/kernels.hpp"
#include "matcher/model/cpu/team.hpp"

namespace matcher::model::cpu {

/// Borrowed weights [columns, depth] and bias [columns]; no bias: nullptr.
struct LinearWeights {
  const float* weight = nullptr;
  const float* bias = nullptr;
  std::int64_t columns = 0, depth = 0;
  std::int64_t stride = 0;  ///< between the columns; 0: depth

  /// Returns a part of the columns, or of the depth; the first part of the depth has the bias.
  LinearWeights some_columns(std::int64_t first, std::int64_t count) const;
  LinearWeights some_depth(std::int64_t first, std::int64_t count) const;
};

/// One matrix for several linear layers of the same depth, side by side.
class PackedLinear {
 public:
  PackedLinear(const Kernels& kernels, const std::vector<LinearWeights>& parts, Team& team);
  /// Returns the product of `rows` rows; the caller sets the outputs.
  Product of(const void* a, std::int64_t rows) const;
  std::int64_t depth() const { return depth_; }
  std::int64_t columns() const { return columns_; }

 private:
  std::int64_t depth_, columns_ = 0;
  Buffer weights_;
  std::vector<float> bias_;
};

/// The threads of one network, and the buffers between its blocks' input and output. For one caller at a time.
struct Workspace {
  explicit Workspace(int threads) : team(threads) {}
  Team team;
  Buffer narrow, wide, scratch;
};

/// Rows of each share of a product that computes all columns: their values stay in the second-level cache.
inline constexpr std::int64_t rows_per_share = 192;

/// Calls work(first, last) for equal shares of the rows, in whole blocks for tiles.
template <class Work>
void in_shares(std::int64_t rows, Team& team, const Work& work) {
  const auto blocks = (rows + rows_on_tiles - 1) / rows_on_tiles, threads = std::int64_t(team.size());
  const auto rounds = (blocks * rows_on_tiles + rows_per_share * threads - 1) / (rows_per_share * threads);
  const auto size = (blocks + rounds * threads - 1) / (rounds * threads) * rows_on_tiles;
  team.run((rows + size - 1) / size,
           [&](std::int64_t task, int) { work(task * size, std::min((task + 1) * size, rows)); });
}

/// Computes the panels from `first_panel` on.
void multiply(const Kernels& kernels, const Product& product, Team& team, std::int64_t first_panel = 0);

/// A linear layer without a block.
class Projection {
 public:
  /// `kernels` must be of fp32.
  Projection(const Kernels& kernels, const LinearWeights& weights, Team& team)
      : kernels_(kernels), linear_(kernels, {weights}, team) {}
  std::int64_t depth() const { return linear_.depth(); }
  std::int64_t columns() const { return linear_.columns(); }
  /// x [n, depth()] -> y [n, columns()]
  void run(const float* x, std::int64_t n, float* y, Workspace& space) const;

 private:
  const Kernels& kernels_;
  PackedLinear linear_;
};

}  // namespace matcher::model::cpu
