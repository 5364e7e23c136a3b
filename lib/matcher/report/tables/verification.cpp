#include "matcher/report/verification.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const Verification& v, Format) {
  return {{},
          {"model", "compared with", "samples", "dim", "cosine", "largest difference", "precision", "device",
           "ms an image", "verdict"},
          {{v.model.name, v.compared_with, fmt::format("{}", v.samples), fmt::format("{}", v.model.dimension),
            fmt::format("{:.8f}", v.cosine), fmt::format("{:.1e}", v.largest_difference), v.model.precision,
            v.model.device, fmt::format("{:.1f}", v.milliseconds_per_image), v.passed() ? "the same" : "NOT the same"}},
          {}};
}

}  // namespace matcher::report
