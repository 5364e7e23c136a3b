// Parts that the checks of a gate share.
#pragma once

#include <string>
#include <vector>

#include "matcher/eval/gate.hpp"
#include "matcher/run/measure.hpp"

namespace matcher::run {

/// The values of a metric, one per query. The run was measured with it.
const std::vector<double>& values_of(const MeasuredRun& measured, const std::string& metric);

/// The same known model and index: with equal values there is nothing to sample.
bool is_same_model(const MeasuredRun& run, const MeasuredRun& baseline);

/// Corrects p_beyond over `all` (Holm), then calls `note` with each.
template <typename Tests, typename Note>
void correct(const Tests& all, const Note& note) {
  std::vector<double> p;
  for (const auto* one : all) p.push_back(one->test.p_beyond);
  const auto corrected = eval::holm(p);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i]->p_beyond_corrected = corrected[i];
    note(*all[i]);
  }
}

/// Pointers to all elements.
template <typename One>
std::vector<One*> pointers_to(std::vector<One>& all) {
  std::vector<One*> pointers;
  for (auto& one : all) pointers.push_back(&one);
  return pointers;
}

}  // namespace matcher::run
