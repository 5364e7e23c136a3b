#include "matcher/run/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"

namespace matcher::run {
namespace {

MetricLimit parse_limit(const std::string& text, const std::string& flag) {
  const auto equals = text.find('=');
  MetricLimit limit{text.substr(0, equals), -1};
  const char* end = text.data() + text.size();
  if (equals != std::string::npos) {
    const auto [parsed, error] = std::from_chars(text.data() + equals + 1, end, limit.value);
    if (error == std::errc() && parsed == end && limit.value >= 0 && limit.value <= 1) return limit;
  }
  throw Error(
      ErrorCode::usage,
      fmt::format("{} \"{}\" is not METRIC=FRACTION with a fraction from 0 to 1, for example top1=0.05", flag, text));
}

}  // namespace

std::vector<MetricLimit> parse_limits(const std::string& text, const std::string& flag) {
  std::vector<MetricLimit> limits;
  for (std::size_t start = 0; start <= text.size();) {
    const auto end = std::min(text.find(',', start), text.size());
    limits.push_back(parse_limit(text.substr(start, end - start), flag));
    start = end + 1;
  }
  return limits;
}

void check_limits(std::span<const MetricLimit> limits, const std::vector<std::string>& metrics,
                  const std::string& flag) {
  for (const auto& limit : limits) {
    if (std::ranges::count(metrics, limit.metric)) continue;
    const bool typo = !nearest_name(limit.metric, metrics).empty();
    throw Error(ErrorCode::usage, fmt::format("{} names the metric \"{}\", which is not evaluated ({}){}", flag,
                                              limit.metric, fmt::join(metrics, ","),
                                              typo ? name_hint(limit.metric, metrics) : "; add it to --metrics"));
  }
}

std::vector<std::string> failed_limits(const report::Metrics& metrics, std::span<const MetricLimit> limits) {
  std::vector<std::string> failed;
  for (const auto& limit : limits) {
    const auto value = report::find_metric(metrics, limit.metric)->value;
    if (value < limit.value) failed.push_back(fmt::format("{} is {:.4f}, below {}", limit.metric, value, limit.value));
  }
  return failed;
}

}  // namespace matcher::run
