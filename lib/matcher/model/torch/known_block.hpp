// Blocks that say how they are built (see matcher/model/transformer.hpp), so that another way to compute them may take
// the place of the one that is written.
#pragma once

#include <torch/custom_class.h>
#include <torch/script.h>

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace matcher::model {

struct KnownBlock {
  torch::jit::Module module;
  std::int64_t heads = 0;
  double epsilon = 0;
  std::string activation;         ///< as transformers calls it
  bool masked = false;            ///< `forward(x, mask)`
  bool first_token_only = false;  ///< of what it returns
};

/// What the part `name` of `module` says of itself, nothing when it says nothing.
std::optional<KnownBlock> known_block(const torch::jit::Module& module, const std::string& name,
                                      const torch::jit::Module& part);

/// `method` with `parameters` becomes `object.forward(arguments)`, and the weights that begin with one of `names` are
/// let go.
template <class Object>
void replace_method(torch::jit::Module& module, const std::string& method, const std::string& parameters,
                    const std::string& arguments, c10::intrusive_ptr<Object> object,
                    const std::vector<std::string>& names) {
  const auto name_of_method = module.get_method(method).function().qualname();
  module.type()->unsafeRemoveMethod(method);  // first the name, then the function itself
  module.type()->compilation_unit()->unsafeRemoveMethod(name_of_method);
  const auto packed = "packed_" + method;
  module.register_attribute(packed, c10::getCustomClassType<c10::intrusive_ptr<Object>>(),
                            c10::IValue(std::move(object)));
  module.define("def " + method + "(self, " + parameters + ") -> Tensor:\n    return self." + packed + ".forward(" +
                arguments + ")\n");
  for (const auto& name : names) {
    for (const auto* part : {"_weight", "_bias"}) {
      if (module.hasattr(name + part) && module.attr(name + part).isTensor())
        module.setattr(name + part, torch::empty({0}));
    }
  }
}

/// The products' weights in a block.
inline const std::vector<std::string> linear_names{"query", "key", "value", "output", "enter", "leave"};

/// The activation of this name, of the CPU's or the GPU's `Activation`; nothing when there is none.
template <class Activation>
std::optional<Activation> find_activation(const std::string& name) {
  constexpr std::array<std::pair<const char*, Activation>, 7> names{{
      {"gelu", Activation::gelu},
      {"quick_gelu", Activation::quick_gelu},
      {"gelu_new", Activation::gelu_tanh},
      {"gelu_pytorch_tanh", Activation::gelu_tanh},
      {"silu", Activation::silu},
      {"swish", Activation::silu},
      {"relu", Activation::relu},
  }};
  for (const auto& [known, activation] : names) {
    if (name == known) return activation;
  }
  return std::nullopt;
}

}  // namespace matcher::model
