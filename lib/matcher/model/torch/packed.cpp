#include "matcher/model/torch/packed.hpp"

#include <torch/library.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/model/cpu/block.hpp"
#include "matcher/model/cpu/patches.hpp"
#include "matcher/model/cpu/pool.hpp"
#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/known_block.hpp"

namespace matcher::model {
namespace {

using SharedWorkspace = std::shared_ptr<cpu::Workspace>;

/// TorchScript calls these objects instead of a block, the patches and the projection. A block is packed on first use,
/// or by `pack`.
class PackedBlock : public torch::CustomClassHolder {
 public:
  using Pack = std::function<cpu::Block()>;

  PackedBlock(Pack pack, bool first_token_only, SharedWorkspace space)
      : pack_(std::move(pack)), first_token_only_(first_token_only), space_(std::move(space)) {}

  const cpu::Block& pack() {
    if (!block_) block_.emplace(std::exchange(pack_, nullptr)());
    return *block_;
  }

  /// x [n, t, d], mask [t, t], turn [2, t, d / heads / 2] -> [n, t, d], or [n, 1, d]
  at::Tensor forward(const at::Tensor& x, const c10::optional<at::Tensor>& mask,
                     const c10::optional<at::Tensor>& turn) {
    const auto& block = pack();
    const auto from = x.to(at::kFloat).contiguous(), added = floats(mask), turned = floats(turn);
    TORCH_CHECK(x.dim() == 3 && x.size(2) == block.width(), "a block of width ", block.width(), " got an input of ",
                x.sizes());
    const auto t = x.size(1), half = block.head_width() / 2;
    TORCH_CHECK(!mask || added.numel() == t * t, "the mask of ", t, " tokens is ", added.sizes());
    TORCH_CHECK(!turn || turned.numel() == 2 * t * half, "the angles of ", t, " tokens are ", turned.sizes());
    cpu::Positions positions;
    if (mask) positions.mask = added.data_ptr<float>();
    if (turn) positions.cosines = turned.data_ptr<float>();
    if (turn) positions.sines = positions.cosines + t * half;
    const auto kept = first_token_only_ ? 1 : t;
    auto y = torch::empty({x.size(0), kept, x.size(2)});
    block.run(from.data_ptr<float>(), x.size(0), t, positions, kept, y.data_ptr<float>(), *space_);
    return y;
  }

 private:
  static at::Tensor floats(const c10::optional<at::Tensor>& tensor) {
    return tensor ? tensor->to(at::kFloat).contiguous() : at::Tensor();
  }

  Pack pack_;
  std::optional<cpu::Block> block_;
  bool first_token_only_;
  SharedWorkspace space_;
};

class PackedPatches : public torch::CustomClassHolder {
 public:
  PackedPatches(cpu::Patches patches, SharedWorkspace space) : patches_(std::move(patches)), space_(std::move(space)) {}

  /// [n, 3, height, width] -> [n, t, d]
  at::Tensor forward(const at::Tensor& images) {
    const auto from = images.to(at::kFloat).contiguous();
    const auto n = from.size(0), height = from.size(2), width = from.size(3);
    auto tokens = torch::empty({n, height / patches_.side() * (width / patches_.side()), patches_.width()});
    patches_.run(from.data_ptr<float>(), n, height, width, tokens.data_ptr<float>(), *space_);
    return tokens;
  }

 private:
  cpu::Patches patches_;
  SharedWorkspace space_;
};

class PackedProjection : public torch::CustomClassHolder {
 public:
  PackedProjection(cpu::Projection projection, SharedWorkspace space)
      : projection_(std::move(projection)), space_(std::move(space)) {}

  /// [n, width] -> [n, d]
  at::Tensor forward(const at::Tensor& x) {
    const auto from = x.to(at::kFloat).contiguous();
    TORCH_CHECK(x.dim() == 2 && x.size(1) == projection_.depth(), "a projection of width ", projection_.depth(),
                " got an input of ", x.sizes());
    auto y = torch::empty({from.size(0), projection_.columns()});
    projection_.run(from.data_ptr<float>(), from.size(0), y.data_ptr<float>(), *space_);
    return y;
  }

