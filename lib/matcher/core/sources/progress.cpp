#include "matcher/core/progress.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/units.hpp"

namespace matcher {
namespace {

std::string describe_rate(double rate) { return fmt::format("{:.{}f} a second", rate, rate < 10 ? 1 : 0); }

}  // namespace

std::string describe(const Progress& p, double seconds) {
  const double rate = double(p.done - p.before) / std::max(seconds, 1e-9);
  if (p.total == 0) return fmt::format("{} {}, {}", p.stage, p.done, describe_rate(rate));
  auto line = fmt::format("{} {}/{}", p.stage, p.done, p.total);
  if (rate <= 0) return line;
  return fmt::format("{}, {}, {} left", line, describe_rate(rate),
                     human_seconds(double(p.total - std::min(p.done, p.total)) / rate));
}

}  // namespace matcher
