// Cells, columns and notes about speed trials.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "matcher/report/speed.hpp"

namespace matcher::report {

/// Names of the columns for people: images/s, ms per image and per search, peak memory.
std::vector<std::string> speed_titles();

/// A cell per title. The first one says "not measured" without a trial, and "not comparable" for one with a doubt.
std::vector<std::string> speed_cells(const std::optional<SpeedTrial>& trial, bool comparable);

/// The titles from the one that a narrow terminal leaves out first.
std::vector<std::string> minor_speed_titles();

/// Names of the columns for CSV, and their cells with every digit; empty cells without a trial.
std::vector<std::string> exact_speed_titles();
std::vector<std::string> exact_speed_cells(const std::optional<SpeedTrial>& trial, bool comparable);

/// The conditions of the first trial, the reason of every doubt, and the fastest model. `names` has one name per trial.
/// Empty without trials.
std::vector<std::string> speed_notes(std::span<const std::optional<SpeedTrial>> trials,
                                     std::span<const std::string> names);

}  // namespace matcher::report