 private:
  cpu::Projection projection_;
  SharedWorkspace space_;
};

class PackedPool : public torch::CustomClassHolder {
 public:
  PackedPool(cpu::Pool pool, SharedWorkspace space) : pool_(std::move(pool)), space_(std::move(space)) {}

  /// [n, t, width] -> [n, width]
  at::Tensor forward(const at::Tensor& x) {
    const auto from = x.to(at::kFloat).contiguous();
    TORCH_CHECK(x.dim() == 3 && x.size(2) == pool_.width(), "a pool of width ", pool_.width(), " got an input of ",
                x.sizes());
    auto y = torch::empty({from.size(0), from.size(2)});
    pool_.run(from.data_ptr<float>(), from.size(0), from.size(1), y.data_ptr<float>(), *space_);
    return y;
  }

 private:
  cpu::Pool pool_;
  SharedWorkspace space_;
};

TORCH_LIBRARY(matcher, library) {
  library.class_<PackedBlock>("PackedBlock").def("forward", &PackedBlock::forward);
  library.class_<PackedPatches>("PackedPatches").def("forward", &PackedPatches::forward);
  library.class_<PackedProjection>("PackedProjection").def("forward", &PackedProjection::forward);
  library.class_<PackedPool>("PackedPool").def("forward", &PackedPool::forward);
}

/// Owns a module's weights as floats.
class Weights {
 public:
  explicit Weights(const torch::jit::Module& module) {
    for (const auto& attribute : module.named_attributes(false)) {
      if (attribute.value.isTensor()) stored_.emplace(attribute.name, attribute.value.toTensor());
    }
  }

  bool has(const std::string& name) const { return stored_.contains(name); }

  at::Tensor tensor(const std::string& name) {
    return kept_.emplace_back(stored_.at(name).to(at::kFloat).contiguous());
  }

  const float* numbers(const std::string& name) { return has(name) ? tensor(name).data_ptr<float>() : nullptr; }

  cpu::NormWeights norm(const std::string& name) { return {numbers(name + "_weight"), numbers(name + "_bias")}; }

  cpu::LinearWeights linear(const std::string& name) {
    const auto weight = tensor(name + "_weight");
    return {weight.data_ptr<float>(), numbers(name + "_bias"), weight.size(0), weight.numel() / weight.size(0)};
  }

