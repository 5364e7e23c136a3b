#include "matcher/eval/gate.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <functional>

#include "matcher/eval/gate/exact_drop.hpp"

namespace matcher::eval {
namespace {

using boost::math::binomial;

constexpr std::size_t resamples = 10'000;
constexpr double rounding_of_p = 1e-6;  ///< that exact_drop.hpp adds
constexpr std::size_t few = 10;         ///< changes; with fewer the bootstrap is too sure

/// The drops of the queries, or of the groups, that are drawn.
struct Drops {
  std::vector<double> of_query;
  Groups groups;
  std::vector<double> means;       ///< resampled, sorted; empty: use the normal distribution
  std::size_t fell = 0, rose = 0;  ///< queries or groups
  std::size_t drawn = 0;           ///< all queries or groups

  bool few_changed() const { return fell + rose < few; }
};

void count_changes(Drops& drops) {
  std::vector<double> sums = drops.of_query;
  if (!drops.groups.empty()) {
    sums.assign(1 + *std::ranges::max_element(drops.groups), 0.0);
    for (std::size_t i = 0; i < drops.groups.size(); ++i) sums[drops.groups[i]] += drops.of_query[i];
  }
  drops.drawn = sums.size();
  drops.fell = std::size_t(std::ranges::count_if(sums, [](double sum) { return sum > 0; }));
  drops.rose = std::size_t(std::ranges::count_if(sums, [](double sum) { return sum < 0; }));
}

Drops drops_of(std::vector<double> of_query, Groups groups, std::uint64_t seed) {
  Drops drops{std::move(of_query), groups, {}};
  drops.means = resampled_means(drops.of_query, groups, resamples, seed);
  count_changes(drops);
  return drops;
}

double share_at_least(const std::vector<double>& means, double margin) {
  const auto above = means.end() - std::ranges::lower_bound(means, margin);
  return double(above + 1) / double(means.size() + 1);
}

double share_at_most(const std::vector<double>& means, double margin) {
  const auto below = std::ranges::upper_bound(means, margin) - means.begin();
  return double(below + 1) / double(means.size() + 1);
}

/// If the mean of values in [0, 1] falls by `margin`, at least a share `margin` of them falls.
double p_of_few(const Drops& drops, double margin) {
  return margin <= 0 ? 1 : boost::math::cdf(binomial(double(drops.drawn), std::min(1.0, margin)), double(drops.fell));
}

DropTest test_means(const Drops& drops, double margin) {
  DropTest test{mean_of(drops.of_query)};
  if (drops.means.empty()) {
    const double z = (test.value - margin) / std::max(1e-300, standard_error(drops.of_query, drops.groups));
    return {test.value, normal_tail(-z), normal_tail(z)};
  }
  test.p_beyond = share_at_most(drops.means, margin);
  test.p_within = drops.few_changed() ? p_of_few(drops, margin) : share_at_least(drops.means, margin);
  return test;
}

/// The margin in [-1, 1] at which a falling p is gate_level.
double margin_at_level(const std::function<double(double)>& falling_p) {
  double low = -1, high = 1;
  for (int step = 0; step < 20; ++step) {
    const double middle = (low + high) / 2;
    (falling_p(middle) > gate_level ? low : high) = middle;
  }
  return high;
}

}  // namespace

const char* name_of(Verdict verdict) {
  return verdict == Verdict::pass ? "pass" : verdict == Verdict::fail ? "fail" : "undecided";
}

DropTest test_drop(std::span<const double> values, std::span<const double> baseline, double margin, Groups groups,
                   std::uint64_t seed) {
  auto drops = differences_of(baseline, values);
  if (drops.empty()) return {};
  if (!groups.empty() || !all_zero_or_one(values) || !all_zero_or_one(baseline)) {
    return test_means(drops_of(std::move(drops), groups, seed), margin);
  }
  const auto counts = discordant_of(differences_of(values, baseline));
  return {mean_of(drops), p_within_margin(counts, margin), p_beyond_margin(counts, margin)};
}

DropBounds drop_bounds(std::span<const double> values, std::span<const double> baseline, Groups groups,
                       std::uint64_t seed) {
  auto of_query = differences_of(baseline, values);
  if (of_query.empty()) return {};
  if (groups.empty() && all_zero_or_one(values) && all_zero_or_one(baseline)) {
    const auto counts = discordant_of(differences_of(values, baseline));
    return {-margin_at_level([&](double m) { return p_beyond_margin(counts, -m); }),
            margin_at_level([&](double m) { return p_within_margin(counts, m); })};
  }
  const auto drops = drops_of(std::move(of_query), groups, seed);
  return {-margin_at_level([&](double m) { return test_means(drops, -m).p_beyond; }),
          margin_at_level([&](double m) { return test_means(drops, m).p_within; })};
}

Verdict judge(double p_within, double p_beyond) {
  if (p_beyond <= gate_level) return Verdict::fail;
  return p_within <= gate_level ? Verdict::pass : Verdict::undecided;
}

std::size_t fewest_to_pass(double margin) {
  if (margin <= 0) return 0;
  if (margin >= 1) return 1;
  return std::size_t(std::ceil(std::log(gate_level - rounding_of_p) / std::log1p(-margin)));
}

Verdict worst(std::span<const Verdict> verdicts) {
  const auto any = [&](Verdict verdict) { return std::ranges::count(verdicts, verdict) > 0; };
  return any(Verdict::fail) ? Verdict::fail : any(Verdict::undecided) ? Verdict::undecided : Verdict::pass;
}

}  // namespace matcher::eval
