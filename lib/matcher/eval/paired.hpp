// Two models on the same queries: what one gains over the other, how sure that is, and what could have been seen.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/resample.hpp"

namespace matcher::eval {

/// What a model gains over a baseline on the same queries.
struct Gain {
  double value = 0, low = 0, high = 0;  ///< mean difference with its 95 % interval
  double p = 1;                         ///< two-sided: of a difference this large if neither were better
  double p_corrected = 1;               ///< with Holm's correction over the models compared
  double detectable = 0;  ///< the smallest difference so many queries show in 80 of 100 cases; NaN: unknown
  std::string test{};     ///< what p is of: mcnemar or bootstrap
};

/// Values that are all 0 or 1, drawn by query: Tango's interval (1998) and exact McNemar (1947). All else: the paired
/// percentile bootstrap of the differences, by query or by group. p_corrected is p. Without a value all of it is 0,
/// with p = 1. Throws Error(mismatch) for unequal lengths.
Gain paired_gain(std::span<const double> values, std::span<const double> baseline, Groups groups = {},
                 std::uint64_t seed = 1);

/// The same for several metrics [metric][query] of the same queries, in less time.
std::vector<Gain> paired_gains(std::span<const std::vector<double>> values,
                               std::span<const std::vector<double>> baseline, Groups groups = {},
                               std::uint64_t seed = 1);

/// values - baseline. Throws Error(mismatch) for unequal lengths.
std::vector<double> differences_of(std::span<const double> values, std::span<const double> baseline);

bool all_zero_or_one(std::span<const double> values);

/// How two sets of values that are 0 or 1 differ over the same n queries.
struct Discordant {
  std::size_t up = 0;    ///< 1 where the baseline has 0
  std::size_t down = 0;  ///< 0 where the baseline has 1
  std::size_t n = 0;
};
Discordant discordant_of(std::span<const double> differences);

/// Exact McNemar: two-sided binomial p of `only_a` successes among only_a + only_b at 1/2; 1 when both are 0.
double mcnemar_p(std::size_t only_a, std::size_t only_b);

/// Tango's score: how many standard errors (up - down) / n is above `delta` ([-1, 1]), these being those of the
/// likeliest shares of up and down that differ by `delta`.
double tango_score(const Discordant& counts, double delta);

/// (up - down) / n with the score interval of Tango, Statistics in Medicine 17 (1998), 891-908; {0, -1, 1} for n = 0.
Estimate tango(const Discordant& counts, double confidence = 0.95);

/// Holm's step-down correction (1979): at most `level` of a false rejection over all of `p`; in the order of `p`.
std::vector<double> holm(std::span<const double> p);

/// The same for gains: fills in p_corrected of each.
void correct(std::span<Gain* const> family);

/// The smallest difference that McNemar's test at 5 %, two-sided, sees with power 80 % among n queries of which a share
/// `discordant_rate` is answered rightly by one model alone (Connor, Biometrics 43 (1987), 207-211, solved for the
/// difference). Where it would exceed the share, the share has to be the difference, all of it one way. At most 1.
double detectable_rate(double discordant_rate, std::size_t n);

/// The same of a mean with this standard error: (1.960 + 0.842) times it; NaN for 0, when nothing is known of it.
double detectable_mean(double error);

}  // namespace matcher::eval
