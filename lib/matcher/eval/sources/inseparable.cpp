#include "matcher/eval/inseparable.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <functional>
#include <map>
#include <utility>

namespace matcher::eval {
namespace {

constexpr std::size_t fewest_items = 6;
constexpr double level = 0.05;

using Pair = std::pair<std::uint32_t, std::uint32_t>;

Pair pair_of(std::uint32_t a, std::uint32_t b) { return {std::min(a, b), std::max(a, b)}; }

/// Pairs that at least one item takes for each other: its nearest neighbour has the other label.
std::map<Pair, LabelPair> candidates(const Neighbours& neighbours, Labels labels) {
  std::map<Pair, LabelPair> pairs;
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    if (neighbours[row].empty()) continue;
    const auto own = labels[row], other = labels[neighbours[row][0].row];
    if (own == no_label || other == no_label || own == other) continue;
    const auto key = pair_of(own, other);
    pairs[key] = {.a = key.first, .b = key.second};
  }
  return pairs;
}

/// Partners of each label in `pairs`.
std::map<std::uint32_t, std::vector<std::uint32_t>> partners_in(const std::map<Pair, LabelPair>& pairs) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> partners;
  for (const auto& [key, pair] : pairs) {
    partners[key.first].push_back(key.second);
    partners[key.second].push_back(key.first);
  }
  return partners;
}

/// The chance that the nearest of both labels is the item's own.
double chance(std::size_t own, std::size_t other) { return double(own - 1) / double(own + other - 1); }

}  // namespace

std::vector<LabelPair> find_inseparable(const Neighbours& neighbours, Labels labels) {
  const auto counts = count_labels(labels);
  auto pairs = candidates(neighbours, labels);
  const auto partners = partners_in(pairs);
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    const auto found = partners.find(labels[row]);
    if (found == partners.end()) continue;
    for (const auto partner : found->second) {
      const auto nearest = std::ranges::find_if(neighbours[row], [&](const Neighbour& n) {
        return labels[n.row] == labels[row] || labels[n.row] == partner;
      });
      if (nearest == neighbours[row].end()) continue;
      auto& pair = pairs[pair_of(labels[row], partner)];
      ++pair.items;
      pair.own += labels[nearest->row] == labels[row] ? 1 : 0;
      pair.expected += chance(counts[labels[row]], counts[partner]);
    }
  }
  std::vector<LabelPair> inseparable;
  for (auto& [key, pair] : pairs) {
    if (pair.items < fewest_items || counts[pair.a] < 2 || counts[pair.b] < 2) continue;
    const boost::math::binomial by_chance(double(pair.items), pair.expected / double(pair.items));
    pair.p = pair.own == 0 ? 1 : boost::math::cdf(boost::math::complement(by_chance, double(pair.own) - 1));
    if (pair.p > level) inseparable.push_back(pair);
  }
  std::ranges::stable_sort(inseparable, std::greater<>(), &LabelPair::items);
  return inseparable;
}

}  // namespace matcher::eval
