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

/// Calls `note` with each test and its corrected p (Holm, over all of them). `p_of` returns the p of one.
template <typename Tests, typename P, typename Note>
void correct(const Tests& all, const P& p_of, const Note& note) {
  std::vector<double> p;
  for (const auto* one : all) p.push_back(p_of(*one));
  const auto corrected = eval::holm(p);
  for (std::size_t i = 0; i < all.size(); ++i) note(*all[i], corrected[i]);
}

/// Corrects p_beyond over `all` (Holm), then calls `note` with each.
template <typename Tests, typename Note>
void correct(const Tests& all, const Note& note) {
  correct(
      all, [](const auto& one) { return one.test.p_beyond; },
      [&](auto& one, double p) {
        one.p_beyond_corrected = p;
        note(one);
      });
}

/// Pointers to all elements.
template <typename One>
std::vector<One*> pointers_to(std::vector<One>& all) {
  std::vector<One*> pointers;
  for (auto& one : all) pointers.push_back(&one);
  return pointers;
}

}  // namespace matcher::run
