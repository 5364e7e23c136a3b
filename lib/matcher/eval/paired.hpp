// Compares two models on the same queries: the gain, how certain it is, and the smallest gain that could be shown.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/estimate.hpp"
#include "matcher/eval/resample.hpp"

namespace matcher::eval {

/// The gain of a model over a baseline on the same queries.
struct Gain {
  double value = 0, low = 0, high = 0;  ///< mean difference with its 95 % interval
  double p = 1;                         ///< two-sided p of a difference this large if neither model were better
  double p_corrected = 1;               ///< p with Holm's correction over the compared models
  double detectable = 0;                ///< smallest difference shown in 80 of 100 cases; NaN: unknown
  std::string test{};                   ///< the test that p comes from: mcnemar or bootstrap
};

/// Values that are all 0 or 1, drawn by query: Tango's interval (1998) and exact McNemar (1947). Other values: the
/// paired percentile bootstrap of the differences, by query or by group. Sets p_corrected to p; for no values the gain
/// is 0 with p = 1. Throws Error(mismatch) for unequal lengths.
Gain paired_gain(std::span<const double> values, std::span<const double> baseline, Groups groups = {},
                 std::uint64_t seed = 1);

/// The gains of several metrics [metric][query] of the same queries; faster than one call per metric.
std::vector<Gain> paired_gains(std::span<const std::vector<double>> values,
                               std::span<const std::vector<double>> baseline, Groups groups = {},
                               std::uint64_t seed = 1);

/// values - baseline. Throws Error(mismatch) for unequal lengths.
std::vector<double> differences_of(std::span<const double> values, std::span<const double> baseline);

bool all_zero_or_one(std::span<const double> values);

/// Numbers of queries, of n, at which two sets of values that are 0 or 1 differ.
struct Discordant {
  std::size_t up = 0;    ///< 1 against 0 of the baseline
  std::size_t down = 0;  ///< 0 against 1 of the baseline
  std::size_t n = 0;
};
Discordant discordant_of(std::span<const double> differences);

/// Exact McNemar: two-sided binomial p of `only_a` successes among only_a + only_b at 1/2; 1 when both are 0.
double mcnemar_p(std::size_t only_a, std::size_t only_b);

/// Tango's score: the distance of (up - down) / n from `delta` ([-1, 1]) in standard errors. The errors are those of
/// the most likely shares of up and down that differ by `delta`.
double tango_score(const Discordant& counts, double delta);

/// (up - down) / n with the score interval of Tango, Statistics in Medicine 17 (1998), 891-908; {0, -1, 1} for n = 0.
Estimate tango(const Discordant& counts, double confidence = 0.95);

/// Holm's step-down correction (1979): the chance of any false rejection over all of `p` stays at the level. In the
/// order of `p`.
std::vector<double> holm(std::span<const double> p);

/// Holm's correction for gains: sets p_corrected of each.
void correct(std::span<Gain* const> family);

/// The smallest difference that McNemar's test at 5 %, two-sided, shows with power 80 % among n queries. A share
/// `discordant_rate` of the queries is answered rightly by one model only (Connor, Biometrics 43 (1987), 207-211,
/// solved for the difference). If the difference would exceed that share, all changes go one way: the share must be
/// larger. At most 1.
double detectable_rate(double discordant_rate, std::size_t n);

/// The smallest difference of a mean with this standard error: (1.960 + 0.842) times the error; NaN for 0.
double detectable_mean(double error);

}  // namespace matcher::eval
