// Finds blocks that say how they are built (network/block_contract.hpp), so that faster code can replace them.
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
  std::string activation;         ///< name in transformers
  bool masked = false;            ///< `forward(x, mask)`
  bool turned = false;            ///< `forward(x, turn)`: with rotary positions
  bool gated = false;             ///< has a `gate_weight`
  bool normed_inside = false;     ///< has an `attended_norm_weight` or a `hidden_norm_weight`
  bool of_text = false;           ///< belongs to the text tower
  bool first_token_only = false;  ///< the network uses only the first token of its output
};

/// Reads how the part `name` of `module` is built; nullopt if it does not say.
std::optional<KnownBlock> known_block(const torch::jit::Module& module, const std::string& name,
                                      const torch::jit::Module& part);

/// Replaces `method(parameters)` by `object.forward(arguments)`, and frees the weights whose names begin with one of
/// `names`.
template <class Object>
void replace_method(torch::jit::Module& module, const std::string& method, const std::string& parameters,
                    const std::string& arguments, c10::intrusive_ptr<Object> object,
                    const std::vector<std::string>& names) {
  const auto name_of_method = module.get_method(method).function().qualname();
  module.type()->unsafeRemoveMethod(method);  // removes the name, then the function itself
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

/// Names of a block's linear layers.
inline const std::vector<std::string> linear_names{"query", "key", "value", "output", "gate", "enter", "leave"};

/// Finds an activation by its name in transformers; `Activation` is the CPU's or the GPU's enum. nullopt if unknown.
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
