// Folds of a sample: whole products, or whole series of photos.
#pragma once

#include <cstdint>
#include <vector>

#include "matcher/pipeline/learning/sample.hpp"
#include "matcher/refine/scatter.hpp"

namespace matcher::pipeline {

/// A number of folds, and the fold of each photo.
struct Folds {
  std::vector<std::uint32_t> of_row;
  std::size_t count = 0;
};

/// Photos of one product are in one fold. At most five folds, each with two products if there are as many.
Folds fold_products(const Sample& sample);

/// The number of folds of fold_series().
inline constexpr std::size_t series_folds = 5;

/// Photos of one series are in one fold; the series of a product are spread over the folds.
Folds fold_series(const Sample& sample);

/// The sums of each fold, [folds].
std::vector<refine::Scatter> scatter_by_fold(const Sample& sample, const Folds& folds);

/// The sums of all folds but one.
refine::Scatter scatter_without(const std::vector<refine::Scatter>& by_fold, std::size_t fold);

/// The rows of a fold.
std::vector<std::uint32_t> rows_of_fold(const Sample& sample, const Folds& folds, std::size_t fold);
std::vector<std::uint32_t> rows_outside(const Sample& sample, const Folds& folds, std::size_t fold);

}  // namespace matcher::pipeline
