// A text transformer: tokens, positions, blocks, the output of one token and a projection.
#pragma once

#include <optional>
#include <string>

#include "matcher/model/blocks/block.hpp"
#include "matcher/model/blocks/vision.hpp"

namespace matcher::model {

/// Names of a text tower's tensors, without its prefix.
struct TextNames {
  const char *tokens, *positions;  ///< [vocabulary, width], [length, width]
  const char* blocks;              ///< "encoder.layers."
  BlockNames block;
  const char* norm;  ///< after the blocks
};

/// The source of the tokens at `place` [n], an expression of `ids`.
std::string token_at(const std::string& place);

struct TextShape {
  std::int64_t vocabulary = 0, length = 0, layers = 0;
  BlockShape block{};                           ///< masked: no token sees a later one
  std::string end = token_at("ids.argmax(1)");  ///< the token that becomes the vector; an expression of `x` and `ids`
};

/// Reads the tower's tensors and adds `encode_text(ids: [n, t]) -> [n, d]`.
void add_text(Checkpoint& checkpoint, const std::string& prefix, const TextShape& shape, const TextNames& names,
              const std::optional<Projection>& projection, Blueprint& network);

}  // namespace matcher::model
