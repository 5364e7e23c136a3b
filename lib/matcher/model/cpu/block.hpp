// Computes a transformer's block, patches and projection with weights that are packed once for the kernels.
#pragma once

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

struct NormWeights {
  const float *weight, *bias;
};

struct BlockWeights {
  NormWeights norm1, norm2;
  LinearWeights query, key, value, output, enter, leave;
  const float *scale1 = nullptr, *scale2 = nullptr;  ///< [width] each; none: nullptr
};

struct BlockKind {
  std::int64_t heads;
  float epsilon;
  Activation activation;
};

/// The threads of one network, and the buffers between its blocks' input and output. For one caller at a time.
struct Workspace {
  explicit Workspace(int threads) : team(threads) {}
  Team team;
  Buffer narrow, wide, scratch;
};

/// Pre-norm attention and perceptron with residuals.
class Block {
 public:
  /// Copies the weights. Every depth must be a multiple of the kernels' step.
  Block(const Kernels& kernels, const BlockKind& kind, const BlockWeights& weights, Team& team);
  std::int64_t width() const { return output_.columns(); }
  /// x [n, t, width] -> y [n, kept, width], in memory of its own. `kept`: the first tokens of each image to compute, 1
  /// or all. mask [t, t] is added to the scores; none: nullptr.
  void run(const float* x, std::int64_t n, std::int64_t t, const float* mask, std::int64_t kept, float* y,
           Workspace& space) const;

 private:
  struct Pass;
  void run_by_columns(const Pass& pass, Workspace& space) const;
  void run_by_rows(const Pass& pass, Workspace& space) const;
  void perceive_rows(const Pass& pass, std::int64_t first, std::int64_t last) const;
  void project(const Product& projected, const Pass& pass, Team& team) const;
  void norm_rows(const float* x, std::int64_t first, std::int64_t last, const std::vector<float>& norm,
                 void* values) const;
  void normed(const float* x, std::int64_t rows, const std::vector<float>& norm, void* values, Team& team) const;
  void attend(const Pass& pass, Workspace& space) const;
  void copy_kept(const Pass& pass, std::int64_t first, std::int64_t last) const;
  Product output_of(const Pass& pass) const;

  const Kernels& kernels_;
  BlockKind kind_;
  PackedLinear projected_, output_;
  std::vector<PackedLinear> enter_, leave_;  ///< in as many parts of the hidden width as the kernels need
  std::vector<float> norm1_, norm2_;         ///< weight, then bias
  std::vector<float> scale1_, scale2_;
};

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
