#include "matcher/report/detection.hpp"

#include <fmt/format.h>

#include <cmath>

#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

std::string photos(double share, std::size_t queries) { return count_in_words(share, queries) + " photos"; }

}  // namespace

std::string sentence(const Detection& d) {
  if (!std::isfinite(d.threshold.value)) return "Too few photos of unknown products: no threshold was found";
  return fmt::format(
      "With a threshold of {:.4f}, {} of catalogue products get no answer, and {} of other products get one",
      d.threshold.value, photos(1 - d.accepted.value, d.known), photos(d.false_alarms.value, d.unknown));
}

}  // namespace matcher::report
