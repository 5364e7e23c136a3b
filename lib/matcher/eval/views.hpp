// Ranks products by several photos: aggregates of scores and random choices of photos. Pure functions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/estimate.hpp"

namespace matcher::eval {

/// How the scores of several photos become one.
struct Aggregate {
  enum class Kind { best, mean, best_m };
  Kind kind = Kind::best;
  std::size_t m = 1;  ///< scores that best_m averages, largest first; all of them if there are fewer
};

/// "best", "mean" or "best-<m>", for example "best-3". Throws Error(usage).
Aggregate parse_aggregate(const std::string& text);
std::string name_of(const Aggregate& how);

/// The aggregate of one or more scores.
double aggregate(std::span<const float> scores, const Aggregate& how);

/// Row numbers by group: the photos of each product.
using PhotoGroups = std::vector<std::vector<std::uint32_t>>;

/// Every group in a random order (Fisher and Yates). The same seed gives the same order on every platform.
PhotoGroups shuffled(PhotoGroups groups, std::uint64_t seed);

/// A group cut into sets of `count` rows, the remainder left out; a smaller group is one set.
std::vector<std::span<const std::uint32_t>> sets_of(std::span<const std::uint32_t> group, std::size_t count);

/// The score of a product without photos: below every cosine.
inline constexpr float no_score = -2;

/// The score of each product for one query, [products]: the aggregate over its first `count` rows outside `self`, or
/// no_score. `scores` are those of the rows.
std::vector<float> product_scores(std::span<const float> scores, const PhotoGroups& products,
                                  std::span<const std::uint32_t> self, std::size_t count, const Aggregate& how);

/// The aggregate of each product's scores over several query photos, [products], from [photos][products]. Leaves out
/// photos that have no_score for a product.
std::vector<float> over_photos(std::span<const std::span<const float>> scores, const Aggregate& how);

/// The rank of product `right`, from 1; equal scores are in the order of the products. 0: it has no_score.
std::size_t product_rank(std::span<const float> scores, std::size_t right);

/// The mean of a metric over random choices, and the interval that holds 95 % of the choices. Needs one value or more.
Estimate over_choices(std::vector<double> values);

}  // namespace matcher::eval
