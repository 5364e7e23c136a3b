#include "matcher/report/answers.hpp"

#include <fmt/format.h>

namespace matcher::report {

const std::string& name_of(const Answer& answer) { return answer.label.empty() ? answer.id : answer.label; }

std::string describe_rejection(const QueryAnswers& query, const Answers& answers) {
  const auto& nearest = query.rejected.value();
  const auto margin = query.margin ? fmt::format("; margin {:.4f}", *query.margin) : "";
  return fmt::format("nearest: {}, {:.4f}{}; threshold {:.4f} from {}", name_of(nearest), nearest.score, margin,
                     answers.threshold.value(), answers.threshold_from);
}

}  // namespace matcher::report
