// Names that exported networks and the code that runs them agree on. A method's name promises its exact arithmetic and
// weight names, so that faster code may replace it. Other arithmetic needs another name.
#pragma once

namespace matcher::model {

/// A method of each block: `() -> (heads, epsilon, activation)`. Promises the arithmetic and weight names of
/// read_block().
inline constexpr const char* block_kind_method = "matcher_block_1";

/// `(images [n, 3, h, w]) -> [n, t, d]` in fp32: a convolution with `patch_weight` and `patch_bias`, stride = patch
/// size.
inline constexpr const char* patches_method = "matcher_patches_1";

/// `(x [n, width]) -> [n, d]` in fp32: the products with `project_weight` and `project_text_weight`.
inline constexpr const char *project_method = "matcher_project_1", *project_text_method = "matcher_project_text_1";

/// `(ids [n, t]) -> [n, d]`, and the weight [t, width] whose first side is the length of every text.
inline constexpr const char *encode_text_method = "encode_text", *text_positions_weight = "text_positions";

}  // namespace matcher::model
