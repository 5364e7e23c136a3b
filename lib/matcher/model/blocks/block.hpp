// The parts that vision and text transformers share, as TorchScript: blocks, patches, projections, norms.
#pragma once

#include <string>
#include <vector>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Names of a block's tensors in a checkpoint, without the block's prefix.
struct BlockNames {
  const char *norm1, *query, *key, *value, *output, *scale1, *norm2, *scale2;  ///< scales may be nullptr: none
};

inline constexpr const char* swiglu = "swiglu";

struct BlockShape {
  std::int64_t width, heads, hidden;
  double epsilon;
  std::string activation;  ///< `swiglu`, or a `hidden_act` of transformers
  bool attention_bias = true;
  bool masked = false;  ///< true: takes a mask [t, t] that is added to the attention scores
};

/// Reads pre-norm attention and perceptron with residuals: `forward(x: [n, t, width]) -> [n, t, width]`, both in fp32.
Blueprint read_block(Checkpoint& checkpoint, const std::string& prefix, const BlockShape& shape,
                     const BlockNames& names);

/// Adds the blocks as parts `<name>_0`, `<name>_1`, ... and returns the source that sends `x` through them.
std::string add_blocks(Blueprint& into, const std::string& name, std::vector<Blueprint> blocks,
                       const std::string& arguments);

/// Reads `hidden_act`. Throws Error(input) for an activation that matcher cannot build.
std::string read_activation(const Settings& settings, const std::string& fallback);

/// The source of `patches_method` (network/block_contract.hpp).
std::string patches_source(std::int64_t patch, bool bias);

/// The source of `project_method` or `project_text_method`, with the weight `<name>_weight`.
std::string project_source(const std::string& method, const std::string& name);

/// The source `torch.layer_norm(<value>, ...)` for a value in fp32, with the weights `<name>_weight` and `<name>_bias`.
std::string norm_call(const std::string& name, const std::string& value, std::int64_t width, double epsilon);

}  // namespace matcher::model
