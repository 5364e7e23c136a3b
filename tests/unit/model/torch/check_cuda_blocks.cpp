// What takes the place of an exported network's blocks on a GPU, run on the processor with the kernels as loops: the
// vectors must stay near those of the network as it is written, in fp32. Each argument is a file of matcher export.
#include <torch/script.h>

#include <cstdio>
#include <exception>

#include "matcher/model/torch/cuda/block.hpp"
#include "matcher/model/torch/forward.hpp"
#include "matcher/model/torch/runtime.hpp"

namespace {

using matcher::Precision;
namespace model = matcher::model;

at::Tensor vectors_of(const torch::jit::Module& module, const at::Tensor& pictures, at::ScalarType type) {
  return model::forward(module, pictures.to(type)).toTensor().to(at::kFloat);
}

/// Prints the smallest cosine of a row. Returns false if it is below `least`, or if no block was replaced.
bool is_near(const char* file, Precision precision) {
  const auto written = torch::jit::load(file, at::kCPU);
  auto packed = torch::jit::load(file, at::kCPU);
  const auto type = model::torch_type(precision);
  packed.to(type);
  const bool replaced = model::pack_for_cuda(packed, precision);
  const auto side = written.attr("patch_weight").toTensor().size(3);
  const auto pictures = torch::randn({3, 3, 4 * side, 4 * side});
  const auto expected = vectors_of(written, pictures, at::kFloat), vectors = vectors_of(packed, pictures, type);
  const auto smallest = at::cosine_similarity(expected, vectors).min().item<float>();
  std::printf("%s in %s: blocks %s, smallest cosine %.6f\n", file, matcher::to_string(precision).c_str(),
              replaced ? "replaced" : "as written", double(smallest));
  // The images are noise, far from what a model was trained on.
  const float least = precision == Precision::fp16 ? 0.9999f : 0.999f;
  return replaced && smallest >= least && !at::equal(expected, vectors);
}

}  // namespace

int main(int count, char** files) try {
  const model::Quietly quietly;
  torch::manual_seed(7);
  bool all = count > 1;
  for (int i = 1; i < count; ++i) {
    for (const auto precision : {Precision::fp16, Precision::bf16}) all = is_near(files[i], precision) && all;
  }
  return all ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
