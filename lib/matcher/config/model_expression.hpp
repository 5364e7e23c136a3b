// Parses the value of --model: one model, or an ensemble with weights, and the steps of a variant.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "matcher/refine/steps.hpp"

namespace matcher::config {

struct ModelExpression {
  /// Names or paths with their weights. A name keeps the steps that belong to its images, as in "a@fast@flip".
  std::vector<std::pair<std::string, double>> members;
  refine::Steps steps;  ///< the steps after embedding, in the order in which they are done
};

/// "a:0.6+b:0.4" -> {{"a", 0.6}, {"b", 0.4}}: names or paths joined by '+', each with an optional positive weight
/// (default 1). "a@flip@dba=5" is a variant of a, and "(a+b)@flip@dba=5" of an ensemble. The path of an existing file
/// may hold these signs itself. Throws Error(usage).
ModelExpression parse_model_expression(const std::string& expression);

/// A name, and the steps at its end.
struct SteppedName {
  std::string name;
  refine::Steps steps;
};

/// Takes the steps off: "a@flip" -> "a" and flip. Unknown ones stay part of the name. Throws Error(usage) for a step
/// with a wrong value, and for one that is given twice.
SteppedName take_steps(const std::string& name);

}  // namespace matcher::config
