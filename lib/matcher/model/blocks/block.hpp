// The block of vision and text transformers: attention and perceptron.
#pragma once

#include <string>
#include <vector>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Names of a block's tensors in a checkpoint, without the block's prefix; nullptr: the checkpoint has none.
struct BlockNames {
  const char* norm1;
  const char *query = nullptr, *key = nullptr, *value = nullptr;       ///< linear layers, or one for all three:
  const char *joined_weight = nullptr, *joined_bias = nullptr;         ///< [3 * width, width], [3 * width]
  const char *query_bias = nullptr, *value_bias = nullptr;             ///< [width], beside a joined weight
  const char *output, *scale1 = nullptr, *norm2, *scale2 = nullptr;    ///< scales [width]
  const char *gate = nullptr, *enter = "mlp.fc1", *leave = "mlp.fc2";  ///< linear layers
  const char* gate_and_enter = nullptr;                                ///< or one for both, [2 * hidden, width]
  const char* attended_norm = nullptr;                                 ///< before `output`, [width]
  const char* hidden_norm = nullptr;                                   ///< before `leave`, [hidden]
};

/// Which linear layers have a bias.
struct Biases {
  bool query = true, key = true, value = true, output = true, perceptron = true;
};

/// How rotary positions pair the numbers of a head: the first half with the second, or neighbours.
enum class Rotary { none, halves, neighbours };

struct BlockShape {
  std::int64_t width, heads, hidden;
  double epsilon;
  std::string activation;  ///< a `hidden_act` of transformers
  Biases biases{};
  bool masked = false;           ///< takes a mask [t, t] that is added to the attention scores
  bool gated = false;            ///< leave(activation(gate(x)) * enter(x)) instead of leave(activation(enter(x)))
  Rotary rotary = Rotary::none;  ///< others take `turn` [2, t, width / heads / 2] (rotary.hpp)
};

/// Reads pre-norm attention and perceptron with residuals: `forward(x: [n, t, width]) -> [n, t, width]`, both in fp32.
Blueprint read_block(Checkpoint& checkpoint, const std::string& prefix, const BlockShape& shape,
                     const BlockNames& names);

/// Reads blocks `<prefix>0.`, `<prefix>1.`, ..., adds them as parts `<name>_0`, `<name>_1`, ... and returns the source
/// that sends `x` through them.
std::string add_blocks(Checkpoint& checkpoint, const std::string& prefix, std::int64_t count, const BlockShape& shape,
                       const BlockNames& names, Blueprint& into, const std::string& name);

/// Throws Error(input) if the heads do not divide the width; `heads` and `width` are the keys that say so.
void check_heads(const Settings& settings, const BlockShape& shape, const std::string& heads = "num_attention_heads",
                 const std::string& width = "hidden_size");

}  // namespace matcher::model
