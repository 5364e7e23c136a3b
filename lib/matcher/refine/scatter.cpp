#include "matcher/refine/scatter.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace matcher::refine {
namespace {

constexpr std::size_t rows_per_product = 256;

void add_to(std::vector<double>& sum, std::span<const double> values) {
  std::ranges::transform(sum, values, sum.begin(), std::plus<>());
}

/// Collects scaled rows, and adds their outer products to a matrix many at a time.
class OuterProducts {
 public:
  OuterProducts(Symmetric& target, double factor) : target_(target), factor_(factor) {}

  template <typename Row>
  void add(const Row& row, double scale) {
    for (const auto value : row) rows_.push_back(scale * double(value));
    if (rows_.size() >= rows_per_product * target_.d) flush();
  }
  /// Adds the remaining rows. Call it last.
  void flush() {
    if (!rows_.empty()) target_.add_outer(rows_, factor_);
    rows_.clear();
  }

 private:
  Symmetric& target_;
  double factor_;
  std::vector<double> rows_;
};

}  // namespace

void Scatter::add(MatrixView vectors, std::span<const std::uint32_t> products) {
  OuterProducts outer(gram_, 1);
  std::vector<double> row(dimension());
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    std::ranges::copy(vectors.row(i), row.begin());
    outer.add(row, 1);
    add_to(sum_, row);
    auto& product = products_.try_emplace(products[i], Sum{std::vector<double>(dimension()), 0}).first->second;
    add_to(product.values, row);
    ++product.count;
  }
  outer.flush();
  count_ += vectors.rows;
}

Scatter& Scatter::operator+=(const Scatter& other) {
  count_ += other.count_;
  add_to(sum_, other.sum_);
  gram_ += other.gram_;
  for (const auto& [number, sum] : other.products_) {
    auto& product = products_.try_emplace(number, Sum{std::vector<double>(dimension()), 0}).first->second;
    add_to(product.values, sum.values);
    product.count += sum.count;
  }
  return *this;
}

std::size_t Scatter::repeated() const {
  const auto is_repeated = [](const auto& product) { return product.second.count > 1; };
  return std::size_t(std::ranges::count_if(products_, is_repeated));
}

std::vector<double> Scatter::mean() const {
  auto mean = sum_;
  for (auto& value : mean) value /= double(count_);
  return mean;
}

Symmetric Scatter::total() const {
  auto total = gram_;
  OuterProducts mean(total, -1);
  mean.add(sum_, 1 / std::sqrt(double(count_)));
  mean.flush();
  total *= 1 / double(count_);
  return total;
}

Symmetric Scatter::within() const {
  auto within = gram_;
  OuterProducts means(within, -1);
  for (const auto& [number, sum] : products_) means.add(sum.values, 1 / std::sqrt(double(sum.count)));
  means.flush();
  within *= 1 / double(count_);
  return within;
}

}  // namespace matcher::refine
