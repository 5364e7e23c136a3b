#include "matcher/eval/views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <numeric>
#include <random>

#include "matcher/core/error.hpp"
#include "matcher/eval/resample.hpp"

namespace matcher::eval {
namespace {

double mean_of(std::span<const float> scores) {
  return std::accumulate(scores.begin(), scores.end(), 0.0) / double(scores.size());
}

double mean_of_best(std::span<const float> scores, std::size_t m) {
  if (m >= scores.size()) return mean_of(scores);
  std::vector<float> best(m);
  std::ranges::partial_sort_copy(scores, best, std::greater());
  return mean_of(best);
}

/// A number in [0, n), for n below 2^32; the same on every platform, unlike std::uniform_int_distribution.
std::size_t below(std::size_t n, std::mt19937_64& random) { return std::size_t(((random() >> 32) * n) >> 32); }

}  // namespace

Aggregate parse_aggregate(const std::string& text) {
  if (text == "best") return {Aggregate::Kind::best, 1};
  if (text == "mean") return {Aggregate::Kind::mean, 1};
  Aggregate how{Aggregate::Kind::best_m, 0};
  const std::string_view prefix = "best-";
  if (text.starts_with(prefix)) {
    const auto [end, error] = std::from_chars(text.data() + prefix.size(), text.data() + text.size(), how.m);
    if (error == std::errc() && end == text.data() + text.size() && how.m > 0) return how;
  }
  throw Error(ErrorCode::usage, fmt::format("unknown aggregate \"{}\"; use best, mean, or best-M for the mean of the "
                                            "best M, for example best-3",
                                            text));
}

std::string name_of(const Aggregate& how) {
  if (how.kind == Aggregate::Kind::best) return "best";
  return how.kind == Aggregate::Kind::mean ? "mean" : fmt::format("best-{}", how.m);
}

double aggregate(std::span<const float> scores, const Aggregate& how) {
  switch (how.kind) {
    case Aggregate::Kind::best:
      return std::ranges::max(scores);
    case Aggregate::Kind::mean:
      return mean_of(scores);
    case Aggregate::Kind::best_m:
      return mean_of_best(scores, how.m);
  }
  throw Error(ErrorCode::unexpected, "unknown kind of aggregate");
}

PhotoGroups shuffled(PhotoGroups groups, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (auto& group : groups) {
    for (std::size_t i = group.size(); i > 1; --i) std::swap(group[i - 1], group[below(i, random)]);
  }
  return groups;
}

std::vector<std::span<const std::uint32_t>> sets_of(std::span<const std::uint32_t> group, std::size_t count) {
  std::vector<std::span<const std::uint32_t>> sets;
  if (group.size() < count) return {group};
  for (std::size_t first = 0; first + count <= group.size(); first += count)
    sets.push_back(group.subspan(first, count));
  return sets;
}

std::vector<float> product_scores(std::span<const float> scores, const PhotoGroups& products,
                                  std::span<const std::uint32_t> self, std::size_t count, const Aggregate& how) {
  std::vector<float> all, seen;
  all.reserve(products.size());
  for (const auto& rows : products) {
    seen.clear();
    for (const auto row : rows) {
      if (seen.size() == count) break;
      if (std::ranges::find(self, row) == self.end()) seen.push_back(scores[row]);
    }
    all.push_back(seen.empty() ? no_score : float(aggregate(seen, how)));
  }
  return all;
}

std::vector<float> over_photos(std::span<const std::span<const float>> scores, const Aggregate& how) {
  std::vector<float> all, seen;
  for (std::size_t product = 0; product < scores.front().size(); ++product) {
    seen.clear();
    for (const auto& photo : scores) {
      if (photo[product] != no_score) seen.push_back(photo[product]);
    }
    all.push_back(seen.empty() ? no_score : float(aggregate(seen, how)));
  }
  return all;
}

std::size_t product_rank(std::span<const float> scores, std::size_t right) {
  const float own = scores[right];
  if (own == no_score) return 0;
  const auto above = std::ranges::count_if(scores, [own](float score) { return score > own; });
  const auto equal_before = std::ranges::count(scores.first(right), own);
  return std::size_t(above + equal_before) + 1;
}

Estimate over_choices(std::vector<double> values) {
  std::ranges::sort(values);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
  return {std::clamp(mean, values.front(), values.back()), quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace matcher::eval
