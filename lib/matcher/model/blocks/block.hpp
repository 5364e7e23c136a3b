// The block that every vision and text transformer here is made of, as TorchScript. Private to this layer.
#pragma once

#include <string>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Takes tensors from a checkpoint into a module's weights.
class Taker {
 public:
  Taker(Checkpoint& checkpoint, Blueprint& into, std::string prefix)
      : checkpoint_(checkpoint), into_(into), prefix_(std::move(prefix)) {}

  /// The checkpoint's `<prefix><name>` as the weight `as`.
  void take(const std::string& as, const std::string& name, const std::vector<std::int64_t>& shape);
  /// `<name>.weight` [out, in] and `<name>.bias` [out], as `<as>_weight` and `<as>_bias`.
  void take_linear(const std::string& as, const std::string& name, std::int64_t out, std::int64_t in, bool bias = true);
  /// `<name>.weight` and `<name>.bias`, both [d].
  void take_norm(const std::string& as, const std::string& name, std::int64_t d);

 private:
  Checkpoint& checkpoint_;
  Blueprint& into_;
  std::string prefix_;
};

/// Where a block's tensors stand in a checkpoint.
struct BlockNames {
  const char *norm1, *query, *key, *value, *output, *scale1, *norm2, *scale2;  ///< no scales: nullptr
};

inline constexpr const char* swiglu = "swiglu";

struct BlockShape {
  std::int64_t width, heads, hidden;
  double epsilon;
  std::string activation;  ///< `swiglu`, or what transformers calls `hidden_act`
  bool attention_bias = true;
  bool masked = false;  ///< takes a mask [t, t] that is added to the attention scores
};

/// Methods by which an exported network says how it is built, so that the place that runs it may do the same in its own
/// way: of a block, `() -> (heads, epsilon, activation)`, which promises exactly the arithmetic and the names of
/// weights of read_block; of the whole, `(pictures [n, 3, h, w]) -> [n, t, d]` in 32 bits, a convolution with
/// `patch_weight` and `patch_bias` whose step is its size, and `([n, width]) -> [n, d]` in 32 bits, the product with
/// `project_weight` or `project_text_weight`. Another arithmetic needs another name.
inline constexpr const char *block_kind_method = "matcher_block_1", *patches_method = "matcher_patches_1",
                            *project_method = "matcher_project_1", *project_text_method = "matcher_project_text_1";

/// The source of `patches_method`.
std::string patches_source(std::int64_t patch, bool bias);

/// The source of `project_method` or `project_text_method`, with the weight `<name>_weight`.
std::string project_source(const std::string& method, const std::string& name);

/// Pre-norm attention and perceptron with residuals, `forward(x: [n, t, width]) -> [n, t, width]`, both in 32 bits.
Blueprint read_block(Checkpoint& checkpoint, const std::string& prefix, const BlockShape& shape,
                     const BlockNames& names);

/// `hidden_act`. Throws Error(input) for one that matcher cannot build.
std::string read_activation(const Settings& settings, const std::string& fallback);

/// "torch.layer_norm(<value>, ...)" of a value in 32 bits with the weights `<name>_weight` and `<name>_bias`.
std::string norm_call(const std::string& name, const std::string& value, std::int64_t width, double epsilon);

/// Adds the blocks as parts `<name>_0`, `<name>_1`, ... and returns the source that sends `x` through them.
std::string add_blocks(Blueprint& into, const std::string& name, std::vector<Blueprint> blocks,
                       const std::string& arguments);

}  // namespace matcher::model
