#include "matcher/report/detection.hpp"

#include <fmt/format.h>

#include <cmath>

namespace matcher::report {
namespace {

std::string of_100(double share) { return fmt::format("{:.0f} of 100 photos", 100 * share); }

}  // namespace

std::string sentence(const Detection& d) {
  if (!std::isfinite(d.threshold.value)) return "Too few photos of unknown products: no threshold was found";
  return fmt::format(
      "With a threshold of {:.4f}, {} of catalogue products get no answer, and {} of other products get one",
      d.threshold.value, of_100(1 - d.accepted.value), of_100(d.false_alarms.value));
}

}  // namespace matcher::report
