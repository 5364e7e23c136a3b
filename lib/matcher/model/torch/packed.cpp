#include "matcher/model/torch/packed.hpp"

#include <torch/custom_class.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/model/cpu/block.hpp"
#include "matcher/model/torch/first_token.hpp"
#include "matcher/model/transformer.hpp"

namespace matcher::model {
namespace {

using SharedWorkspace = std::shared_ptr<cpu::Workspace>;

constexpr std::array<std::pair<const char*, cpu::Activation>, 7> activations{{
    {"gelu", cpu::Activation::gelu},
    {"quick_gelu", cpu::Activation::quick_gelu},
    {"gelu_new", cpu::Activation::gelu_tanh},
    {"gelu_pytorch_tanh", cpu::Activation::gelu_tanh},
    {"silu", cpu::Activation::silu},
    {"swish", cpu::Activation::silu},
    {"relu", cpu::Activation::relu},
}};

/// The objects that TorchScript calls in the place of a block, and of the patches.
class PackedBlock : public torch::CustomClassHolder {
 public:
  PackedBlock(cpu::Block block, bool first_token_only, SharedWorkspace space)
      : block_(std::move(block)), first_token_only_(first_token_only), space_(std::move(space)) {}

  /// x [n, t, d], mask [t, t] -> [n, t, d], or [n, 1, d]
  at::Tensor forward(const at::Tensor& x, const c10::optional<at::Tensor>& mask) {
    const auto from = x.to(at::kFloat).contiguous();
    const auto added = mask ? mask->to(at::kFloat).contiguous() : at::Tensor();
    TORCH_CHECK(x.dim() == 3 && x.size(2) == block_.width(), "a block of width ", block_.width(), " was given ",
                x.sizes());
    TORCH_CHECK(!mask || added.numel() == x.size(1) * x.size(1), "the mask of ", x.size(1), " tokens is ",
                added.sizes());
    const auto kept = first_token_only_ ? 1 : x.size(1);
    auto y = torch::empty({x.size(0), kept, x.size(2)});
    block_.run(from.data_ptr<float>(), x.size(0), x.size(1), mask ? added.data_ptr<float>() : nullptr, kept,
               y.data_ptr<float>(), *space_);
    return y;
  }

 private:
  cpu::Block block_;
  bool first_token_only_;
  SharedWorkspace space_;
};

class PackedPatches : public torch::CustomClassHolder {
 public:
  PackedPatches(cpu::Patches patches, SharedWorkspace space) : patches_(std::move(patches)), space_(std::move(space)) {}

  /// [n, 3, height, width] -> [n, t, d]
  at::Tensor forward(const at::Tensor& pictures) {
    const auto from = pictures.to(at::kFloat).contiguous();
    const auto n = from.size(0), height = from.size(2), width = from.size(3);
    auto tokens = torch::empty({n, height / patches_.side() * (width / patches_.side()), patches_.width()});
    patches_.run(from.data_ptr<float>(), n, height, width, tokens.data_ptr<float>(), *space_);
    return tokens;
  }

 private:
  cpu::Patches patches_;
  SharedWorkspace space_;
};

TORCH_LIBRARY(matcher, library) {
  library.class_<PackedBlock>("PackedBlock").def("forward", &PackedBlock::forward);
  library.class_<PackedPatches>("PackedPatches").def("forward", &PackedPatches::forward);
}

/// A module's weights as floats, alive as long as this is.
class Weights {
 public:
  explicit Weights(const torch::jit::Module& module) : module_(module) {}

  bool has(const std::string& name) const { return module_.hasattr(name) && module_.attr(name).isTensor(); }

  at::Tensor tensor(const std::string& name) {
    return kept_.emplace_back(module_.attr(name).toTensor().to(at::kFloat).contiguous());
  }

  const float* numbers(const std::string& name) { return has(name) ? tensor(name).data_ptr<float>() : nullptr; }

  cpu::NormWeights norm(const std::string& name) { return {numbers(name + "_weight"), numbers(name + "_bias")}; }

  cpu::LinearWeights linear(const std::string& name) {
    const auto weight = tensor(name + "_weight");
    return {weight.data_ptr<float>(), numbers(name + "_bias"), weight.size(0), weight.numel() / weight.size(0)};
  }

