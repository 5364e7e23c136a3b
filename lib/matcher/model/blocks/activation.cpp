#include "matcher/model/blocks/activation.hpp"

#include <fmt/format.h>

#include <array>

#include "matcher/model/checkpoint/safetensors.hpp"

namespace matcher::model {
namespace {

struct Activation {
  const char* name;
  const char* source;  ///< an expression of h
};
/// Not torch.gelu(h, approximate="tanh"): LibTorch 1.13 does not find it again in a mapped file.
constexpr const char* gelu_tanh = "h * torch.sigmoid(1.5957691216057308 * (h + 0.044715 * h * h * h))";
constexpr std::array activations{
    Activation{"gelu", "torch.gelu(h)"}, Activation{"quick_gelu", "h * torch.sigmoid(1.702 * h)"},
    Activation{"gelu_new", gelu_tanh},   Activation{"gelu_pytorch_tanh", gelu_tanh},
    Activation{"silu", "torch.silu(h)"}, Activation{"swish", "torch.silu(h)"},
    Activation{"relu", "torch.relu(h)"},
};

}  // namespace

std::string activation_source(const std::string& name) {
  for (const auto& activation : activations) {
    if (name == activation.name) return activation.source;
  }
  return {};
}

std::string read_activation(const Settings& settings, const std::string& fallback) {
  auto name = settings.text("hidden_act", fallback);
  if (activation_source(name).empty()) {
    settings.refuse("hidden_act",
                    fmt::format("is \"{}\", but matcher has gelu, quick_gelu, gelu_new, gelu_pytorch_tanh, silu, swish "
                                "and relu",
                                printable(name)),
                    build_in_python);
  }
  return name;
}

}  // namespace matcher::model
