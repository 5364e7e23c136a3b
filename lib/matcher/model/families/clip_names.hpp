// The names of tensors that the encoders of CLIP and of its followers share.
#pragma once

#include "matcher/model/blocks/text.hpp"
#include "matcher/model/blocks/vision.hpp"

namespace matcher::model {

inline constexpr BlockNames clip_block_names{.norm1 = "layer_norm1",
                                             .query = "self_attn.q_proj",
                                             .key = "self_attn.k_proj",
                                             .value = "self_attn.v_proj",
                                             .output = "self_attn.out_proj",
                                             .norm2 = "layer_norm2"};

inline constexpr TextNames clip_text_names{.tokens = "embeddings.token_embedding.weight",
                                           .positions = "embeddings.position_embedding.weight",
                                           .blocks = "encoder.layers.",
                                           .block = clip_block_names,
                                           .norm = "final_layer_norm"};

}  // namespace matcher::model
