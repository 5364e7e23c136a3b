#include "matcher/refine/steps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::refine {
namespace {

std::string form_of(const Step& step) {
  if (!step.takes_value()) return step.name;
  return step.usual > 0 ? fmt::format("{}[={}]", step.name, step.usual) : fmt::format("{}=N", step.name);
}

/// 0 if the text is not a number from 1 to `most`.
std::size_t parse_value(std::string_view text, std::size_t most) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value <= most ? value : 0;
}

[[noreturn]] void fail_value(const Step& step, std::string_view text) {
  if (!step.takes_value())
    throw Error(ErrorCode::usage, fmt::format("step \"{}\" takes no value; write {}", text, step.name));
  throw Error(ErrorCode::usage, fmt::format("step \"{}\" needs {} from 1 to {}; for example {}={}", text, step.value_is,
                                            step.most, step.name, step.usual > 0 ? step.usual : 5));
}

}  // namespace

#define MATCHER_ADDRESS(name) &name##_step,
std::span<const Step* const> steps() {
  static constexpr std::array all{MATCHER_STEPS(MATCHER_ADDRESS)};
  return all;
}
#undef MATCHER_ADDRESS

std::string step_forms() {
  std::vector<std::string> forms;
  for (const auto* step : steps()) forms.push_back(form_of(*step));
  return fmt::format("{}", fmt::join(forms, ", "));
}

std::optional<GivenStep> parse_step(std::string_view text) {
  const auto equals = text.find('=');
  const auto found =
      std::ranges::find(steps(), text.substr(0, equals), [](const Step* s) { return std::string_view(s->name); });
  if (found == steps().end()) return std::nullopt;
  const auto& step = **found;
  const bool has_value = equals != std::string_view::npos;
  if (!has_value && (!step.takes_value() || step.usual > 0)) return GivenStep{&step, step.usual};
  const auto value = has_value ? parse_value(text.substr(equals + 1), step.most) : 0;
  if (value == 0) fail_value(step, text);
  return GivenStep{&step, value};
}

Steps parse_steps(std::span<const std::string> texts) {
  Steps all;
  for (const auto& text : texts) {
    const auto given = parse_step(text);
    if (!given)
      throw Error(ErrorCode::mismatch,
                  fmt::format("the step \"{}\" is not one of this version ({}); use the version of "
                              "matcher that made it",
                              text, step_forms()));
    all.push_back(*given);
  }
  return all;
}

std::string to_string(const GivenStep& given) {
  const auto& step = *given.step;
  return step.takes_value() && given.value != step.usual ? fmt::format("{}={}", step.name, given.value) : step.name;
}

std::vector<std::string> to_strings(std::span<const GivenStep> given) {
  std::vector<std::string> texts;
  for (const auto& step : given) texts.push_back(to_string(step));
  return texts;
}

std::string suffix_of(std::span<const GivenStep> given) {
  std::string suffix;
  for (const auto& step : given) suffix += "@" + to_string(step);
  return suffix;
}

std::string steps_fingerprint(const std::string& fingerprint, std::span<const GivenStep> given) {
  if (given.empty()) return fingerprint;
  Hasher hasher;
  hasher.field(salt::steps).field(fingerprint);
  for (const auto& step : given) hasher.field(to_string(step));
  return hasher.hex();
}

std::size_t dimension_after(std::span<const GivenStep> given, std::size_t d) {
  for (const auto& [step, value] : given) {
    if (step->maps_queries() && step->takes_value()) d = value;
  }
  return d;
}

}  // namespace matcher::refine
