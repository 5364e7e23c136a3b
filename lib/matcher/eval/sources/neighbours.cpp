#include "matcher/eval/neighbours.hpp"

namespace matcher::eval {

std::vector<std::size_t> count_labels(Labels labels) {
  std::vector<std::size_t> counts;
  for (const auto label : labels) {
    if (label == no_label) continue;
    if (label >= counts.size()) counts.resize(label + 1);
    ++counts[label];
  }
  return counts;
}

}  // namespace matcher::eval
