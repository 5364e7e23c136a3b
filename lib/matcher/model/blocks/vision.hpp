// A vision transformer: patches, positions, blocks, a pool and a projection. Families say what theirs has and how its
// tensors are called.
#pragma once

#include <optional>
#include <string>

#include "matcher/model/blocks/block.hpp"
#include "matcher/model/blocks/pool.hpp"
#include "matcher/model/blocks/rotary.hpp"

namespace matcher::model {

/// A linear layer after a tower, by its full name.
struct Projection {
  std::string name;  ///< `<name>.weight` [dimension, width] and `<name>.bias`; or the tensor's name if transposed
  std::int64_t dimension = 0;
  bool bias = false;
  bool transposed = false;  ///< [width, dimension]
};

/// Names of a vision tower's tensors, without its prefix; nullptr: the network has none.
struct VisionNames {
  const char* patch;                  ///< `<patch>.weight` [width, 3, side, side]
  const char* class_token = nullptr;  ///< one token before the patches
  const char* registers = nullptr;
  const char* positions = nullptr;
  const char* norm_before = nullptr;  ///< normalises all tokens before the blocks
  const char* blocks;                 ///< "encoder.layer."
  BlockNames block;
  const char* norm;     ///< after the blocks
  bool batched = true;  ///< class token and positions are [1, tokens, width]; false: [width], [tokens, width]
};

/// Which tokens become the vector.
enum class Pooled {
  first,            ///< the first token, normalised
  mean,             ///< the mean of the patches, normalised before
  normalised_mean,  ///< the mean of the patches, normalised after
  attention         ///< an attention pool over all tokens
};

struct VisionShape {
  std::int64_t layers = 0, patch = 0;
  std::int64_t side = 0;  ///< learned positions per side
  std::int64_t registers = 0;
  bool patch_bias = true;
  bool class_position = true;  ///< the class token has a learned position too
  /// The learned positions of an image [n, 3, height, width]; an expression of `images`.
  std::string positions_call = "self.positions.float()";
  BlockShape block{};
  Pooled pooled = Pooled::first;
  std::optional<RotaryShape> rotary{};
};

/// Reads the tower's tensors and adds `forward(images: [n, 3, height, width]) -> [n, d]`. Pooled::attention calls
/// `pool_method`, which add_pool() adds.
void add_vision(Checkpoint& checkpoint, const std::string& prefix, const VisionShape& shape, const VisionNames& names,
                const std::optional<Projection>& projection, Blueprint& network);

/// Takes a projection as `<as>_weight` and `<as>_bias`.
void take_projection(Checkpoint& checkpoint, const Projection& projection, std::int64_t width, const std::string& as,
                     Blueprint& network);

/// Throws Error(input) unless `num_channels` is 3.
void check_channels(const Settings& settings, const std::string& key = "num_channels");

/// "12 layers of 768, patches of 16".
std::string summarise(const VisionShape& shape);

}  // namespace matcher::model
