// Registers operators of newer versions of LibTorch in an older one when the plugin is loaded, so that files saved by
// today's PyTorch load.
#include <ATen/ATen.h>
#include <torch/library.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

namespace matcher::model {
namespace {

#define MATCHER_TORCH_BEFORE(major, minor) \
  (TORCH_VERSION_MAJOR < (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR < (minor)))

#if MATCHER_TORCH_BEFORE(2, 0)
using Dims = at::IntArrayRef;
using MaybeTensor = c10::optional<at::Tensor>;

/// Returns what to add to the scores [t, s]. A boolean mask keeps the scores where it is true.
at::Tensor as_bias(const at::Tensor& mask, const at::Tensor& query) {
  if (mask.scalar_type() != at::kBool) return mask;
  return at::zeros(mask.sizes(), query.options())
      .masked_fill(mask.logical_not(), -std::numeric_limits<float>::infinity());
}

/// [..., h / g, s, d] -> [..., h, s, d]: g heads of queries share a head of keys or values.
at::Tensor for_all_heads(const at::Tensor& heads, const at::Tensor& query) {
  return heads.repeat_interleave(query.size(-3) / heads.size(-3), -3);
}

/// query [..., t, d], key [..., s, d], value [..., s, e] -> [..., t, e]. There is no dropout without training.
/// Reference: the documentation of torch.nn.functional.scaled_dot_product_attention.
at::Tensor attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, const MaybeTensor& mask,
                     double dropout, bool causal, c10::optional<double> scale, bool grouped) {
  TORCH_CHECK(dropout == 0, "attention with dropout is for training only");
  TORCH_CHECK(!(causal && mask), "attention takes a mask or is causal, not both");
  const auto factor = scale.value_or(1.0 / std::sqrt(double(query.size(-1))));
  auto scores = at::matmul(query * factor, (grouped ? for_all_heads(key, query) : key).transpose(-2, -1));
  if (causal)
    scores.masked_fill_(at::ones({scores.size(-2), scores.size(-1)}, scores.options().dtype(at::kBool)).triu(1),
                        -std::numeric_limits<float>::infinity());
  if (mask) scores = scores + as_bias(*mask, query);
  return at::matmul(at::softmax(scores, -1), grouped ? for_all_heads(value, query) : value);
}

at::Tensor squeeze_all(const at::Tensor& tensor, Dims dims) {
  std::vector<std::int64_t> wrapped;
  for (const auto dim : dims) wrapped.push_back(at::maybe_wrap_dim(dim, tensor.dim()));
  std::ranges::sort(wrapped, std::greater());
  auto squeezed = tensor;
  for (const auto dim : wrapped) squeezed = squeezed.squeeze(dim);
  return squeezed;
}

TORCH_LIBRARY_FRAGMENT(aten, library) {
  library.def(
      "scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
      "float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor",
      attention);
  library.def("squeeze.dims(Tensor self, int[] dim) -> Tensor", squeeze_all);
}
#endif

#if MATCHER_TORCH_BEFORE(2, 4)
/// Normalises over the last dimensions, which have `shape`. Reference: the documentation of torch.nn.RMSNorm.
at::Tensor rms_norm(const at::Tensor& x, at::IntArrayRef shape, const c10::optional<at::Tensor>& weight,
                    c10::optional<double> epsilon) {
  std::vector<std::int64_t> dims;
  for (std::size_t i = 0; i < shape.size(); ++i) dims.push_back(-1 - std::int64_t(i));
  const auto wide = x.to(at::kFloat);
  const auto smallest = x.scalar_type() == at::kBFloat16 ? 0.0078125
                        : x.scalar_type() == at::kHalf   ? 0.0009765625
                                                         : 1.1920929e-7;
  auto normed = (wide * at::rsqrt(wide.square().mean(dims, true) + epsilon.value_or(smallest))).to(x.scalar_type());
  return weight ? normed * *weight : normed;
}

TORCH_LIBRARY_FRAGMENT(aten, library) {
  library.def("rms_norm(Tensor input, int[] normalized_shape, Tensor? weight=None, float? eps=None) -> Tensor",
              rms_norm);
}
#endif

}  // namespace
}  // namespace matcher::model
