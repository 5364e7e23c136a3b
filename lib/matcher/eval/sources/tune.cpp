#include "matcher/eval/tune.hpp"

#include <algorithm>
#include <cmath>
#include <compare>

#include "matcher/core/error.hpp"

namespace matcher::eval {
namespace {

constexpr int most_models_on_grid = 4;

/// Weights in hundredths, of sum 100: moving weight forth and back gives exactly the same weights.
using Shares = std::vector<int>;

std::vector<double> fractions(const Shares& shares) {
  std::vector<double> weights;
  for (const int share : shares) weights.push_back(share / 100.0);
  return weights;
}

/// Quality of shares; greater is better.
struct Quality {
  std::size_t hits = 0;
  double reciprocal_ranks = 0;
  int evenness = 0;                                  ///< minus the squared distance from equal shares
  auto operator<=>(const Quality&) const = default;  // NOLINT(modernize-use-nullptr): it takes the 0 of a default
};

int evenness(const Shares& shares) {
  int sum = 0;
  for (const int share : shares) sum -= share * share;  // largest for equal shares: all sums are equal
  return sum;
}

struct Choice {
  Shares shares;
  Quality quality;
};

class Search {
 public:
  explicit Search(std::span<const Pool> pools) : pools_(pools) {}

  Choice best_of(const std::vector<Shares>& all) const {
    Choice best{all.front(), measure(all.front())};
    for (const auto& shares : std::span(all).subspan(1)) keep_better(best, shares);
    return best;
  }

  /// Moves `step` from one model to another while some move is better.
  void climb(Choice& best, int step) const {
    for (bool better = true; better;) {
      const auto start = best;
      for (const auto& shares : moves(start.shares, step)) keep_better(best, shares);
      better = best.quality > start.quality;
    }
  }

 private:
  Quality measure(const Shares& shares) const {
    const auto weights = fractions(shares);
    Quality quality{0, 0, evenness(shares)};
    for (const auto& pool : pools_) {
      const auto rank = fused_rank(pool, weights);
      quality.hits += rank == 1;
      quality.reciprocal_ranks += rank == 0 ? 0.0 : 1.0 / double(rank);
    }
    return quality;
  }

  void keep_better(Choice& best, const Shares& shares) const {
    const auto quality = measure(shares);
    if (quality > best.quality) best = {shares, quality};
  }

  static std::vector<Shares> moves(const Shares& from, int step) {
    std::vector<Shares> all;
    for (std::size_t giver = 0; giver < from.size(); ++giver) {
      if (from[giver] < step) continue;
      for (std::size_t taker = 0; taker < from.size(); ++taker) {
        if (taker == giver) continue;
        all.push_back(from);
        all.back()[giver] -= step;
        all.back()[taker] += step;
      }
    }
    return all;
  }

  std::span<const Pool> pools_;
};

/// Adds all shares of sum `left` for the models from `model` on, in steps of `step`.
void add_grid(Shares& shares, std::size_t model, int left, int step, std::vector<Shares>& all) {
  if (model + 1 == shares.size()) {
    shares[model] = left;
    all.push_back(shares);
    return;
  }
  for (int share = 0; share <= left; share += step) {
    shares[model] = share;
    add_grid(shares, model + 1, left - share, step, all);
  }
}

/// Shares that differ by at most a hundredth.
Shares equal_shares(int models) {
  Shares shares(std::size_t(models), 100 / models);
  for (int i = 0; i < 100 % models; ++i) ++shares[std::size_t(i)];
  return shares;
}

std::vector<Shares> starts(int models) {
  std::vector<Shares> all{equal_shares(models)};
  Shares shares(std::size_t(models), 0);
  if (models <= most_models_on_grid) {
    add_grid(shares, 0, 100, models == 2 ? 5 : 10, all);
    return all;
  }
  for (auto& share : shares) {
    share = 100;
    all.push_back(shares);
    share = 0;
  }
  return all;
}

}  // namespace

Tuned tune(std::span<const Pool> pools) {
  if (pools.empty())
    throw Error(ErrorCode::usage,
                "no query can choose weights: none has a label that the gallery has; check the label column");
  const Search search(pools);
  auto best = search.best_of(starts(int(pools[0].points.size())));
  for (const int step : {5, 2, 1}) search.climb(best, step);
  const double n = double(pools.size());
  return {fractions(best.shares), double(best.quality.hits) / n, best.quality.reciprocal_ranks / n};
}

}  // namespace matcher::eval
