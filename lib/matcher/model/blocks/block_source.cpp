#include "matcher/model/blocks/block_source.hpp"

#include <fmt/format.h>

#include <cmath>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/blocks/source.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

bool is_turned(const BlockShape& shape) { return shape.rotary != Rotary::none; }

std::string head_source(const BlockShape& shape, const char* name, bool bias) {
  return fmt::format("    {} = {}.view(n, t, {}, {}).transpose(1, 2)\n", name, linear_call(name, "h", bias),
                     shape.heads, shape.width / shape.heads);
}

/// Turns each pair of numbers, one from each half, by its angle.
std::string turn_source(const BlockShape& shape) {
  if (!is_turned(shape)) return {};
  return fmt::format(
      "def turned(self, x: Tensor, turn: Tensor) -> Tensor:\n"
      "    a = x[:, :, :, :{0}].float()\n"
      "    b = x[:, :, :, {0}:].float()\n"
      "    return torch.cat([a * turn[0] - b * turn[1], b * turn[0] + a * turn[1]], 3).to(x.dtype)\n",
      shape.width / shape.heads / 2);
}

/// A norm before a product with `weight`, if it has a name.
std::string inner_norm_source(const char* name, const char* as, const char* weight, std::int64_t width,
                              const BlockShape& shape) {
  if (name == nullptr) return {};
  return fmt::format("    h = {}.to(self.{}.dtype)\n", norm_call(as, "h.float()", width, shape.epsilon), weight);
}

std::string attention_source(const BlockShape& shape, const BlockNames& names) {
  auto source = head_source(shape, "query", shape.biases.query) + head_source(shape, "key", shape.biases.key) +
                head_source(shape, "value", shape.biases.value);
  if (is_turned(shape)) source += "    query = self.turned(query, turn)\n    key = self.turned(key, turn)\n";
  // Scales the query, not the scores: 16 bits do not overflow then.
  const auto scale = 1.0 / std::sqrt(double(shape.width) / double(shape.heads));
  source += fmt::format("    scores = torch.matmul(query * {}, key.transpose(2, 3)){}\n", scale,
                        shape.masked ? " + mask" : "");
  source += "    h = torch.matmul(torch.softmax(scores, -1), value).transpose(1, 2).reshape(n, t, d)\n";
  source += inner_norm_source(names.attended_norm, "attended_norm", "output_weight", shape.width, shape);
  return source + fmt::format("    h = {}\n", linear_call("output", "h", shape.biases.output));
}

std::string perceptron_source(const BlockShape& shape, const BlockNames& names) {
  const auto bias = shape.biases.perceptron;
  const auto enter = linear_call("enter", "h", bias), activation = activation_source(shape.activation);
  const auto inside = shape.gated ? fmt::format("    up = {}\n    h = {}\n    h = {}\n    h = h * up\n", enter,
                                                linear_call("gate", "h", bias), activation)
                                  : fmt::format("    h = {}\n    h = {}\n", enter, activation);
  return inside + inner_norm_source(names.hidden_norm, "hidden_norm", "leave_weight", shape.hidden, shape) +
         fmt::format("    h = {}\n", linear_call("leave", "h", bias));
}

const char* kind_method(const BlockShape& shape, const BlockNames& names) {
  if (names.attended_norm != nullptr || names.hidden_norm != nullptr) return normed_block_kind_method;
  return shape.gated || is_turned(shape) ? later_block_kind_method : block_kind_method;
}

std::string kind_source(const BlockShape& shape, const BlockNames& names) {
  return fmt::format("def {}(self) -> Tuple[int, float, str]:\n    return ({}, {:e}, \"{}\")\n",
                     kind_method(shape, names), shape.heads, shape.epsilon, shape.activation);
}

const char* parameters_of(const BlockShape& shape) {
  if (shape.masked) return ", mask: Tensor";
  return is_turned(shape) ? ", turn: Tensor" : "";
}

}  // namespace

/// The residual `x` and the norms are always in fp32: over many layers, 16 bits would round away small sums. Factors of
/// products have the weights' precision.
std::string block_source(const BlockShape& shape, const BlockNames& names) {
  const auto into = [](const char* weight, const std::string& value) {
    return fmt::format("{}.to(self.{}.dtype)", value, weight);
  };
  const auto add = [&](const char* scale) {
    return fmt::format("x + h.float(){}", names.scale1 != nullptr ? fmt::format(" * self.{}.float()", scale) : "");
  };
  return kind_source(shape, names) + turn_source(shape) +
         fmt::format(
             "def forward(self, x: Tensor{}) -> Tensor:\n"
             "    n = x.size(0)\n"
             "    t = x.size(1)\n"
             "    d = x.size(2)\n"
             "    h = {}\n{}"
             "    x = {}\n"
             "    h = {}\n{}"
             "    return {}\n",
             parameters_of(shape), into("query_weight", norm_call("norm1", "x", shape.width, shape.epsilon)),
             attention_source(shape, names), add("scale1"),
             into("enter_weight", norm_call("norm2", "x", shape.width, shape.epsilon)), perceptron_source(shape, names),
             add("scale2"));
}

}  // namespace matcher::model
