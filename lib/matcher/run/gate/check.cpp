#include "matcher/run/gate/check.hpp"

#include <algorithm>

namespace matcher::run {

const std::vector<double>& values_of(const MeasuredRun& measured, const std::string& metric) {
  const auto found = std::ranges::find(measured.metrics, metric, &eval::Metric::name);
  return measured.values.at(std::size_t(found - measured.metrics.begin()));
}

bool is_same_model(const MeasuredRun& run, const MeasuredRun& baseline) {
  const auto &now = run.run->report, &before = baseline.run->report;
  return !now.model.fingerprint.empty() && now.model.fingerprint == before.model.fingerprint &&
         now.index == before.index;
}

}  // namespace matcher::run
