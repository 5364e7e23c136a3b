#include "matcher/eval/label_errors.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace matcher::eval {
namespace {

constexpr std::size_t most_votes = 3, most_seen = 10;
constexpr double small_p = 0.02;

/// The nearest items of one label.
struct Votes {
  std::uint32_t label = no_label;
  std::size_t count = 0;
  double sum = 0;
  Neighbour nearest;
};

/// The votes of each label among the neighbours of an item, at most `most` per label.
std::vector<Votes> votes_of(const std::vector<Neighbour>& neighbours, Labels labels, std::size_t most) {
  std::vector<Votes> all;
  for (const auto& neighbour : neighbours) {
    const auto label = labels[neighbour.row];
    if (label == no_label) continue;
    auto votes = std::ranges::find(all, label, &Votes::label);
    if (votes == all.end()) votes = all.insert(all.end(), {label, 0, 0, neighbour});
    if (votes->count == most) continue;
    ++votes->count;
    votes->sum += double(neighbour.score);
  }
  return all;
}

LabelDoubt doubt_of(std::uint32_t row, const std::vector<Neighbour>& neighbours, Labels labels, std::size_t others) {
  const auto most = std::min(most_votes, others);
  const double floor = neighbours.empty() ? 0 : double(neighbours.back().score);
  LabelDoubt doubt{.row = row};
  double own = floor, best = floor;
  for (const auto& votes : votes_of(neighbours, labels, most)) {
    const double mean = (votes.sum + double(most - votes.count) * floor) / double(most);
    if (votes.label == labels[row]) {
      own = mean;
    } else if (doubt.suggested == no_label || mean > best) {
      best = mean;
      doubt.suggested = votes.label;
      doubt.nearest = votes.nearest.row;
      doubt.cosine = votes.nearest.score;
    }
  }
  doubt.margin = best - own;
  doubt.seen = std::min({most_seen, others, neighbours.size()});
  const auto end = neighbours.begin() + std::ptrdiff_t(doubt.seen);
  doubt.own = std::size_t(
      std::count_if(neighbours.begin(), end, [&](const Neighbour& n) { return labels[n.row] == labels[row]; }));
  return doubt;
}

/// Counts the neighbours with the label of the item itself, and all that were seen.
struct Share {
  double own = 0, seen = 0;
};

/// P(X <= own) for the usual share of the product's other items, with one item of the overall share added.
double chance_of(const LabelDoubt& doubt, const Share& product, const Share& all) {
  if (doubt.seen == 0) return 1;
  const double one = double(doubt.seen), usual = all.own / std::max(all.seen, 1.0);
  const double share = (product.own - double(doubt.own) + one * usual) / std::max(product.seen, one);
  return boost::math::cdf(boost::math::binomial(one, std::clamp(share, 0.0, 1.0)), double(doubt.own));
}

}  // namespace

std::vector<LabelDoubt> find_label_errors(const Neighbours& neighbours, Labels labels) {
  const auto counts = count_labels(labels);
  std::vector<LabelDoubt> doubts;
  std::vector<Share> shares(counts.size());
  Share all;
  for (std::uint32_t row = 0; row < neighbours.size(); ++row) {
    if (labels[row] == no_label || counts[labels[row]] < 2) continue;
    doubts.push_back(doubt_of(row, neighbours[row], labels, counts[labels[row]] - 1));
    for (auto* share : {&shares[labels[row]], &all}) {
      share->own += double(doubts.back().own);
      share->seen += double(doubts.back().seen);
    }
  }
  for (auto& doubt : doubts) {
    doubt.p = chance_of(doubt, shares[labels[doubt.row]], all);
    doubt.likely = doubt.margin > 0 && doubt.own == 0 && doubt.p < small_p;
  }
  std::ranges::stable_sort(doubts, std::greater<>(), &LabelDoubt::margin);
  return doubts;
}

}  // namespace matcher::eval