 private:
  torch::jit::Module module_;
  std::vector<at::Tensor> kept_;
};

/// What a block says of itself, nothing when it says nothing or something that is not known here.
std::optional<cpu::BlockKind> kind_of(torch::jit::Module& block) {
  if (!block.find_method(block_kind_method)) return std::nullopt;
  const auto told = block.run_method(block_kind_method).toTuple();
  const auto name = told->elements()[2].toStringRef();
  const auto* found = std::ranges::find(activations, name, &std::pair<const char*, cpu::Activation>::first);
  if (found == activations.end()) return std::nullopt;
  return cpu::BlockKind{told->elements()[0].toInt(), float(told->elements()[1].toDouble()), found->second};
}

/// Whether each depth, of every product and of a head, is a whole number of the kernels' steps.
bool fits(const torch::jit::Module& block, const cpu::BlockKind& kind, const cpu::Kernels& kernels) {
  const auto width = block.attr("enter_weight").toTensor().size(1),
             hidden = block.attr("leave_weight").toTensor().size(1);
  return width % kind.heads == 0 && width / kind.heads % kernels.depth_step == 0 && hidden % kernels.depth_step == 0;
}

cpu::BlockWeights weights_of(Weights& weights) {
  return {weights.norm("norm1"),     weights.norm("norm2"),    weights.linear("query"), weights.linear("key"),
          weights.linear("value"),   weights.linear("output"), weights.linear("enter"), weights.linear("leave"),
          weights.numbers("scale1"), weights.numbers("scale2")};
}

/// `object` becomes what `method` does, and the weights that begin with one of `names` are let go.
template <class Object>
void replace(torch::jit::Module& module, const std::string& method, const std::string& source,
             c10::intrusive_ptr<Object> object, const std::vector<std::string>& names) {
  const auto name_of_method = module.get_method(method).function().qualname();
  module.type()->unsafeRemoveMethod(method);  // first the name, then the function itself
  module.type()->compilation_unit()->unsafeRemoveMethod(name_of_method);
  module.register_attribute("packed", c10::getCustomClassType<c10::intrusive_ptr<Object>>(),
                            c10::IValue(std::move(object)));
  module.define(source);
  for (const auto& name : names) {
    for (const auto* part : {"_weight", "_bias"}) {
      if (module.hasattr(name + part) && module.attr(name + part).isTensor())
        module.setattr(name + part, torch::empty({0}));
    }
  }
}

struct KnownBlock {
  torch::jit::Module module;
  cpu::BlockKind kind;
  bool first_token_only;
};

void replace_block(const KnownBlock& block, const cpu::Kernels& kernels, const SharedWorkspace& space) {
  auto module = block.module;
  const bool masked = module.get_method("forward").function().getSchema().arguments().size() == 3;
  Weights weights(module);
  auto packed = c10::make_intrusive<PackedBlock>(cpu::Block(kernels, block.kind, weights_of(weights), space->team),
                                                 block.first_token_only, space);
  replace(module, "forward",
          masked ? "def forward(self, x: Tensor, mask: Tensor) -> Tensor:\n    return self.packed.forward(x, mask)\n"
                 : "def forward(self, x: Tensor) -> Tensor:\n    return self.packed.forward(x, None)\n",
          std::move(packed), {"query", "key", "value", "output", "enter", "leave"});
}

void replace_patches(torch::jit::Module& module, std::int64_t side, const cpu::Kernels& kernels,
                     const SharedWorkspace& space) {
  Weights weights(module);
  auto packed =
      c10::make_intrusive<PackedPatches>(cpu::Patches(kernels, weights.linear("patch"), side, space->team), space);
  replace(module, patches_method,
          std::string("def ") + patches_method +
              "(self, pictures: Tensor) -> Tensor:\n    return self.packed.forward(pictures)\n",
          std::move(packed), {"patch"});
}

}  // namespace

std::optional<std::int64_t> pack(torch::jit::Module& module, Precision precision, int threads) {
  const auto* kernels = cpu::kernels(precision);
  if (kernels == nullptr || !module.find_method(patches_method)) return std::nullopt;
  if (module.attr("patch_weight").toTensor()[0].numel() % kernels->depth_step != 0) return std::nullopt;
  std::vector<KnownBlock> blocks;
  for (const auto& child : module.named_children()) {
    torch::jit::Module block = child.value;
    const auto kind = kind_of(block);
    if (!kind || !fits(block, *kind, *kernels)) return std::nullopt;
    blocks.push_back({block, *kind, takes_first_token_only(module, child.name)});
  }
  const auto side = module.attr("patch_weight").toTensor().size(3);
  const auto space = std::make_shared<cpu::Workspace>(threads);
  for (const auto& block : blocks) replace_block(block, *kernels, space);
  replace_patches(module, side, *kernels, space);
  return side;
}

}  // namespace matcher::model
