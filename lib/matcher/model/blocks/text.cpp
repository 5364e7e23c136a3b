#include "matcher/model/blocks/text.hpp"

#include <fmt/format.h>

#include "matcher/model/blocks/source.hpp"
#include "matcher/model/blocks/taker.hpp"
#include "matcher/model/network/block_contract.hpp"

namespace matcher::model {
namespace {

std::string mask_source(const TextShape& shape) {
  if (!shape.block.masked) return {};
  return "    mask = torch.full([t, t], float('-inf'), dtype=self.text_tokens.dtype, device=x.device).triu(1)\n";
}

std::string encode_source(const TextShape& shape, const std::string& blocks, bool projected) {
  return fmt::format(
      "def {}(self, ids: Tensor) -> Tensor:\n"
      "    t = ids.size(1)\n"
      "    x = torch.embedding(self.text_tokens, ids).float() + self.text_positions[:t].float()\n"
      "{}{}"
      "    x = {}\n"
      "    x = {}\n"
      "    return {}\n",
      encode_text_method, mask_source(shape), blocks,
      norm_call("text_norm", "x", shape.block.width, shape.block.epsilon), shape.end,
      projected ? fmt::format("self.{}(x)", project_text_method) : "x");
}

}  // namespace

std::string token_at(const std::string& place) {
  return fmt::format("x[torch.arange(ids.size(0), device=ids.device), {}]", place);
}

void add_text(Checkpoint& checkpoint, const std::string& prefix, const TextShape& shape, const TextNames& names,
              const std::optional<Projection>& projection, Blueprint& network) {
  const auto width = shape.block.width;
  Taker taker(checkpoint, network, prefix);
  taker.take("text_tokens", names.tokens, {shape.vocabulary, width});
  taker.take(text_positions_weight, names.positions, {shape.length, width});
  taker.take_norm("text_norm", names.norm, width);
  if (projection) {
    take_projection(checkpoint, *projection, width, "project_text", network);
    network.source += project_source(project_text_method, "project_text", projection->bias);
  }
  const auto blocks =
      add_blocks(checkpoint, prefix + names.blocks, shape.layers, shape.block, names.block, network, text_block);
  network.source += encode_source(shape, blocks, projection.has_value());
}

}  // namespace matcher::model
