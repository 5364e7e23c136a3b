// Takes tensors from a checkpoint into the weights of a module.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/model/checkpoint/checkpoint.hpp"
#include "matcher/model/network/blueprint.hpp"

namespace matcher::model {

class Taker {
 public:
  /// Borrows both; they must outlive the taker.
  Taker(Checkpoint& checkpoint, Blueprint& into, std::string prefix)
      : checkpoint_(checkpoint), into_(into), prefix_(std::move(prefix)) {}

  /// Takes the checkpoint's `<prefix><name>` as the weight `as`.
  void take(const std::string& as, const std::string& name, const std::vector<std::int64_t>& shape);
  /// Takes `<name>.weight` [out, in] and `<name>.bias` [out] as `<as>_weight` and `<as>_bias`.
  void take_linear(const std::string& as, const std::string& name, std::int64_t out, std::int64_t in, bool bias = true);
  /// Takes `<name>.weight` and `<name>.bias`, both [d], as `<as>_weight` and `<as>_bias`.
  void take_norm(const std::string& as, const std::string& name, std::int64_t d);

 private:
  Checkpoint& checkpoint_;
  Blueprint& into_;
  std::string prefix_;
};

}  // namespace matcher::model
