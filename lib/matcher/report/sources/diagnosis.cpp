#include "matcher/report/diagnosis.hpp"

#include <algorithm>

namespace matcher::report {

std::string to_string(Finding::State state) {
  switch (state) {
    case Finding::State::slow:
      return "warning";
    case Finding::State::broken:
      return "problem";
    case Finding::State::good:
      break;
  }
  return "ok";
}

bool Diagnosis::is_broken() const {
  return std::ranges::any_of(findings, [](const auto& found) { return found.state == Finding::State::broken; });
}

}  // namespace matcher::report
