#include "matcher/model/blocks/vision.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "matcher/model/blocks/source.hpp"
#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

/// Puts 1 before the sides of batched tensors.
std::vector<std::int64_t> sides(const VisionNames& names, std::vector<std::int64_t> shape) {
  if (names.batched) shape.insert(shape.begin(), 1);
  return shape;
}

void take_tokens(Taker& taker, const VisionShape& shape, const VisionNames& names) {
  const auto d = shape.block.width;
  if (names.class_token != nullptr)
    taker.take("class_token", names.class_token,
               names.batched ? std::vector{std::int64_t(1), std::int64_t(1), d} : std::vector{d});
  if (shape.registers > 0) taker.take("registers", names.registers, {1, shape.registers, d});
  if (names.positions == nullptr) return;
  const auto own = names.class_token != nullptr && shape.class_position ? 1 : 0;
  taker.take("positions", names.positions, sides(names, {shape.side * shape.side + own, d}));
}

void take_weights(Taker& taker, const VisionShape& shape, const VisionNames& names) {
  const auto d = shape.block.width;
  const std::string patch = names.patch;
  take_tokens(taker, shape, names);
  taker.take("patch_weight", patch + ".weight", {d, 3, shape.patch, shape.patch});
  if (shape.patch_bias) taker.take("patch_bias", patch + ".bias", {d});
  if (names.norm_before != nullptr) taker.take_norm("norm_before", names.norm_before, d);
  taker.take_norm("norm_after", names.norm, d);
}

const char* class_token = "self.class_token.float().expand(n, 1, -1)";
const char* registers = "self.registers.float().expand(n, -1, -1)";

std::string joined(const std::vector<std::string>& tokens) {
  return tokens.size() == 1 ? std::string() : fmt::format("    x = torch.cat([{}], 1)\n", fmt::join(tokens, ", "));
}

/// Adds positions to the patches and, where it has one, to the class token; then puts the registers between both.
std::string tokens_source(const VisionShape& shape, const VisionNames& names) {
  const auto add = names.positions == nullptr ? std::string() : fmt::format("    x = x + {}\n", shape.positions_call);
  const bool has_class = names.class_token != nullptr;
  if (has_class && shape.class_position && names.positions != nullptr) {
    const auto all = joined({class_token, "x"}) + add;
    return shape.registers == 0 ? all : all + joined({"x[:, :1]", registers, "x[:, 1:]"});
  }
  std::vector<std::string> tokens;
  if (has_class) tokens.emplace_back(class_token);
  if (shape.registers > 0) tokens.emplace_back(registers);
  tokens.emplace_back("x");
  return add + joined(tokens);
}

std::string pooled_source(const VisionShape& shape, const VisionNames& names) {
  const auto norm = [&](const std::string& value) {
    return norm_call("norm_after", value, shape.block.width, shape.block.epsilon);
  };
  const auto front = shape.registers + (names.class_token != nullptr ? 1 : 0);
  switch (shape.pooled) {
    case Pooled::mean:
      return fmt::format("{}[:, {}:].mean(1)", norm("x"), front);
    case Pooled::normalised_mean:
      return norm(fmt::format("x[:, {}:].mean(1)", front));
    case Pooled::attention:
      return fmt::format("self.{}({})", pool_method, norm("x"));
    case Pooled::first:
      break;
  }
  return norm("x[:, 0]");
}

std::string forward_source(const VisionShape& shape, const VisionNames& names, const std::string& blocks,
                           bool projected) {
  const auto before =
      names.norm_before == nullptr
          ? std::string()
          : fmt::format("    x = {}\n", norm_call("norm_before", "x", shape.block.width, shape.block.epsilon));
  const auto turn = !shape.rotary ? std::string()
                                  : fmt::format("    turn = self.{0}(images.size(2) // {1}, images.size(3) // {1})\n",
                                                turns_method, shape.patch);
  const auto vector = pooled_source(shape, names);
  return fmt::format(
      "def forward(self, images: Tensor) -> Tensor:\n"
      "    n = images.size(0)\n"
      "    x = self.{}(images)\n"
      "{}{}{}{}"
      "    return {}\n",
      patches_method, tokens_source(shape, names), before, turn, blocks,
      projected ? fmt::format("self.{}({})", project_method, vector) : vector);
}

}  // namespace

void take_projection(Checkpoint& checkpoint, const Projection& projection, std::int64_t width, const std::string& as,
                     Blueprint& network) {
  Taker taker(checkpoint, network, "");
  if (projection.transposed)
    taker.take_transposed(as + "_weight", projection.name, width, projection.dimension);
  else
    taker.take_linear(as, projection.name, projection.dimension, width, projection.bias);
}

void add_vision(Checkpoint& checkpoint, const std::string& prefix, const VisionShape& shape, const VisionNames& names,
                const std::optional<Projection>& projection, Blueprint& network) {
  Taker taker(checkpoint, network, prefix);
  take_weights(taker, shape, names);
  network.source += patches_source(shape.patch, shape.patch_bias);
  if (shape.rotary) network.source += turns_source(*shape.rotary);
  if (projection) {
    take_projection(checkpoint, *projection, shape.block.width, "project", network);
    network.source += project_source(project_method, "project", projection->bias);
  }
  const auto blocks =
      add_blocks(checkpoint, prefix + names.blocks, shape.layers, shape.block, names.block, network, "block");
  network.source += forward_source(shape, names, blocks, projection.has_value());
}

void check_channels(const Settings& settings, const std::string& key) {
  if (const auto channels = settings.whole(key, 3); channels != 3)
    settings.refuse(key, fmt::format("is {}, but matcher embeds images of 3", channels), build_in_python);
}

std::string summarise(const VisionShape& shape) {
  const auto text = fmt::format("{} layers of {}, patches of {}", shape.layers, shape.block.width, shape.patch);
  return shape.registers == 0 ? text : fmt::format("{}, {} registers", text, shape.registers);
}

}  // namespace matcher::model
