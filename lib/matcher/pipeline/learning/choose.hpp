// Chooses shrinkage and dimension by folds of whole products inside a gallery.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "matcher/pipeline/learning/folds.hpp"
#include "matcher/pipeline/learning/outcome.hpp"
#include "matcher/refine/methods.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::pipeline {

using refine::FitSettings;

/// mAP of several settings on products that their maps did not see.
struct Trials {
  std::vector<FitSettings> settings;          ///< the documented default first
  std::vector<std::vector<Outcome>> by_fold;  ///< [setting][fold]
};

/// Learns every setting without each fold, and measures it inside that fold (measure_inside()). Calls `progress` for
/// each fold.
Trials try_settings(const Sample& sample, const refine::Method& method, const std::vector<FitSettings>& settings,
                    std::size_t threads, const std::function<void()>& progress);

/// Learns a map; its dimension is cut to what the sums allow.
refine::LinearMap learn(const refine::Method& method, const refine::Scatter& scatter, FitSettings setting);

/// Cuts unit vectors to their first `dimension` numbers, and scales them again.
Matrix shorten(MatrixView unit, std::size_t dimension);

/// Searches photos of a sample's rows among the photos of other series of these rows: the series of each product are
/// dealt into two halves, and each half is searched in the other. `unit` has a vector per row.
Outcome measure_inside(const Sample& sample, MatrixView unit, std::span<const std::uint32_t> rows,
                       std::span<const eval::Metric> metrics);

/// A chosen setting, and how sure the choice is.
struct Choice {
  FitSettings setting;      ///< the best if it is shown to be better than the default, otherwise the default
  bool is_best = false;     ///< the setting was chosen for its result
  FitSettings best;         ///< the setting with the best mean
  eval::Gain gain;          ///< gain of the best over the default; p is corrected for the number of settings
  std::size_t queries = 0;  ///< photos that decided; 0: no product has two series
};

/// Chooses by the folds other than `left_out`.
Choice choose(const Trials& trials, std::size_t left_out = SIZE_MAX);

}  // namespace matcher::pipeline
