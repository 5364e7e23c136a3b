#include "matcher/model/torch/forward.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>

#include <algorithm>

#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/failure.hpp"

namespace matcher::model {
namespace {

/// While it lives, this thread runs graphs as written. The profiling executor rewrites a graph after the first calls,
/// which changes the last digits from one batch to the next.
class AsWritten {
  torch::jit::GraphOptimizerEnabledGuard guard_{false};
};

}  // namespace

c10::IValue forward(const torch::jit::Module& module, const at::Tensor& images) {
  const AsWritten as_written;
  return module.get_method("forward")({images});
}

at::Tensor encode_text(const torch::jit::Module& module, const at::Tensor& ids) {
  const AsWritten as_written;
  return module.get_method(encode_text_method)({ids}).toTensor();
}

std::size_t text_length(const torch::jit::Module& module) {
  const bool reads = module.find_method(encode_text_method) && module.hasattr(text_positions_weight);
  return reads ? std::size_t(module.attr(text_positions_weight).toTensor().size(0)) : 0;
}

Matrix to_matrix(const at::Tensor& tensor) {
  const auto vectors = tensor.to(at::kCPU, at::kFloat).contiguous();
  Matrix matrix(std::size_t(vectors.size(0)), std::size_t(vectors.size(1)));
  std::copy_n(vectors.data_ptr<float>(), matrix.data.size(), matrix.data.begin());
  return matrix;
}

std::string Described::cannot_be_put(const Device& device, Precision precision, const std::string& reason) const {
  return fmt::format("model \"{}\" cannot be put on {} in {}: {}; use --device cpu --precision fp32", name,
                     to_string(device), to_string(precision), reason);
}

std::string Described::does_not_take_images(std::size_t n, const Device& device, Precision precision,
                                            const std::string& reason) const {
  if (is_out_of_memory(reason)) {
    return fmt::format("model \"{}\" ran out of memory on {} with {} images at once ({}); use a smaller --batch-size",
                       name, to_string(device), n, reason);
  }
  return fmt::format(
      "model \"{}\" does not take images [{}, 3, {}, {}] in {} ({}); correct \"preprocess\" in its description, or "
      "export the model for this size",
      name, n, size.height, size.width, to_string(precision), reason);
}

std::string Described::does_not_take_texts(std::int64_t n, std::size_t length, Precision precision,
                                           const std::string& reason) const {
  return fmt::format("model \"{}\" does not take texts [{}, {}] in {} ({}); export it again", name, n, length,
                     to_string(precision), reason);
}

}  // namespace matcher::model
