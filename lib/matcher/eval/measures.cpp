#include "matcher/eval/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <optional>

#include "matcher/core/error.hpp"

namespace matcher::eval {
namespace {

enum class Cut { never, may, must };  ///< whether the name ends in a k

struct Family {
  std::string_view stem;
  Cut cut;
  bool rate;
  double (*value)(const Ranking&, std::size_t);
};

constexpr std::array families{
    Family{"top", Cut::must, true, hit_at},
    Family{"precision", Cut::must, false, precision_at},
    Family{"recall", Cut::must, false, recall_at},
    Family{"ndcg", Cut::may, false, [](const Ranking& r, std::size_t k) { return k ? ndcg_at(r, k) : ndcg(r); }},
    Family{"rprec", Cut::never, false, [](const Ranking& r, std::size_t) { return r_precision(r); }},
    Family{"mrr", Cut::never, false, [](const Ranking& r, std::size_t) { return reciprocal_rank(r); }},
    Family{"map", Cut::never, false, [](const Ranking& r, std::size_t) { return average_precision(r); }},
};

/// "10" -> 10; "" -> 0; none for what is no k, such as "0", "05" or "x".
std::optional<std::size_t> parse_k(std::string_view digits) {
  std::size_t k = 0;
  if (digits.empty()) return k;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  const bool whole = error == std::errc() && stop == digits.data() + digits.size() && digits[0] != '0';
  return whole ? std::optional(k) : std::nullopt;
}

std::optional<Measure> measure_in(const Family& family, const std::string& name) {
  if (!name.starts_with(family.stem)) return std::nullopt;
  const auto k = parse_k(std::string_view(name).substr(family.stem.size()));
  if (!k || (family.cut == Cut::must && *k == 0) || (family.cut == Cut::never && *k > 0)) return std::nullopt;
  return Measure{name, *k, family.rate, family.value};
}

std::vector<double> score_each(std::span<const Ranking> rankings, const Measure& measure) {
  std::vector<double> values;
  values.reserve(rankings.size());
  for (const auto& ranking : rankings) {
    if (ranking.relevant_total > 0) values.push_back(measure(ranking));
  }
  return values;
}

}  // namespace

Estimate estimate_of(std::span<const double> values, bool rate, Groups groups) {
  if (!rate || !groups.empty()) return bootstrap_mean(values, groups);
  return wilson(std::size_t(std::accumulate(values.begin(), values.end(), 0.0)), values.size());
}

Measure measure_of(const std::string& name) {
  for (const auto& family : families) {
    if (auto measure = measure_in(family, name)) return *measure;
  }
  throw Error(ErrorCode::usage,
              fmt::format("there is no metric \"{}\"; there are mrr, map, rprec, ndcg, and with a k such "
                          "as 10 top10, precision10, recall10 and ndcg10",
                          name));
}

std::vector<Measure> measures_of(std::span<const std::string> names) {
  std::vector<Measure> measures;
  for (const auto& name : names) {
    if (std::ranges::count(names, name) > 1) {
      throw Error(ErrorCode::usage, fmt::format("metric \"{}\" is asked for twice; name it once", name));
    }
    measures.push_back(measure_of(name));
  }
  return measures;
}

std::vector<Metric> evaluate(std::span<const Ranking> rankings, std::span<const Measure> measures, Groups groups) {
  std::vector<Metric> metrics;
  for (const auto& measure : measures) {
    auto values = score_each(rankings, measure);
    const auto estimate = estimate_of(values, measure.rate, groups);
    metrics.push_back({measure.name, std::move(values), estimate});
  }
  return metrics;
}

}  // namespace matcher::eval
