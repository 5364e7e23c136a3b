// Computes a transformer's block with weights that are packed once for the kernels.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/model/cpu/linear.hpp"

namespace matcher::model::cpu {

struct NormWeights {
  const float *weight, *bias;
};

struct BlockWeights {
  NormWeights norm1, norm2;
  LinearWeights query, key, value, output, enter, leave;
  const float *scale1 = nullptr, *scale2 = nullptr;  ///< [width] each; none: nullptr
  LinearWeights gate{};                              ///< none: its weight is nullptr
  NormWeights attended_norm{}, hidden_norm{};        ///< before `output` and `leave`; none: nullptr
};

struct BlockKind {
  std::int64_t heads;
  float epsilon;
  Activation activation;
};

/// Numbers that a block adds to its scores, and angles by which it turns queries and keys; nullptr: none.
struct Positions {
  const float* mask = nullptr;                       ///< [t, t]
  const float *cosines = nullptr, *sines = nullptr;  ///< [t, width / heads / 2]
};

/// Pre-norm attention and perceptron with residuals.
class Block {
 public:
  /// Copies the weights. Every depth must be a multiple of the kernels' step.
  Block(const Kernels& kernels, const BlockKind& kind, const BlockWeights& weights, Team& team);
  std::int64_t width() const { return output_.columns(); }
  std::int64_t head_width() const { return width() / kind_.heads; }
  /// x [n, t, width] -> y [n, kept, width], in memory of its own. `kept`: the first tokens of each image to compute, 1
  /// or all.
  void run(const float* x, std::int64_t n, std::int64_t t, const Positions& positions, std::int64_t kept, float* y,
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
  void norm_values(void* values, std::int64_t first, std::int64_t last, const std::vector<float>& norm) const;
  void norm_all(void* values, std::int64_t rows, const std::vector<float>& norm, Team& team) const;
  void turn_rows(const Pass& pass, std::int64_t first, std::int64_t last) const;
  void turn(const Pass& pass, Team& team) const;
  void attend(const Pass& pass, Workspace& space) const;
  void copy_kept(const Pass& pass, std::int64_t first, std::int64_t last) const;
  Product output_of(const Pass& pass) const;
  char* place_of(char* values, std::size_t part, std::int64_t first) const;
  Product activated_of(const Pass& pass, std::size_t part, std::int64_t first) const;
  Product gated_of(const Pass& pass, std::size_t part, std::int64_t first) const;
  Product leave_of(const Pass& pass, std::size_t part, std::int64_t first) const;
  void gate_rows(const Pass& pass, std::size_t part, std::int64_t first, std::int64_t last) const;

  const Kernels& kernels_;
  BlockKind kind_;
  PackedLinear projected_, output_;
  std::vector<PackedLinear> enter_, leave_;         ///< in as many parts of the hidden width as the kernels need
  std::vector<PackedLinear> gate_;                  ///< in the same parts; none: empty
  std::vector<float> norm1_, norm2_;                ///< weight, then bias
  std::vector<float> attended_norm_, hidden_norm_;  ///< the same; none: empty
  std::vector<float> scale1_, scale2_;
};

}  // namespace matcher::model::cpu
