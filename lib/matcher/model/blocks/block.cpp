#include "matcher/model/blocks/block.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

struct Activation {
  const char* name;
  const char* source;  ///< an expression of h
};
constexpr std::array activations{
    Activation{"gelu", "torch.gelu(h)"},
    Activation{"quick_gelu", "h * torch.sigmoid(1.702 * h)"},
    Activation{"gelu_new", "torch.gelu(h, approximate=\"tanh\")"},
    Activation{"gelu_pytorch_tanh", "torch.gelu(h, approximate=\"tanh\")"},
    Activation{"silu", "torch.silu(h)"},
    Activation{"swish", "torch.silu(h)"},
    Activation{"relu", "torch.relu(h)"},
};

std::string activation_source(const std::string& name) {
  for (const auto& activation : activations) {
    if (name == activation.name) return activation.source;
  }
  return {};
}

std::string linear_call(const std::string& name, const std::string& value, bool bias = true) {
  return fmt::format("torch.linear({}, self.{}_weight, {})", value, name,
                     bias ? fmt::format("self.{}_bias", name) : "None");
}

std::string attention_source(const BlockShape& shape) {
  std::string source;
  for (const auto* name : {"query", "key", "value"}) {
    source += fmt::format("    {} = {}.view(n, t, {}, {}).transpose(1, 2)\n", name,
                          linear_call(name, "h", shape.attention_bias), shape.heads, shape.width / shape.heads);
  }
  // Scales the query, not the scores: 16 bits do not overflow then.
  const auto scale = 1.0 / std::sqrt(double(shape.width) / double(shape.heads));
  source += fmt::format("    scores = torch.matmul(query * {}, key.transpose(2, 3)){}\n", scale,
                        shape.masked ? " + mask" : "");
  source += "    h = torch.matmul(torch.softmax(scores, -1), value).transpose(1, 2).reshape(n, t, d)\n";
  return source + fmt::format("    h = {}\n", linear_call("output", "h"));
}

std::string perceptron_source(const BlockShape& shape) {
  if (shape.activation == swiglu) {
    return fmt::format(
        "    h = {}\n"
        "    h = torch.silu(h[:, :, :{}]) * h[:, :, {}:]\n"
        "    h = {}\n",
        linear_call("enter", "h"), shape.hidden, shape.hidden, linear_call("leave", "h"));
  }
  return fmt::format("    h = {}\n    h = {}\n    h = {}\n", linear_call("enter", "h"),
                     activation_source(shape.activation), linear_call("leave", "h"));
}

std::string kind_source(const BlockShape& shape) {
  if (shape.activation == swiglu) return {};
  return fmt::format("def {}(self) -> Tuple[int, float, str]:\n    return ({}, {:e}, \"{}\")\n", block_kind_method,
                     shape.heads, shape.epsilon, shape.activation);
}

/// The residual `x` and the norms are always in fp32: over many layers, 16 bits would round away small sums. Factors of
/// products have the weights' precision.
std::string block_source(const BlockShape& shape, bool scaled) {
  const auto into = [](const char* weight, const std::string& value) {
    return fmt::format("{}.to(self.{}.dtype)", value, weight);
  };
  const auto add = [&](const char* scale) {
    return fmt::format("x + h.float(){}", scaled ? fmt::format(" * self.{}.float()", scale) : "");
  };
  return kind_source(shape) + fmt::format(
                                  "def forward(self, x: Tensor{}) -> Tensor:\n"
                                  "    n = x.size(0)\n"
                                  "    t = x.size(1)\n"
                                  "    d = x.size(2)\n"
                                  "    h = {}\n{}"
                                  "    x = {}\n"
                                  "    h = {}\n{}"
                                  "    return {}\n",
                                  shape.masked ? ", mask: Tensor" : "",
                                  into("query_weight", norm_call("norm1", "x", shape.width, shape.epsilon)),
                                  attention_source(shape), add("scale1"),
                                  into("enter_weight", norm_call("norm2", "x", shape.width, shape.epsilon)),
                                  perceptron_source(shape), add("scale2"));
}

void take_perceptron(Taker& taker, const BlockShape& shape) {
  if (shape.activation == swiglu) {
    taker.take_linear("enter", "mlp.weights_in", 2 * shape.hidden, shape.width);
    taker.take_linear("leave", "mlp.weights_out", shape.width, shape.hidden);
  } else {
    taker.take_linear("enter", "mlp.fc1", shape.hidden, shape.width);
    taker.take_linear("leave", "mlp.fc2", shape.width, shape.hidden);
  }
}

}  // namespace

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

std::string norm_call(const std::string& name, const std::string& value, std::int64_t width, double epsilon) {
  return fmt::format("torch.layer_norm({0}, [{1}], self.{2}_weight.float(), self.{2}_bias.float(), {3:e})", value,
                     width, name, epsilon);
}

std::string patches_source(std::int64_t patch, bool bias) {
  return fmt::format(
      "def {0}(self, pictures: Tensor) -> Tensor:\n"
      "    x = torch.conv2d(pictures.to(self.patch_weight.dtype), self.patch_weight, {1}, [{2}, {2}])\n"
      "    return x.float().flatten(2).transpose(1, 2)\n",
      patches_method, bias ? "self.patch_bias" : "None", patch);
}

std::string project_source(const std::string& method, const std::string& name) {
  return fmt::format(
      "def {0}(self, x: Tensor) -> Tensor:\n"
      "    return torch.linear(x.to(self.{1}_weight.dtype), self.{1}_weight, None).float()\n",
      method, name);
}

Blueprint read_block(Checkpoint& checkpoint, const std::string& prefix, const BlockShape& shape,
                     const BlockNames& names) {
  Blueprint block;
  block.source = block_source(shape, names.scale1 != nullptr);
  Taker taker(checkpoint, block, prefix);
  taker.take_norm("norm1", names.norm1, shape.width);
  taker.take_linear("query", names.query, shape.width, shape.width, shape.attention_bias);
  taker.take_linear("key", names.key, shape.width, shape.width, shape.attention_bias);
  taker.take_linear("value", names.value, shape.width, shape.width, shape.attention_bias);
  taker.take_linear("output", names.output, shape.width, shape.width);
  taker.take_norm("norm2", names.norm2, shape.width);
  take_perceptron(taker, shape);
  if (names.scale1 != nullptr) taker.take("scale1", names.scale1, {shape.width});
  if (names.scale2 != nullptr) taker.take("scale2", names.scale2, {shape.width});
  return block;
}

std::string add_blocks(Blueprint& into, const std::string& name, std::vector<Blueprint> blocks,
                       const std::string& arguments) {
  std::string source;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    auto part = fmt::format("{}_{}", name, i);
    source += fmt::format("    x = self.{}.forward({})\n", part, arguments);
    into.parts.push_back({std::move(part), std::move(blocks[i])});
  }
  return source;
}

}  // namespace matcher::model
