#include "matcher/model/blocks/block.hpp"

#include <fmt/format.h>

#include <utility>

#include "matcher/model/blocks/block_source.hpp"
#include "matcher/model/blocks/taker.hpp"

namespace matcher::model {
namespace {

using Side = std::vector<std::int64_t>;

/// Takes rows of query or key. If rotary positions pair neighbours, the even rows come first: blocks pair halves.
void take_for_turn(Taker& taker, const BlockShape& shape, const std::string& as, const std::string& name, Side side,
                   Rows rows) {
  if (shape.rotary == Rotary::neighbours)
    taker.take_even_first(as, name, std::move(side), rows, shape.width / shape.heads);
  else
    taker.take_rows(as, name, std::move(side), rows);
}

/// Takes query, key and value from one tensor, whose sides are `side` after the first.
void take_joined(Taker& taker, const BlockShape& shape, const char* part, const char* name, const Side& side) {
  auto whole = side;
  whole.insert(whole.begin(), 3 * shape.width);
  take_for_turn(taker, shape, fmt::format("query_{}", part), name, whole, {0, shape.width});
  take_for_turn(taker, shape, fmt::format("key_{}", part), name, whole, {shape.width, shape.width});
  taker.take_rows(fmt::format("value_{}", part), name, whole, {2 * shape.width, shape.width});
}

/// Takes query or key.
void take_turned(Taker& taker, const BlockShape& shape, const std::string& as, const std::string& name, bool bias) {
  const Rows all{0, shape.width};
  take_for_turn(taker, shape, as + "_weight", name + ".weight", {shape.width, shape.width}, all);
  if (bias) take_for_turn(taker, shape, as + "_bias", name + ".bias", {shape.width}, all);
}

void take_attention(Taker& taker, const BlockShape& shape, const BlockNames& names) {
  const auto& biases = shape.biases;
  if (names.joined_weight != nullptr) {
    take_joined(taker, shape, "weight", names.joined_weight, {shape.width});
    if (names.query_bias != nullptr && biases.query)
      take_for_turn(taker, shape, "query_bias", names.query_bias, {shape.width}, {0, shape.width});
    if (names.value_bias != nullptr && biases.value) taker.take("value_bias", names.value_bias, {shape.width});
    if (names.joined_bias != nullptr && biases.query) take_joined(taker, shape, "bias", names.joined_bias, {});
  } else {
    take_turned(taker, shape, "query", names.query, biases.query);
    take_turned(taker, shape, "key", names.key, biases.key);
    taker.take_linear("value", names.value, shape.width, shape.width, biases.value);
  }
  taker.take_linear("output", names.output, shape.width, shape.width, biases.output);
}

void take_gate_and_enter(Taker& taker, const BlockShape& shape, const std::string& name) {
  for (const auto& [as, first] : {std::pair("gate", std::int64_t(0)), std::pair("enter", shape.hidden)}) {
    const Rows rows{first, shape.hidden};
    taker.take_rows(fmt::format("{}_weight", as), name + ".weight", {2 * shape.hidden, shape.width}, rows);
    if (shape.biases.perceptron) taker.take_rows(fmt::format("{}_bias", as), name + ".bias", {2 * shape.hidden}, rows);
  }
}

void take_perceptron(Taker& taker, const BlockShape& shape, const BlockNames& names) {
  const auto bias = shape.biases.perceptron;
  if (shape.gated && names.gate_and_enter != nullptr) {
    take_gate_and_enter(taker, shape, names.gate_and_enter);
  } else {
    if (shape.gated) taker.take_linear("gate", names.gate, shape.hidden, shape.width, bias);
    taker.take_linear("enter", names.enter, shape.hidden, shape.width, bias);
  }
  taker.take_linear("leave", names.leave, shape.width, shape.hidden, bias);
}

const char* arguments_of(const BlockShape& shape) {
  if (shape.masked) return "x, mask";
  return shape.rotary == Rotary::none ? "x" : "x, turn";
}

}  // namespace

Blueprint read_block(Checkpoint& checkpoint, const std::string& prefix, const BlockShape& shape,
                     const BlockNames& names) {
  Blueprint block;
  block.source = block_source(shape, names);
  Taker taker(checkpoint, block, prefix);
  taker.take_norm("norm1", names.norm1, shape.width);
  take_attention(taker, shape, names);
  taker.take_norm("norm2", names.norm2, shape.width);
  take_perceptron(taker, shape, names);
  if (names.attended_norm != nullptr) taker.take_norm("attended_norm", names.attended_norm, shape.width);
  if (names.hidden_norm != nullptr) taker.take_norm("hidden_norm", names.hidden_norm, shape.hidden);
  if (names.scale1 != nullptr) taker.take("scale1", names.scale1, {shape.width});
  if (names.scale2 != nullptr) taker.take("scale2", names.scale2, {shape.width});
  return block;
}

std::string add_blocks(Checkpoint& checkpoint, const std::string& prefix, std::int64_t count, const BlockShape& shape,
                       const BlockNames& names, Blueprint& into, const std::string& name) {
  std::string source;
  for (std::int64_t i = 0; i < count; ++i) {
    auto part = fmt::format("{}_{}", name, i);
    source += fmt::format("    x = self.{}.forward({})\n", part, arguments_of(shape));
    into.parts.push_back({std::move(part), read_block(checkpoint, fmt::format("{}{}.", prefix, i), shape, names)});
  }
  return source;
}

void check_heads(const Settings& settings, const BlockShape& shape, const std::string& heads,
                 const std::string& width) {
  if (shape.width % shape.heads != 0) settings.fail(heads, fmt::format("does not divide {} {}", width, shape.width));
}

}  // namespace matcher::model
