#include "matcher/eval/breakdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <unordered_map>

#include "matcher/core/error.hpp"

namespace matcher::eval {
namespace {

struct Sums {
  std::size_t queries = 0, right = 0;
  double mrr = 0, map = 0;
  std::unordered_map<std::string_view, std::size_t> relevant;  ///< label -> largest relevant_total of its queries

  void add(const Ranking& ranking, std::string_view label) {
    ++queries;
    right += std::size_t(hit_at(ranking, 1));
    mrr += reciprocal_rank(ranking);
    map += average_precision(ranking);
    auto& most = relevant[label];
    most = std::max(most, ranking.relevant_total);
  }

  Group group(std::string_view key) const {
    std::size_t gallery = 0;
    for (const auto& [label, items] : relevant) gallery += items;
    return {std::string(key), queries, gallery, wilson(right, queries), mrr / double(queries), map / double(queries)};
  }
};

using SumsBy = std::unordered_map<std::string_view, Sums>;
using Pair = std::pair<std::string_view, std::string_view>;

double wrong(const Group& group) { return double(group.queries) * (1 - group.top1.value); }

std::vector<Group> groups_of(const SumsBy& sums) {
  std::vector<Group> groups;
  for (const auto& [key, sum] : sums) groups.push_back(sum.group(key));
  std::ranges::sort(groups, [](const Group& a, const Group& b) {
    const auto x = std::llround(wrong(a)), y = std::llround(wrong(b));
    return std::tie(y, a.key) < std::tie(x, b.key);
  });
  return groups;
}

std::vector<Confusion> confusions_of(const std::map<Pair, std::size_t>& pairs, const SumsBy& labels) {
  std::vector<Confusion> all;
  for (const auto& [pair, count] : pairs) {
    all.push_back({std::string(pair.first), std::string(pair.second), count, labels.at(pair.first).queries});
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Confusion::count);
  return all;
}

}  // namespace

Breakdown breakdown(std::span<const Ranking> rankings, std::span<const Tags> tags) {
  if (rankings.size() != tags.size()) {
    throw Error(ErrorCode::mismatch, fmt::format("{} rankings but labels of {} queries; give one label per ranking",
                                                 rankings.size(), tags.size()));
  }
  SumsBy labels, categories;
  std::map<Pair, std::size_t> pairs;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    const auto& [label, category, answered] = tags[i];
    if (rankings[i].relevant_total == 0) continue;
    if (!label.empty()) labels[label].add(rankings[i], label);
    if (!category.empty()) categories[category].add(rankings[i], label);
    const bool confused = hit_at(rankings[i], 1) == 0 && !label.empty() && !answered.empty();
    if (confused) ++pairs[{label, answered}];
  }
  return {groups_of(labels), groups_of(categories), confusions_of(pairs, labels)};
}

}  // namespace matcher::eval
