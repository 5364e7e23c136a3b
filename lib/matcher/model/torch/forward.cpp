#include "matcher/model/torch/forward.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/python/update_graph_executor_opt.h>

#include <algorithm>

#include "matcher/model/torch/failure.hpp"

namespace matcher::model {

c10::IValue forward(const torch::jit::Module& module, const at::Tensor& pictures) {
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  return module.get_method("forward")({pictures});
}

at::Tensor encode_text(const torch::jit::Module& module, const at::Tensor& ids) {
  const torch::jit::GraphOptimizerEnabledGuard as_written(false);
  return module.get_method("encode_text")({ids}).toTensor();
}

std::size_t text_length(const torch::jit::Module& module) {
  const bool reads = module.find_method("encode_text") && module.hasattr("text_positions");
  return reads ? std::size_t(module.attr("text_positions").toTensor().size(0)) : 0;
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

std::string Described::does_not_take_pictures(std::size_t n, const Device& device, Precision precision,
                                              const std::string& reason) const {
  if (is_out_of_memory(reason)) {
    return fmt::format("model \"{}\" ran out of memory on {} with {} pictures at once ({}); use a smaller --batch-size",
                       name, to_string(device), n, reason);
  }
  return fmt::format(
      "model \"{}\" does not take pictures [{}, 3, {}, {}] in {} ({}); correct \"preprocess\" in its description, or "
      "export the model for this size",
      name, n, size.height, size.width, to_string(precision), reason);
}

std::string Described::does_not_take_texts(std::int64_t n, std::size_t length, Precision precision,
                                           const std::string& reason) const {
  return fmt::format("model \"{}\" does not take texts [{}, {}] in {} ({}); export it again", name, n, length,
                     to_string(precision), reason);
}

}  // namespace matcher::model
