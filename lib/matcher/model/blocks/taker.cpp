#include "matcher/model/blocks/taker.hpp"

namespace matcher::model {

void Taker::take(const std::string& as, const std::string& name, const std::vector<std::int64_t>& shape) {
  const auto& tensor = checkpoint_.take(prefix_ + name, shape);
  into_.weights.push_back({as, tensor.type, tensor.shape, tensor.bytes, true});
}

void Taker::take_linear(const std::string& as, const std::string& name, std::int64_t out, std::int64_t in, bool bias) {
  take(as + "_weight", name + ".weight", {out, in});
  if (bias) take(as + "_bias", name + ".bias", {out});
}

void Taker::take_norm(const std::string& as, const std::string& name, std::int64_t d) {
  take(as + "_weight", name + ".weight", {d});
  take(as + "_bias", name + ".bias", {d});
}

}  // namespace matcher::model
