#include "matcher/model/blocks/pool.hpp"

#include <fmt/format.h>

#include <cmath>

#include "matcher/model/blocks/activation.hpp"
#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

struct Part {
  const char* as;
  Rows rows;
};

void take_parts(Taker& taker, std::int64_t width, const std::string& weight, const std::string& bias,
                std::initializer_list<Part> parts) {
  const auto all = std::int64_t(parts.size()) * width;
  for (const auto& [as, rows] : parts) {
    taker.take_rows(fmt::format("pool_{}_weight", as), weight, {all, width}, rows);
    taker.take_rows(fmt::format("pool_{}_bias", as), bias, {all}, rows);
  }
}

void take_attention(Taker& taker, std::int64_t d, const PoolNames& names) {
  if (names.joined_weight != nullptr) {
    take_parts(taker, d, names.joined_weight, names.joined_bias,
               {{"query", {0, d}}, {"key", {d, d}}, {"value", {2 * d, d}}});
    return;
  }
  taker.take_linear("pool_query", names.query, d, d);
  const std::string both = names.key_and_value;
  take_parts(taker, d, both + ".weight", both + ".bias", {{"key", {0, d}}, {"value", {d, d}}});
}

std::string floats(const char* name, const char* value) {
  return fmt::format("torch.linear({0}, self.pool_{1}_weight.float(), self.pool_{1}_bias.float())", value, name);
}

/// Multiplies the keys' weights with the query instead of projecting every token: the same scores but for a constant,
/// which softmax removes. The values' weights follow the sum for the same reason.
std::string pool_source(const PoolShape& shape) {
  return fmt::format(
      "def {kind}(self) -> Tuple[int, float, str]:\n"
      "    return ({heads}, {epsilon:e}, \"{activation}\")\n"
      "def {method}(self, x: Tensor) -> Tensor:\n"
      "    query = {query}\n"
      "    key = torch.matmul(query.view({heads}, 1, {head}) * {scale}, "
      "self.pool_key_weight.float().view({heads}, {head}, {width})).view({heads}, {width})\n"
      "    shares = torch.softmax(torch.matmul(x, key.t()), 1)\n"
      "    sums = torch.matmul(shares.transpose(1, 2), x).transpose(0, 1)\n"
      "    value = self.pool_value_weight.float().view({heads}, {head}, {width}).transpose(1, 2)\n"
      "    h = torch.matmul(sums, value).transpose(0, 1).reshape(-1, {width}) + self.pool_value_bias.float()\n"
      "    y = {output}\n"
      "    h = torch.layer_norm(y, [{width}], self.pool_norm_weight.float(), self.pool_norm_bias.float(), "
      "{epsilon:e})\n"
      "    h = {enter}\n"
      "    h = {activate}\n"
      "    return y + {leave}\n",
      fmt::arg("kind", pool_kind_method), fmt::arg("method", pool_method), fmt::arg("heads", shape.heads),
      fmt::arg("head", shape.width / shape.heads), fmt::arg("width", shape.width), fmt::arg("epsilon", shape.epsilon),
      fmt::arg("activation", shape.activation),
      fmt::arg("scale", 1.0 / std::sqrt(double(shape.width) / double(shape.heads))),
      fmt::arg("query", floats("query", fmt::format("self.pool_probe.float().view(1, {})", shape.width).c_str())),
      fmt::arg("output", floats("output", "h")), fmt::arg("enter", floats("enter", "h")),
      fmt::arg("activate", activation_source(shape.activation)), fmt::arg("leave", floats("leave", "h")));
}

}  // namespace

void add_pool(Checkpoint& checkpoint, const std::string& prefix, const PoolShape& shape, const PoolNames& names,
              Blueprint& into) {
  Taker taker(checkpoint, into, prefix);
  taker.take("pool_probe", names.probe, {1, 1, shape.width});
  take_attention(taker, shape.width, names);
  taker.take_linear("pool_output", names.output, shape.width, shape.width);
  taker.take_norm("pool_norm", names.norm, shape.width);
  taker.take_linear("pool_enter", names.enter, shape.hidden, shape.width);
  taker.take_linear("pool_leave", names.leave, shape.width, shape.hidden);
  into.source += pool_source(shape);
}

}  // namespace matcher::model
