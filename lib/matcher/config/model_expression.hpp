// Parses the value of --model: one model, or an ensemble with weights.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace matcher::config {

/// "a:0.6+b:0.4" -> {{"a", 0.6}, {"b", 0.4}}: names or paths joined by '+', each with an optional positive weight
/// (default 1). The path of an existing file may hold '+' and ':' itself. Throws Error(usage).
std::vector<std::pair<std::string, double>> parse_model_expression(const std::string& expression);

}  // namespace matcher::config
