#include "matcher/pipeline/learning/folds.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "matcher/files/hash.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_folds = 5;

/// The products in the order of the hashes of their labels, so that a fold does not depend on the catalogue's order.
std::vector<std::uint32_t> order_products(const Sample& sample) {
  std::vector<std::pair<std::string, std::uint32_t>> hashes(sample.product_count);
  for (std::size_t row = 0; row < sample.items.size(); ++row) {
    const auto number = sample.products[row];
    hashes[number] = {Hasher().field(sample.items[row].label).hex(), number};
  }
  std::ranges::sort(hashes);
  std::vector<std::uint32_t> places(sample.product_count);
  for (std::uint32_t place = 0; place < hashes.size(); ++place) places[hashes[place].second] = place;
  return places;
}

}  // namespace

Folds fold_products(const Sample& sample) {
  Folds folds{{}, std::clamp<std::size_t>(sample.product_count / 2, 2, most_folds)};
  const auto places = order_products(sample);
  for (const auto product : sample.products) folds.of_row.push_back(std::uint32_t(places[product] % folds.count));
  return folds;
}

Folds fold_series(const Sample& sample) {
  Folds folds{{}, series_folds};
  std::vector<std::uint32_t> next = order_products(sample);  // single series of products are spread, too
  std::vector<std::int64_t> of_series(sample.series_count, -1);
  for (std::size_t row = 0; row < sample.items.size(); ++row) {
    auto& fold = of_series[sample.series[row]];
    if (fold < 0) fold = std::int64_t(next[sample.products[row]]++ % folds.count);
    folds.of_row.push_back(std::uint32_t(fold));
  }
  return folds;
}

std::vector<refine::Scatter> scatter_by_fold(const Sample& sample, const Folds& folds) {
  std::vector<refine::Scatter> all;
  for (std::size_t fold = 0; fold < folds.count; ++fold) {
    const auto rows = rows_of_fold(sample, folds, fold);
    std::vector<std::uint32_t> products;
    for (const auto row : rows) products.push_back(sample.products[row]);
    all.emplace_back(sample.unit.cols).add(take_rows(sample.unit.view(), rows).view(), products);
  }
  return all;
}

refine::Scatter scatter_without(const std::vector<refine::Scatter>& by_fold, std::size_t fold) {
  refine::Scatter sum(by_fold[0].dimension());
  for (std::size_t other = 0; other < by_fold.size(); ++other) {
    if (other != fold) sum += by_fold[other];
  }
  return sum;
}

std::vector<std::uint32_t> rows_of_fold(const Sample& sample, const Folds& folds, std::size_t fold) {
  return rows_where(sample, [&](std::uint32_t row) { return folds.of_row[row] == fold; });
}

std::vector<std::uint32_t> rows_outside(const Sample& sample, const Folds& folds, std::size_t fold) {
  return rows_where(sample, [&](std::uint32_t row) { return folds.of_row[row] != fold; });
}

}  // namespace matcher::pipeline
