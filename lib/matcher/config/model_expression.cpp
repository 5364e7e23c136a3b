#include "matcher/config/model_expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

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

using Members = std::vector<std::pair<std::string, double>>;

Members parse_members(const std::string& text, const std::string& expression) {
  Members members;
  std::size_t at = 0;
  for (auto plus = text.find('+'); plus != std::string::npos; plus = text.find('+', at)) {
    members.push_back(parse_part(text.substr(at, plus - at), expression));
    at = plus + 1;
  }
  members.push_back(parse_part(text.substr(at), expression));
  return members;
}

bool is_of_images(const refine::GivenStep& given) { return given.step->stage < refine::Stage::gallery; }

/// Splits steps into those of images, in a suffix, and the later ones.
std::pair<std::string, refine::Steps> split_steps(const refine::Steps& steps) {
  const auto later = std::ranges::find_if_not(steps, is_of_images);
  return {refine::suffix_of({steps.begin(), later}), {later, steps.end()}};
}

/// "(a+b)@flip" -> "a+b" and flip; nothing if the expression is not of this form.
std::optional<SteppedName> take_brackets(const std::string& expression) {
  if (!expression.starts_with('(')) return std::nullopt;
  auto outer = take_steps(expression);
  if (outer.name.size() < 3 || outer.name.back() != ')') {
    throw Error(ErrorCode::usage, fmt::format("model \"{}\": a bracket is not closed, or an unknown step follows it. "
                                              "Write it as (first+second)@step, with steps such as {}",
                                              expression, refine::step_forms()));
  }
  outer.name = outer.name.substr(1, outer.name.size() - 2);
  return outer;
}

[[noreturn]] void fail_in_ensemble(const std::string& expression, const refine::GivenStep& given) {
  throw Error(ErrorCode::usage,
              fmt::format("model \"{}\": step {} changes a whole ensemble, not a member. Write (first+second)@{}",
                          expression, refine::to_string(given), refine::to_string(given)));
}

}  // namespace

SteppedName take_steps(const std::string& name) {
  SteppedName left{name, {}};
  for (auto at = left.name.rfind('@'); at != std::string::npos && at > 0 && !is_file(left.name);
       at = left.name.rfind('@')) {
    const auto given = refine::parse_step(std::string_view(left.name).substr(at + 1));
    if (!given) break;
    if (std::ranges::find(left.steps, given->step, &refine::GivenStep::step) != left.steps.end())
      throw Error(ErrorCode::usage, fmt::format("model \"{}\": step {} is given twice", name, given->step->name));
    left.steps.insert(left.steps.begin(), *given);
    left.name.resize(at);
  }
  std::ranges::stable_sort(left.steps, {}, [](const auto& given) { return given.step->stage; });
  return left;
}

ModelExpression parse_model_expression(const std::string& expression) {
  if (is_file(expression)) return {{{expression, 1.0}}, {}};
  const auto brackets = take_brackets(expression);
  auto [of_images, later] = split_steps(brackets ? brackets->steps : refine::Steps());
  ModelExpression parsed{parse_members(brackets ? brackets->name : expression, expression), std::move(later)};
  for (auto& [name, weight] : parsed.members) {
    const auto [plain, steps] = take_steps(name);
    const auto own = split_steps(steps);
    if (!own.second.empty() && (brackets || parsed.members.size() > 1)) fail_in_ensemble(expression, own.second[0]);
    name = fmt::format("{}{}{}", plain, own.first, of_images);
    if (!own.second.empty()) parsed.steps = own.second;
  }
  return parsed;
}

}  // namespace matcher::config
