// Several photos of one product: aggregates of their scores, random choices among them, and ranks of products. Pure
// functions on plain data.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/metrics.hpp"

namespace matcher::eval {

/// How the scores of several photos become one: the best, the mean, or the mean of the best `m`.
struct Aggregate {
  enum class Kind { best, mean, best_m };
  Kind kind = Kind::best;
  std::size_t m = 1;  ///< of best_m; with fewer scores than m, their mean
};

/// "best", "mean" or "best-<m>", for example "best-3". Throws Error(usage) for anything else.
Aggregate parse_aggregate(const std::string& text);
std::string name_of(const Aggregate& how);

/// Of one or more scores.
double aggregate(std::span<const float> scores, const Aggregate& how);

/// Row numbers, group by group: the photos of each product.
using PhotoGroups = std::vector<std::vector<std::uint32_t>>;

/// Every group in a random order (Fisher and Yates), the same for the same seed on every platform.
PhotoGroups shuffled(PhotoGroups groups, std::uint64_t seed);

/// A group's rows cut into sets of `count`, without what is left over; a smaller group is one set.
std::vector<std::span<const std::uint32_t>> sets_of(std::span<const std::uint32_t> group, std::size_t count);

/// The score of a product nobody has a photo of.
inline constexpr float no_score = -2;  // below every cosine

/// The score of each product for one query, [products]: the aggregate over its first `count` rows that are not in
/// `self`, or no_score when there are none. `scores` are those of the rows.
std::vector<float> product_scores(std::span<const float> scores, const PhotoGroups& products,
                                  std::span<const std::uint32_t> self, std::size_t count, const Aggregate& how);

/// The aggregate of each product's scores over several query photos, [products], from [photos][products]; a photo that
/// has no_score for a product does not count for it.
std::vector<float> over_photos(std::span<const std::span<const float>> scores, const Aggregate& how);

/// The rank of product `right`, from 1, best first; equal scores in the order of the products; 0 when it has no_score.
std::size_t product_rank(std::span<const float> scores, std::size_t right);

/// The mean of a metric over random choices, and between which values 95 % of the choices lie (linear between order
/// statistics, as numpy.percentile). One value or more.
Estimate over_choices(std::vector<double> values);

}  // namespace matcher::eval
