// Draws queries, or groups of queries, again: the bootstrap of a mean (Efron 1979).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/eval/estimate.hpp"

namespace matcher::eval {

/// The unit that intervals take to be independent.
enum class Resample {
  query,
  label  ///< all queries of a label together
};

/// "query" or "label". Throws Error(usage).
Resample parse_resample(const std::string& text);
const char* name_of(Resample resample);

/// The group of each query, from 0. A group is drawn as a whole, because photos of one product are right or wrong
/// together. Empty: each query is drawn by itself.
using Groups = std::span<const std::uint32_t>;

/// One group per label, numbered in the order of their first query.
std::vector<std::uint32_t> groups_by(std::span<const std::string_view> labels);

double mean_of(std::span<const double> values);

/// The standard error of the mean of independent queries, or of independent groups. For groups it is that of the ratio
/// estimator: the sizes of the groups are random too (Cochran 1977, section 6.3). 0 for no values.
double standard_error(std::span<const double> values, Groups groups = {});

/// Sorted means of `count` samples of queries, or of whole groups, drawn with replacement. The same seed gives the same
/// means on every platform. Empty above 50 million draws: use the normal distribution, their limit.
std::vector<double> resampled_means(std::span<const double> values, Groups groups, std::size_t count,
                                    std::uint64_t seed);

/// The means of several series [series][query] over the same samples; faster than one call per series. Uses all
/// threads; the number of threads does not change the result.
std::vector<std::vector<double>> resampled_means(std::span<const std::vector<double>> series, Groups groups,
                                                 std::size_t count, std::uint64_t seed);

/// The q-quantile, linear between order statistics as in numpy.percentile. `sorted` is not empty.
double quantile(std::span<const double> sorted, double q);

/// The z that a standard normal exceeds with probability `tail`: 1.96 for 0.025.
double normal_quantile(double tail);
double normal_tail(double z);  ///< P(Z >= z)

/// bootstrap_mean of estimate.hpp that draws whole groups.
Estimate bootstrap_mean(std::span<const double> values, Groups groups, double confidence = 0.95,
                        std::size_t resamples = 1000, std::uint64_t seed = 1);

}  // namespace matcher::eval
