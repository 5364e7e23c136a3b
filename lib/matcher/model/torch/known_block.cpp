#include "matcher/model/torch/known_block.hpp"

#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/first_token.hpp"

namespace matcher::model {

namespace {

/// Returns the name of the second argument of `forward`; "" if there is none.
std::string second_argument(const torch::jit::Module& part) {
  const auto schema = part.get_method("forward").function().getSchema();
  return schema.arguments().size() < 3 ? std::string() : schema.arguments()[2].name();
}

/// Returns the name of the method that says how the block is built; nullptr if it has none.
const char* find_kind_method(const torch::jit::Module& part) {
  for (const auto* method : {block_kind_method, later_block_kind_method, normed_block_kind_method})
    if (part.find_method(method)) return method;
  return nullptr;
}

}  // namespace

std::optional<KnownBlock> known_block(const torch::jit::Module& module, const std::string& name,
                                      const torch::jit::Module& part) {
  const auto* method = find_kind_method(part);
  if (method == nullptr) return std::nullopt;
  const auto kind = part.get_method(method)({}).toTuple();
  const auto& elements = kind->elements();
  const auto second = second_argument(part);
  return KnownBlock{.module = part,
                    .heads = elements[0].toInt(),
                    .epsilon = elements[1].toDouble(),
                    .activation = elements[2].toStringRef(),
                    .masked = second == "mask",
                    .turned = second == "turn",
                    .gated = part.hasattr("gate_weight"),
                    .normed_inside = part.hasattr("attended_norm_weight") || part.hasattr("hidden_norm_weight"),
                    .of_text = name.starts_with(text_block),
                    .first_token_only = takes_first_token_only(module, name)};
}

}  // namespace matcher::model
