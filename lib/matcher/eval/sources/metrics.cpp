#include "matcher/eval/metrics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <numeric>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"

namespace matcher::eval {
namespace {

struct Row {
  const char* stem;
  const char* title;         ///< title of the name without a k; null: the name needs a k
  const char* title_before;  ///< the title of the name with a k, less the k; null: the name takes no k
  Unit unit;
  double (*value)(const Ranking&, std::size_t k);
};

/// A new metric is a row here.
constexpr std::array table{
    Row{"top", nullptr, "top-", Unit::share, hit_at},
    Row{"precision", nullptr, "precision@", Unit::mean, precision_at},
    Row{"recall", nullptr, "recall@", Unit::mean, recall_at},
    Row{"ndcg", "nDCG", "nDCG@", Unit::mean,
        [](const Ranking& r, std::size_t k) { return k ? ndcg_at(r, k) : ndcg(r); }},
    Row{"rprec", "R-precision", nullptr, Unit::mean, [](const Ranking& r, std::size_t) { return r_precision(r); }},
    Row{"mrr", "MRR", nullptr, Unit::mean, [](const Ranking& r, std::size_t) { return reciprocal_rank(r); }},
    Row{"map", "mAP", nullptr, Unit::mean, [](const Ranking& r, std::size_t) { return average_precision(r); }},
};

/// "10" -> 10; "" -> 0; none for other texts, such as "0", "05" or "x".
std::optional<std::size_t> parse_k(std::string_view digits) {
  std::size_t k = 0;
  if (digits.empty()) return k;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), k);
  const bool whole = error == std::errc() && stop == digits.data() + digits.size() && digits[0] != '0';
  return whole ? std::optional(k) : std::nullopt;
}

std::optional<Metric> metric_in(const Row& row, const std::string& name) {
  if (!name.starts_with(row.stem)) return std::nullopt;
  const auto k = parse_k(std::string_view(name).substr(std::string_view(row.stem).size()));
  if (!k || (*k > 0 ? row.title_before : row.title) == nullptr) return std::nullopt;
  return Metric{name, *k > 0 ? row.title_before + std::to_string(*k) : row.title, *k, row.unit, row.value};
}

std::string known_names() {
  std::vector<std::string> plain, cut;
  for (const auto& row : table) {
    if (row.title) plain.emplace_back(row.stem);
    if (row.title_before) cut.push_back(std::string(row.stem) + "10");
  }
  return fmt::format("{}, or with a k such as 10: {}", fmt::join(plain, ", "), fmt::join(cut, ", "));
}

std::optional<Metric> find_metric(const std::string& name) {
  for (const auto& row : table) {
    if (auto metric = metric_in(row, name)) return metric;
  }
  return std::nullopt;
}

/// Only the letters and digits, in lower case: "top-1" and "Top 1" become "top1".
std::string plain(const std::string& title) {
  auto name = lower_case(title);
  std::erase_if(name, [](unsigned char c) { return std::isalnum(c) == 0; });
  return name;
}

}  // namespace

Metric metric(const std::string& name) {
  if (auto found = find_metric(name)) return *found;
  if (find_metric(plain(name)))
    throw Error(ErrorCode::usage, fmt::format("unknown metric \"{}\"; did you mean \"{}\"?", name, plain(name)));
  throw Error(ErrorCode::usage, fmt::format("unknown metric \"{}\"; use {}", name, known_names()));
}

std::vector<Metric> metrics(std::span<const std::string> names) {
  std::vector<Metric> all;
  for (const auto& name : names) {
    if (std::ranges::count(names, name) > 1)
      throw Error(ErrorCode::usage, fmt::format("metric \"{}\" is given twice; name it once", name));
    all.push_back(metric(name));
  }
  return all;
}

std::vector<double> values_of(const Metric& metric, std::span<const Ranking> rankings) {
  std::vector<double> values;
  values.reserve(rankings.size());
  for (const auto& ranking : rankings) {
    if (ranking.relevant_total > 0) values.push_back(metric(ranking));
  }
  return values;
}

Estimate estimate_mean(std::span<const double> values, Unit unit, Groups groups) {
  if (unit == Unit::mean || !groups.empty()) return bootstrap_mean(values, groups);
  return wilson(std::size_t(std::accumulate(values.begin(), values.end(), 0.0)), values.size());
}

}  // namespace matcher::eval
