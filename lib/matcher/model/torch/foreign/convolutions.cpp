#include "matcher/model/torch/foreign/convolutions.hpp"

#include <ATen/Context.h>

#include <limits>
#if __has_include(<torch/csrc/jit/passes/xnnpack_rewrite.h>)
#include <torch/csrc/jit/passes/xnnpack_rewrite.h>
#define MATCHER_HAS_XNNPACK
#endif

namespace matcher::model {
namespace {

bool has_xnnpack() {
#ifdef MATCHER_HAS_XNNPACK
  return at::Context::isXNNPACKAvailable();
#else
  return false;
#endif
}

/// Freezes the module, packs the weights of its convolutions, and joins each with the clamp behind it.
torch::jit::Module pack_convolutions([[maybe_unused]] const torch::jit::Module& original) {
#ifdef MATCHER_HAS_XNNPACK
  return torch::jit::optimizeForMobile(original);
#else
  TORCH_CHECK(false, "this LibTorch has no XNNPACK");
#endif
}

}  // namespace

bool is_convolutional(const torch::jit::Module& module) {
  std::int64_t convolutions = 0, others = 0;
  for (const auto& weight : module.parameters()) {
    convolutions += weight.dim() == 4 ? 1 : 0;
    others += weight.dim() == 2 ? 1 : 0;
  }
  return convolutions > others;
}

std::vector<Layout> possible_layouts(Precision precision) {
  std::vector all{Layout::planar, Layout::channels_last};
  if (precision == Precision::fp32 && has_xnnpack()) all.push_back(Layout::xnnpack);
  return all;
}

at::MemoryFormat memory_format(Layout layout) {
  const bool is_last = layout == Layout::channels_last || layout == Layout::xnnpack;
  return is_last ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

std::size_t images_at_once(Layout layout, std::size_t threads) {
  constexpr std::size_t per_thread = 4, any_number = std::numeric_limits<std::size_t>::max() / 2;
  return layout == Layout::xnnpack ? per_thread * threads : any_number;
}

int openmp_threads(Layout layout, int threads) { return layout == Layout::xnnpack ? 1 : threads; }

torch::jit::Module arrange(const torch::jit::Module& original, Layout layout) {
  for (auto weight : original.parameters())
    if (weight.dim() == 4) weight.set_data(weight.contiguous(memory_format(layout)));
  return layout == Layout::xnnpack ? pack_convolutions(original) : original;
}

}  // namespace matcher::model
