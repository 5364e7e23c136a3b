// Computes the attention pool: one learned token attends to all tokens of an image.
#pragma once

#include <vector>

#include "matcher/model/cpu/block.hpp"

namespace matcher::model::cpu {

struct PoolWeights {
  const float* probe;  ///< [width]
  LinearWeights query, key, value, output, enter, leave;
  NormWeights norm;
};

/// In fp32, like everything but blocks and patches.
class Pool {
 public:
  /// Copies the weights. `kernels` must be of fp32.
  Pool(const Kernels& kernels, const BlockKind& kind, const PoolWeights& weights, Team& team);
  std::int64_t width() const { return output_.columns(); }
  /// x [n, t, width] -> y [n, width]. An image's result does not depend on the others.
  void run(const float* x, std::int64_t n, std::int64_t t, float* y, Workspace& space) const;

 private:
  void sum_tokens(const float* x, std::int64_t t, const float* scores, float* sums) const;
  void perceive(std::int64_t n, float* y, Workspace& space) const;

  const Kernels& kernels_;
  BlockKind kind_;
  PackedLinear scores_;               ///< each head's query times its keys' weights, [heads, width]
  std::vector<PackedLinear> values_;  ///< one per head
  PackedLinear output_, enter_, leave_;
  std::vector<float> norm_;  ///< weight, then bias
};

}  // namespace matcher::model::cpu
