// Cuts images into patches and embeds them.
#pragma once

#include "matcher/model/cpu/linear.hpp"

namespace matcher::model::cpu {

/// A convolution whose stride is the size of its kernel.
class Patches {
 public:
  /// weights [width, channels * side * side]
  Patches(const Kernels& kernels, const LinearWeights& weights, std::int64_t side, Team& team);
  std::int64_t width() const { return linear_.columns(); }
  std::int64_t side() const { return side_; }
  /// images [n, channels, height, width] -> tokens [n, (height / side) * (width / side), width()]. Ignores the pixels
  /// right of and below the last whole patch.
  void run(const float* images, std::int64_t n, std::int64_t height, std::int64_t width, float* tokens,
           Workspace& space) const;

 private:
  void gather(const float* image, std::int64_t height, std::int64_t width, std::int64_t row, char* values) const;

  const Kernels& kernels_;
  std::int64_t side_, depth_;
  PackedLinear linear_;
};

}  // namespace matcher::model::cpu
