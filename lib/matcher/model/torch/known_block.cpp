#include "matcher/model/torch/known_block.hpp"

#include "matcher/model/network/block_contract.hpp"
#include "matcher/model/torch/first_token.hpp"

namespace matcher::model {

std::optional<KnownBlock> known_block(const torch::jit::Module& module, const std::string& name,
                                      const torch::jit::Module& part) {
  if (!part.find_method(block_kind_method)) return std::nullopt;
  const auto kind = part.get_method(block_kind_method)({}).toTuple();
  const auto& elements = kind->elements();
  const bool masked = part.get_method("forward").function().getSchema().arguments().size() == 3;
  return KnownBlock{part,
                    elements[0].toInt(),
                    elements[1].toDouble(),
                    elements[2].toStringRef(),
                    masked,
                    takes_first_token_only(module, name)};
}

}  // namespace matcher::model
