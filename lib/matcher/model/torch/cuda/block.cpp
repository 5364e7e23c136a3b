#include "matcher/model/torch/cuda/block.hpp"

#include <ATen/cuda/CUDAContext.h>
#include <torch/library.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "matcher/model/cuda/kernels.hpp"
#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/known_block.hpp"

namespace matcher::model {
namespace {

/// A linear layer: weight [in, out] in 16 bits, a view of [out, in], which is the fastest layout for cuBLAS; bias [out]
/// in fp32, undefined if there is none.
struct Linear {
  at::Tensor weight, bias;
};

/// A norm: weight and shift [d] in fp32.
struct Norm {
  at::Tensor weight, shift;
};

const float* numbers(const at::Tensor& tensor) { return tensor.defined() ? tensor.data_ptr<float>() : nullptr; }

class CudaBlock : public torch::CustomClassHolder {
 public:
  CudaBlock(const KnownBlock& block, cuda::Activation activation, cuda::Storage storage)
      : heads_(block.heads),
        epsilon_(float(block.epsilon)),
        first_token_only_(block.first_token_only),
        activation_(activation),
        storage_(storage),
        norm1_(norm(block, "norm1")),
        norm2_(norm(block, "norm2")),
        projection_(projection(block)),
        output_(linear(block, "output")),
        enter_(linear(block, "enter")),
        leave_(linear(block, "leave")),
        scale1_(floats(block, "scale1")),
        scale2_(floats(block, "scale2")) {}

  /// x [n, t, d] in fp32 -> [n, t, d] or [n, 1, d]
  at::Tensor forward(const at::Tensor& tokens) {
    const auto x = tokens.to(at::kFloat).contiguous();
    const auto n = x.size(0), t = x.size(1), d = x.size(2), kept = first_token_only_ ? 1 : t, rows = n * kept;
    TORCH_CHECK(d == output_.weight.size(1), "a block of width ", output_.weight.size(1), " got an input of ",
                x.sizes());

    const auto normed = values({n * t, d});
    between({x.data_ptr<float>(), d}, {}, {}, nullptr, &normed, norm1_, n * t);
    const auto attended = attend(normed, n, t, kept);
    const auto h = at::mm(attended, output_.weight);
    const auto y = at::empty({n, kept, d}, x.options()), again = values({rows, d});
    const auto stride = kept == t ? d : t * d;
    between({x.data_ptr<float>(), stride}, {&h, &output_.bias}, scale1_, &y, &again, norm2_, rows);

    const auto wide = at::mm(again, enter_.weight);
    cuda::add_and_activate(wide.data_ptr(), numbers(enter_.bias), rows, wide.size(1), activation_, storage_, stream());
    const auto more = at::mm(wide, leave_.weight);
    between({y.data_ptr<float>(), d}, {&more, &leave_.bias}, scale2_, &y, nullptr, {}, rows);
    return y;
  }

 private:
  struct Rows {
    const float* x;
    std::int64_t stride;
  };
  struct Addend {
    const at::Tensor *h = nullptr, *bias = nullptr;
  };

  /// The stream on which LibTorch runs this block.
  void* stream() const { return output_.weight.is_cuda() ? at::cuda::getCurrentCUDAStream().stream() : nullptr; }

  at::Tensor values(at::IntArrayRef shape) const { return at::empty(shape, output_.weight.options()); }

  void between(Rows from, Addend addend, const at::Tensor& scale, const at::Tensor* sum, const at::Tensor* normed,
               const Norm& norm, std::int64_t rows) const {
    cuda::AddAndNorm work;
    work.x = from.x;
    work.x_stride = from.stride;
    if (addend.h != nullptr) {
      work.h = addend.h->data_ptr();
      work.bias = numbers(*addend.bias);
      work.scale = numbers(scale);
    }
    if (sum != nullptr) work.sum = sum->data_ptr<float>();
    if (normed != nullptr) {
      work.normed = normed->data_ptr();
      work.weight = numbers(norm.weight);
      work.shift = numbers(norm.shift);
    }
    work.epsilon = epsilon_;
    work.rows = rows;
    work.width = output_.weight.size(1);
    cuda::add_and_norm(work, storage_, stream());
  }