 private:
  std::map<std::string, at::Tensor> stored_;  ///< not the module: it may own this object
  std::vector<at::Tensor> kept_;
};

/// True if each depth, of every product and of a head, is a multiple of the kernels' step.
bool fits(const KnownBlock& block, const cpu::Kernels& kernels) {
  const auto width = block.module.attr("enter_weight").toTensor().size(1),
             hidden = block.module.attr("leave_weight").toTensor().size(1);
  const auto head = width / block.heads;
  return width % block.heads == 0 && head % kernels.depth_step == 0 && hidden % kernels.depth_step == 0 &&
         (!block.turned || head % 2 == 0);
}

cpu::BlockWeights weights_of(Weights& weights) {
  return {weights.norm("norm1"),
          weights.norm("norm2"),
          weights.linear("query"),
          weights.linear("key"),
          weights.linear("value"),
          weights.linear("output"),
          weights.linear("enter"),
          weights.linear("leave"),
          weights.numbers("scale1"),
          weights.numbers("scale2"),
          weights.has("gate_weight") ? weights.linear("gate") : cpu::LinearWeights{},
          weights.norm("attended_norm"),
          weights.norm("hidden_norm")};
}

/// Packs blocks of the text tower on first use only: most runs do not need them.
void replace_block(KnownBlock& block, cpu::Activation activation, const cpu::Kernels& kernels,
                   const SharedWorkspace& space) {
  const cpu::BlockKind kind{block.heads, float(block.epsilon), activation};
  const auto weights = std::make_shared<Weights>(block.module);
  auto packed = c10::make_intrusive<PackedBlock>(
      [weights, kind, &kernels, space] { return cpu::Block(kernels, kind, weights_of(*weights), space->team); },
      block.first_token_only, space);
  if (!block.of_text && !block.masked) packed->pack();
  if (block.masked)
    return replace_method(block.module, "forward", "x: Tensor, mask: Tensor", "x, mask, None", std::move(packed),
                          linear_names);
  if (block.turned)
    return replace_method(block.module, "forward", "x: Tensor, turn: Tensor", "x, None, turn", std::move(packed),
                          linear_names);
  replace_method(block.module, "forward", "x: Tensor", "x, None, None", std::move(packed), linear_names);
}

void replace_patches(torch::jit::Module& module, std::int64_t side, const cpu::Kernels& kernels,
                     const SharedWorkspace& space) {
  Weights weights(module);
  auto packed =
      c10::make_intrusive<PackedPatches>(cpu::Patches(kernels, weights.linear("patch"), side, space->team), space);
  replace_method(module, patches_method, "images: Tensor", "images", std::move(packed), {"patch"});
}

/// Always in fp32, like everything but blocks and patches.
void replace_projection(torch::jit::Module& module, const std::string& method, const std::string& name,
                        const SharedWorkspace& space) {
  if (!module.find_method(method)) return;
  Weights weights(module);
  auto packed = c10::make_intrusive<PackedProjection>(
      cpu::Projection(*cpu::kernels(Precision::fp32), weights.linear(name), space->team), space);
  replace_method(module, method, "x: Tensor", "x", std::move(packed), {name});
}

/// In fp32 too.
void replace_pool(torch::jit::Module& module, const SharedWorkspace& space) {
  if (!module.find_method(pool_method)) return;
  const auto kind = module.get_method(pool_kind_method)({}).toTuple();
  const auto activation = find_activation<cpu::Activation>(kind->elements()[2].toStringRef());
  if (!activation) return;
  Weights weights(module);
  auto packed = c10::make_intrusive<PackedPool>(
      cpu::Pool(*cpu::kernels(Precision::fp32),
                {kind->elements()[0].toInt(), float(kind->elements()[1].toDouble()), *activation},
                {weights.numbers("pool_probe"), weights.linear("pool_query"), weights.linear("pool_key"),
                 weights.linear("pool_value"), weights.linear("pool_output"), weights.linear("pool_enter"),
                 weights.linear("pool_leave"), weights.norm("pool_norm")},
                space->team),
      space);
  replace_method(module, pool_method, "x: Tensor", "x", std::move(packed),
                 {"pool_query", "pool_key", "pool_value", "pool_output", "pool_enter", "pool_leave"});
}

/// Packs the whole module for `kernels`, or returns nullopt and leaves it unchanged.
std::optional<std::int64_t> pack(torch::jit::Module& module, const cpu::Kernels& kernels, int threads) {
  if (!module.find_method(patches_method)) return std::nullopt;
  const auto patch = module.attr("patch_weight").toTensor();
  const auto side = patch.size(3);
  if (patch[0].numel() % kernels.depth_step != 0) return std::nullopt;
  std::vector<std::pair<KnownBlock, cpu::Activation>> blocks;
  for (const auto& child : module.named_children()) {
    auto block = known_block(module, child.name, child.value);
    const auto activation = block ? find_activation<cpu::Activation>(block->activation) : std::nullopt;
    if (!activation || !fits(*block, kernels)) return std::nullopt;
    blocks.emplace_back(*std::move(block), *activation);
  }
  const auto space = std::make_shared<cpu::Workspace>(threads);
  for (auto& [block, activation] : blocks) replace_block(block, activation, kernels, space);
  replace_patches(module, side, kernels, space);
  replace_pool(module, space);
  replace_projection(module, project_method, "project", space);
  replace_projection(module, project_text_method, "project_text", space);
  return side;
}

}  // namespace

std::optional<std::int64_t> pack(torch::jit::Module& module, Precision precision, int threads) {
  for (const auto* kernels : cpu::all_kernels(precision)) {
    if (const auto side = pack(module, *kernels, threads)) return side;
  }
  return std::nullopt;
}

}  // namespace matcher::model
