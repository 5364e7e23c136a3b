#include "matcher/config/model_expression.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "matcher/core/error.hpp"
#include "matcher/files/paths.hpp"

namespace matcher::config {
namespace {

constexpr auto example = "Write it as name, or as first:0.6+second:0.4";

double parse_weight(const std::string& text, const std::string& expression) {
  double weight = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), weight);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && weight > 0 && std::isfinite(weight)) return weight;
  throw Error(ErrorCode::usage,
              fmt::format("model \"{}\": the weight \"{}\" is not a positive number. {}", expression, text, example));
}

std::pair<std::string, double> parse_part(const std::string& part, const std::string& expression) {
  const auto colon = is_file(part) ? std::string::npos : part.rfind(':');
  const auto name = part.substr(0, colon);
  if (name.empty()) {
    throw Error(ErrorCode::usage, fmt::format("model \"{}\": a name is missing. {}", expression, example));
  }
  return {name, colon == std::string::npos ? 1.0 : parse_weight(part.substr(colon + 1), expression)};
}

}  // namespace

std::vector<std::pair<std::string, double>> parse_model_expression(const std::string& expression) {
  if (is_file(expression)) return {{expression, 1.0}};
  std::vector<std::pair<std::string, double>> parts;
  std::size_t at = 0;
  for (auto plus = expression.find('+'); plus != std::string::npos; plus = expression.find('+', at)) {
    parts.push_back(parse_part(expression.substr(at, plus - at), expression));
    at = plus + 1;
  }
  parts.push_back(parse_part(expression.substr(at), expression));
  return parts;
}

}  // namespace matcher::config
