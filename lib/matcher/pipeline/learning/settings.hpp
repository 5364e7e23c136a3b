// The settings that adapt chooses from, and how it explains its choice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "matcher/pipeline/learning/choose.hpp"

namespace matcher::pipeline {

/// Settings that the user gave; none: chosen, or the default.
struct GivenSettings {
  std::optional<double> shrinkage, power;
  std::optional<std::size_t> dimension;
};

/// Throws Error(usage) for a setting that the method does not take.
void check_given(const refine::Method& method, const GivenSettings& given);

/// All settings that the given ones leave open, the default first. `most` is the largest dimension.
std::vector<FitSettings> list_settings(const refine::Method& method, const GivenSettings& given, std::size_t most);

/// "shrinkage 0.3, 256 dimensions".
std::string describe(const refine::Method& method, const FitSettings& setting);

/// Why a choice among `count` settings is what it is.
std::string explain(const refine::Method& method, const Choice& choice, std::size_t count);

}  // namespace matcher::pipeline
