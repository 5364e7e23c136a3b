// Ways to compute a network of convolutions that was made elsewhere.
#pragma once

#include <torch/script.h>

#include <vector>

#include "matcher/model/network/network.hpp"

namespace matcher::model {

/// True for a network of convolutions: most of its matrices of weights have height and width.
bool is_convolutional(const torch::jit::Module& module);

/// The layouts that this LibTorch can compute in; planar, which every network takes, is the first.
std::vector<Layout> possible_layouts(Precision precision);

/// The order of memory of images and weights.
at::MemoryFormat memory_format(Layout layout);

/// Images per pass. XNNPACK takes few, because their activations should fit into the caches.
std::size_t images_at_once(Layout layout, std::size_t threads);

/// OpenMP threads of a pass, of `threads`: one beside XNNPACK, because waiting ones would keep its threads from
/// running.
int openmp_threads(Layout layout, int threads);

/// Returns the module that computes `original` with `layout`, and lays out the weights of `original` for it. Throws
/// what LibTorch throws for a network that it cannot convert.
torch::jit::Module arrange(const torch::jit::Module& original, Layout layout);

}  // namespace matcher::model