  /// normed [n * t, d] -> [n * kept, d]
  at::Tensor attend(const at::Tensor& normed, std::int64_t n, std::int64_t t, std::int64_t kept) const {
    const auto d = normed.size(1);
    const auto all = projection_.bias.defined() ? at::addmm(projection_.bias, normed, projection_.weight)
                                                : at::mm(normed, projection_.weight);
    const auto parts = all.view({n, t, 3, heads_, d / heads_}).permute({2, 0, 3, 1, 4});  // [3, n, heads, t, d / heads]
    const auto attended =
        at::scaled_dot_product_attention(parts.select(0, 0).narrow(2, 0, kept), parts.select(0, 1), parts.select(0, 2));
    return attended.transpose(1, 2).reshape({n * kept, d});
  }

  static at::Tensor floats(const KnownBlock& block, const std::string& name) {
    const bool is_there = block.module.hasattr(name) && block.module.attr(name).isTensor();
    return is_there ? block.module.attr(name).toTensor().to(at::kFloat).contiguous() : at::Tensor();
  }

  static Norm norm(const KnownBlock& block, const std::string& name) {
    return {floats(block, name + "_weight"), floats(block, name + "_bias")};
  }

  static Linear linear(const KnownBlock& block, const std::string& name) {
    return {block.module.attr(name + "_weight").toTensor().contiguous().t(), floats(block, name + "_bias")};
  }

  /// Joins query, key and value into one layer. Its bias is in 16 bits, because the product adds it.
  static Linear projection(const KnownBlock& block) {
    std::vector<at::Tensor> weights, biases;
    for (const std::string name : {"query", "key", "value"}) {
      weights.push_back(block.module.attr(name + "_weight").toTensor());
      if (const auto bias = floats(block, name + "_bias"); bias.defined()) biases.push_back(bias);
    }
    return {at::cat(weights).t(), biases.empty() ? at::Tensor() : at::cat(biases).to(weights[0].scalar_type())};
  }

  std::int64_t heads_;
  float epsilon_;
  bool first_token_only_;
  cuda::Activation activation_;
  cuda::Storage storage_;
  Norm norm1_, norm2_;
  Linear projection_, output_, enter_, leave_;
  at::Tensor scale1_, scale2_;
};

TORCH_LIBRARY_FRAGMENT(matcher, library) { library.class_<CudaBlock>("CudaBlock").def("forward", &CudaBlock::forward); }

/// True if the kernels take rows of this width.
bool fits(const KnownBlock& block) {
  const auto width = block.module.attr("enter_weight").toTensor().size(1),
             hidden = block.module.attr("leave_weight").toTensor().size(1);
  return width % block.heads == 0 && width <= cuda::largest_width && hidden % 4 == 0;
}

}  // namespace

bool pack_for_cuda(torch::jit::Module& module, Precision precision) {
  if (!module.find_method(patches_method)) return false;
  const auto storage = precision == Precision::fp16 ? cuda::Storage::fp16 : cuda::Storage::bf16;
  std::vector<std::pair<KnownBlock, cuda::Activation>> blocks;
  for (const auto& child : module.named_children()) {
    auto block = known_block(module, child.name, child.value);
    const auto activation = block ? find_activation<cuda::Activation>(block->activation) : std::nullopt;
    if (!activation || !fits(*block)) return false;
    const bool is_plain = !block->masked && !block->turned && !block->gated && !block->normed_inside;
    if (is_plain) blocks.emplace_back(*std::move(block), *activation);
  }
  // Others stay LibTorch's.
  for (auto& [block, activation] : blocks) {
    auto packed = c10::make_intrusive<CudaBlock>(block, activation, storage);
    replace_method(block.module, "forward", "x: Tensor", "x", std::move(packed), linear_names);
  }
  return true;
}

}  // namespace matcher::model
