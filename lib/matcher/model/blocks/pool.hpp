// The attention pool: one learned token attends to all tokens, and its result is the image's vector.
#pragma once

#include <string>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

/// Names of the pool's tensors, without its prefix; nullptr: the checkpoint has none.
struct PoolNames {
  const char* probe;                                            ///< [1, 1, width]
  const char *joined_weight = nullptr, *joined_bias = nullptr;  ///< [3 * width, width]: query, key, value; or
  const char *query = nullptr, *key_and_value = nullptr;        ///< two linear layers
  const char *output, *norm, *enter = "mlp.fc1", *leave = "mlp.fc2";
};

struct PoolShape {
  std::int64_t width, heads, hidden;
  double epsilon;
  std::string activation;  ///< a `hidden_act` of transformers
};

/// Reads the pool and adds `pool_method` (network/block_contract.hpp).
void add_pool(Checkpoint& checkpoint, const std::string& prefix, const PoolShape& shape, const PoolNames& names,
              Blueprint& into);

}  // namespace matcher::model
