#include "matcher/pipeline/learning/sample.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "matcher/files/hash.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_per_product = 200;  // pairs of photos are compared

using Rows = std::vector<std::size_t>;

/// The rows of each product, at most most_per_product, evenly spread.
std::vector<Rows> rows_of_products(const Products& products) {
  std::vector<Rows> all(products.count);
  for (std::size_t row = 0; row < products.numbers.size(); ++row) all[products.numbers[row]].push_back(row);
  for (auto& rows : all) {
    const auto count = std::min(rows.size(), most_per_product), size = rows.size();
    for (std::size_t i = 0; i < count; ++i) rows[i] = rows[i * size / count];
    rows.resize(count);
  }
  return all;
}

/// The rows of products in the order of the hashes of their labels, until there are `most`; at least two products.
Rows draw_rows(const StoredVectors& gallery, const Products& products, std::size_t most) {
  auto all = rows_of_products(products);
  std::vector<std::pair<std::string, Rows>> ordered;
  for (auto& rows : all) ordered.emplace_back(Hasher().field(gallery.items[rows[0]].label).hex(), std::move(rows));
  std::ranges::sort(ordered);
  Rows drawn;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    const auto& rows = ordered[i].second;
    if (i >= 2 && drawn.size() + rows.size() > most) break;
    drawn.insert(drawn.end(), rows.begin(), rows.end());
  }
  std::ranges::sort(drawn);
  return drawn;
}

/// Joins photos into sets (union and find).
class Sets {
 public:
  explicit Sets(std::size_t size) : parents_(size) { std::iota(parents_.begin(), parents_.end(), 0U); }
  std::uint32_t find(std::uint32_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(std::uint32_t a, std::uint32_t b) { parents_[find(b)] = find(a); }

 private:
  std::vector<std::uint32_t> parents_;
};

bool are_alike(const Sample& sample, std::uint32_t a, std::uint32_t b, double near) {
  const auto &one = sample.items[a], &other = sample.items[b];
  if (one.content_hash == other.content_hash) return true;
  if (!one.group.empty() || !other.group.empty()) return one.group == other.group;
  return inner_product(sample.unit.row(a), sample.unit.row(b)) >= near;
}

}  // namespace

Products number_products(std::span<const store::ItemRow> items) {
  Products products;
  std::unordered_map<std::string_view, std::uint32_t> numbers;
  std::vector<std::size_t> counts;
  for (const auto& item : items) {
    const auto next = std::uint32_t(counts.size());
    const auto number = item.label.empty() ? next : numbers.try_emplace(item.label, next).first->second;
    if (number == next) counts.push_back(0);
    ++counts[number];
    products.numbers.push_back(number);
  }
  products.count = counts.size();
  products.labelled = numbers.size();
  products.repeated = std::size_t(std::ranges::count_if(counts, [](std::size_t count) { return count > 1; }));
  return products;
}

void find_series(Sample& sample, double near) {
  Sets sets(sample.items.size());
  std::vector<std::vector<std::uint32_t>> of_product(sample.product_count);
  for (std::uint32_t row = 0; row < sample.items.size(); ++row) {
    auto& earlier = of_product[sample.products[row]];
    for (const auto other : earlier) {
      if (sets.find(other) != sets.find(row) && are_alike(sample, other, row, near)) sets.join(other, row);
    }
    earlier.push_back(row);
  }
  std::unordered_map<std::uint32_t, std::uint32_t> numbers;
  for (std::uint32_t row = 0; row < sample.items.size(); ++row)
    sample.series.push_back(numbers.try_emplace(sets.find(row), std::uint32_t(numbers.size())).first->second);
  sample.series_count = numbers.size();
}

Sample draw_sample(const StoredVectors& gallery, const Products& products, std::size_t most, double near) {
  const auto rows = draw_rows(gallery, products, most);
  Sample sample;
  sample.unit = index::gather(gallery, rows);
  for (const auto row : rows) sample.items.push_back(gallery.items[row]);
  const auto drawn = number_products(sample.items);
  sample.products = drawn.numbers;
  sample.product_count = drawn.count;
  find_series(sample, near);
  return sample;
}

Matrix take_rows(MatrixView vectors, std::span<const std::uint32_t> rows) {
  Matrix taken(rows.size(), vectors.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(vectors.row(rows[i]), taken.row(i).begin());
  return taken;
}

std::vector<store::ItemRow> take_items(std::span<const store::ItemRow> items, std::span<const std::uint32_t> rows) {
  std::vector<store::ItemRow> taken;
  for (const auto row : rows) taken.push_back(items[row]);
  return taken;
}

}  // namespace matcher::pipeline
