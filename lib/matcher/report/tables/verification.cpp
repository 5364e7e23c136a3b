#include "matcher/report/verification.hpp"

#include <fmt/format.h>

#include "matcher/report/tables.hpp"

namespace matcher::report {

Table table_of(const Verification& v, Format format) {
  const bool csv = format == Format::csv;  // with every digit
  return {{},
          {"model", "compared with", "samples", "dim", "cosine", "largest difference", "precision", "device",
           "ms an image", "verdict"},
          {{v.model.name, v.compared_with, fmt::format("{}", v.samples), fmt::format("{}", v.model.dimension),
            fmt::format(fmt::runtime(csv ? "{}" : "{:.8f}"), v.cosine),
            fmt::format(fmt::runtime(csv ? "{}" : "{:.1e}"), v.largest_difference), v.model.precision, v.model.device,
            fmt::format(fmt::runtime(csv ? "{}" : "{:.1f}"), v.milliseconds_per_image),
            v.passed() ? "the same" : "NOT the same"}},
          {}};
}

}  // namespace matcher::report
