#include "matcher/eval/gate/exact_drop.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

namespace matcher::eval {
namespace {

using boost::math::binomial;

constexpr double left_out = 1e-6;        ///< chance that the share of changed queries is outside its interval
constexpr int shares_tried = 64;         ///< the probability is smooth in the share, except for a kink at the margin
constexpr std::size_t most_exact = 300;  ///< changed queries
constexpr double spread = 7;             ///< standard deviations summed over: the remainder is below 1e-11

/// P(Bin(trials, p) >= least).
double upper_tail(double trials, double p, double least) {
  if (least <= 0) return 1;
  return least > trials ? 0 : boost::math::cdf(complement(binomial(trials, p), least - 1));
}

double score(std::size_t down, std::size_t changed, std::size_t n, double margin) {
  return tango_score({down, changed - down, n}, margin);
}

/// The smallest number of falls among `changed` with a score of `least` or more; changed + 1: no number has.
std::size_t fewest_down(std::size_t changed, std::size_t n, double margin, double least) {
  std::size_t low = 0, high = changed + 1;
  while (low < high) {
    const auto middle = (low + high) / 2;
    if (score(middle, changed, n, margin) >= least)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/// Outcomes as bad as the observed one: for each number of changed queries the smallest number of falls.
struct Region {
  std::size_t first = 0;
  std::vector<std::size_t> fewest;
};

struct Range {
  double low, high;
};

Range likely_changes(double n, double share) {
  const double deviation = std::sqrt(n * share * (1 - share));
  return {std::max(0.0, std::floor(n * share - spread * deviation)),
          std::min(n, std::ceil(n * share + spread * deviation + spread))};
}

Region region_of(const Discordant& counts, double margin, const Range& shares) {
  const double seen = score(counts.down, counts.down + counts.up, counts.n, margin) - 1e-9;
  Region region{std::size_t(likely_changes(double(counts.n), shares.low).low), {}};
  const auto last = std::size_t(likely_changes(double(counts.n), shares.high).high);
  for (auto d = region.first; d <= last; ++d) region.fewest.push_back(fewest_down(d, counts.n, margin, seen));
  return region;
}

/// The chance of the region if queries change with probability `share` and the rate falls by `margin`, or by `share` if
/// that is smaller.
double chance_of(const Region& region, double n, double share, double margin) {
  const binomial changed(n, share);
  const double down_of_changed = std::clamp((1 + margin / share) / 2, 0.0, 1.0);
  const auto likely = likely_changes(n, share);
  double sum = 0;
  for (double d = likely.low; d <= likely.high; ++d) {
    sum += pdf(changed, d) * upper_tail(d, down_of_changed, double(region.fewest.at(std::size_t(d) - region.first)));
  }
  return sum;
}

double lowest_share(double changed, double n) {
  return changed == 0 ? 0 : binomial::find_lower_bound_on_p(n, changed, left_out / 2);
}

double highest_share(double changed, double n) {
  return changed == n ? 1 : binomial::find_upper_bound_on_p(n, changed, left_out / 2);
}

}  // namespace

double p_beyond_margin(const Discordant& counts, double margin) {
  if (counts.n == 0) return 1;
  const double n = double(counts.n), changed = double(counts.up + counts.down);
  if (changed > most_exact) return normal_tail(tango_score({counts.down, counts.up, counts.n}, margin));
  // A rate that rises by -margin changes at least that share of the answers.
  const Range shares{std::max({lowest_share(changed, n), -margin, 1e-12}), highest_share(changed, n)};
  if (shares.low > shares.high) return left_out;
  const auto region = region_of(counts, margin, shares);
  // Up to a share of `margin` every change is a fall, above it not: the largest chance is often at this kink.
  double largest = chance_of(region, n, std::clamp(std::abs(margin), shares.low, shares.high), margin);
  for (int step = 0; step <= shares_tried; ++step) {
    const double share = shares.low + (shares.high - shares.low) * step / shares_tried;
    largest = std::max(largest, chance_of(region, n, share, margin));
  }
  return std::min(1.0, largest + left_out);
}

double p_within_margin(const Discordant& counts, double margin) {
  return p_beyond_margin({counts.down, counts.up, counts.n}, -margin);
}

}  // namespace matcher::eval
