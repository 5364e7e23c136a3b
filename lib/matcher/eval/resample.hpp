// What is drawn again: the bootstrap of a mean (Efron 1979), by query or by group of queries.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "matcher/eval/metrics.hpp"

namespace matcher::eval {

/// The group of each query, from 0; queries of a group are drawn together, since photos of one product are right or
/// wrong together. Empty: each query is drawn by itself.
using Groups = std::span<const std::uint32_t>;

/// A group for each different label, in the order they are first met.
std::vector<std::uint32_t> groups_by(std::span<const std::string_view> labels);

double mean_of(std::span<const double> values);

/// Of the mean of `values`: that of independent queries, or of independent groups (the ratio estimator: the sizes of
/// the groups are drawn with them; Cochran 1977, section 6.3). 0 for no values.
double standard_error(std::span<const double> values, Groups groups = {});

/// Sorted means of `count` samples of queries, or of whole groups, drawn with replacement: the same for the same seed
/// on every platform. Empty above 50 million draws, where the normal distribution they tend to takes their place.
std::vector<double> resampled_means(std::span<const double> values, Groups groups, std::size_t count,
                                    std::uint64_t seed);

/// The same of several series [series][query], all of the same samples: what each has alone, in less time. Draws on all
/// threads, whose number changes nothing.
std::vector<std::vector<double>> resampled_means(std::span<const std::vector<double>> series, Groups groups,
                                                 std::size_t count, std::uint64_t seed);

/// Linear between order statistics, as numpy.percentile. `sorted` is not empty.
double quantile(std::span<const double> sorted, double q);

/// The z that a standard normal exceeds with probability `tail`: 1.96 for 0.025.
double normal_quantile(double tail);
double normal_tail(double z);  ///< P(Z >= z)

/// bootstrap_mean of metrics.hpp with whole groups drawn.
Estimate bootstrap_mean(std::span<const double> values, Groups groups, double confidence = 0.95,
                        std::size_t resamples = 1000, std::uint64_t seed = 1);

}  // namespace matcher::eval
