#include "matcher/model/torch/first_token.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace matcher::model {
namespace {

using torch::jit::Node;
using torch::jit::Value;

bool is_constant(const Node* node, std::size_t input, std::int64_t number) {
  const auto value = torch::jit::toIValue(node->input(input));
  return value && value->isInt() && value->toInt() == number;
}

bool is_left_out(const Node* node, std::size_t input) {
  const auto value = torch::jit::toIValue(node->input(input));
  return value && value->isNone();
}

/// Returns the only node that uses `value`, if it is a call of `kind`; otherwise nullptr.
const Node* only_user(const Value* value, c10::Symbol kind) {
  const auto& uses = value->uses();
  return uses.size() == 1 && uses[0].user->kind() == kind && uses[0].offset == 0 ? uses[0].user : nullptr;
}

/// True for `value[:, 0]`: a slice of everything, then a selection.
bool is_first_token(const Value* value) {
  const auto* all = only_user(value, c10::aten::slice);
  if (all == nullptr || all->inputs().size() != 5 || !is_constant(all, 1, 0) || !is_constant(all, 4, 1)) return false;
  if (!is_left_out(all, 2) && !is_constant(all, 2, 0)) return false;
  if (!is_left_out(all, 3) && !is_constant(all, 3, std::numeric_limits<std::int64_t>::max())) return false;
  const auto* first = only_user(all->output(), c10::aten::select);
  return first != nullptr && first->inputs().size() == 3 && is_constant(first, 1, 1) && is_constant(first, 2, 0);
}

/// True if `node` reads the part `block`, as `self.block`.
bool reads(const Node* node, const std::string& block) {
  return node->kind() == c10::prim::GetAttr && node->s(c10::attr::name) == block;
}

bool calls_for_first_token(const torch::jit::Use& use) {
  return use.user->kind() == c10::prim::CallMethod && use.offset == 0 && is_first_token(use.user->output());
}

}  // namespace

bool takes_first_token_only(const torch::jit::Module& module, const std::string& block) {
  bool is_called = false;
  for (const auto& method : module.get_methods()) {
    for (const auto* node : method.graph()->nodes()) {
      if (!reads(node, block)) continue;
      if (!std::ranges::all_of(node->output()->uses(), calls_for_first_token)) return false;
      is_called = true;
    }
  }
  return is_called;
}

}  // namespace matcher::model
