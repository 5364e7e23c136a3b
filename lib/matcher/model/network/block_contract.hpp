// Names that exported networks and the code that runs them agree on. A method's name promises its exact arithmetic and
// weight names, so that faster code may replace it. Other arithmetic needs another name.
#pragma once

namespace matcher::model {

/// A method of each block: `() -> (heads, epsilon, activation)`. Promises the arithmetic and weight names of
/// read_block().
inline constexpr const char* block_kind_method = "matcher_block_1";

/// The same for blocks that have a `gate_weight`: leave(activation(gate(x)) * enter(x)); or that take `turn` [2, t,
/// width / heads / 2], the cosines and sines by which queries and keys are turned: in each head, the number i of the
/// first half and the number i of the second are a pair.
inline constexpr const char* later_block_kind_method = "matcher_block_2";

/// The same for blocks that normalise the attended values before the product with `output_weight`, by `attended_norm_*`
/// [width], or the hidden ones before that with `leave_weight`, by `hidden_norm_*` [hidden].
inline constexpr const char* normed_block_kind_method = "matcher_block_3";

/// `(x [n, t, width]) -> [n, width]` in fp32: attention of one learned token over all tokens, then a perceptron with a
/// residual; with the weights of read_pool(). The other method: `() -> (heads, epsilon, activation)`.
inline constexpr const char *pool_method = "matcher_pool_1", *pool_kind_method = "matcher_pool_kind_1";

/// Parts whose names begin with this belong to the text tower.
inline constexpr const char* text_block = "text_block";

/// `(images [n, 3, h, w]) -> [n, t, d]` in fp32: a convolution with `patch_weight` and `patch_bias`, stride = patch
/// size.
inline constexpr const char* patches_method = "matcher_patches_1";

/// `(x [n, width]) -> [n, d]` in fp32: the products with `project_weight` and `project_text_weight`, plus
/// `project_bias` and `project_text_bias` if they exist.
inline constexpr const char *project_method = "matcher_project_1", *project_text_method = "matcher_project_text_1";

/// `(ids [n, t]) -> [n, d]`, and the weight [t, width] whose first side is the length of every text.
inline constexpr const char *encode_text_method = "encode_text", *text_positions_weight = "text_positions";

}  // namespace matcher::model
