#include "matcher/pipeline/learning/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {
namespace {

constexpr double shrinkages[] = {0.03, 0.1, 0.3, 1, 3};
constexpr std::size_t dimensions[] = {32, 64, 128, 256, 512};
constexpr std::size_t default_dimension = 256;

void check_taken(bool is_given, bool is_taken, const char* flag, const refine::Method& method) {
  if (!is_given || is_taken) return;
  throw Error(ErrorCode::usage, fmt::format("{} is not a setting of --method {}; leave it out", flag, method.name));
}

std::vector<std::size_t> list_dimensions(const refine::Method& method, const GivenSettings& given, std::size_t most) {
  if (!method.takes_dimension) return {most};
  if (given.dimension) return {*given.dimension};
  std::vector<std::size_t> all;
  for (const auto dimension : dimensions) all.push_back(std::min(dimension, most));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::vector<double> list_shrinkages(const refine::Method& method, const GivenSettings& given) {
  if (given.shrinkage) return {*given.shrinkage};
  if (!method.takes_shrinkage) return {FitSettings().shrinkage};
  return {std::begin(shrinkages), std::end(shrinkages)};
}

std::string signed_gain(const eval::Gain& gain) {
  return fmt::format("mAP {:+.3f} [{:+.3f}, {:+.3f}], p={:.2g}", gain.value, gain.low, gain.high, gain.p_corrected);
}

}  // namespace

void check_given(const refine::Method& method, const GivenSettings& given) {
  check_taken(given.shrinkage.has_value(), method.takes_shrinkage, "--shrinkage", method);
  check_taken(given.power.has_value(), method.takes_power, "--power", method);
  check_taken(given.dimension.has_value(), method.takes_dimension, "--dimension", method);
}

std::vector<FitSettings> list_settings(const refine::Method& method, const GivenSettings& given, std::size_t most) {
  const FitSettings usual{
      .shrinkage = given.shrinkage.value_or(FitSettings().shrinkage),
      .power = given.power.value_or(FitSettings().power),
      .dimension = given.dimension.value_or(method.takes_dimension ? std::min(default_dimension, most) : most)};
  std::vector settings{usual};
  for (const auto shrinkage : list_shrinkages(method, given)) {
    for (const auto dimension : list_dimensions(method, given, most)) {
      if (shrinkage == usual.shrinkage && dimension == usual.dimension) continue;
      settings.push_back({.shrinkage = shrinkage, .power = usual.power, .dimension = dimension});
    }
  }
  return settings;
}

std::string describe(const refine::Method& method, const FitSettings& setting) {
  std::string text;
  if (method.takes_shrinkage) text += fmt::format("shrinkage {}, ", setting.shrinkage);
  if (method.takes_power) text += fmt::format("power {}, ", setting.power);
  return text + fmt::format("{} dimensions", setting.dimension);
}

std::string explain(const refine::Method& method, const Choice& choice, std::size_t count) {
  if (count == 1) return fmt::format("{}: nothing to choose", describe(method, choice.setting));
  if (choice.queries == 0) {
    return fmt::format("the default ({}), because no product has photos of two series to measure settings with",
                       describe(method, choice.setting));
  }
  const auto how =
      fmt::format("{} settings in folds of whole products, {} photos of the gallery", count, choice.queries);
  if (choice.is_best) {
    return fmt::format("chosen among {}: {} is shown to be better than the default ({})", how,
                       describe(method, choice.setting), signed_gain(choice.gain));
  }
  const auto used = describe(method, choice.setting), best = describe(method, choice.best);
  if (used == best) return fmt::format("the default ({}), the best of {}", used, how);
  return fmt::format("the default ({}), because {} cannot tell a better one apart (the best, {}: {})", used, how, best,
                     signed_gain(choice.gain));
}

}  // namespace matcher::pipeline
