// The part of a gallery, whole products in memory, on which settings are chosen and measured.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

namespace matcher::pipeline {

/// The number of each item's product, in the order of the first items. An item without a label is a product of its own.
struct Products {
  std::vector<std::uint32_t> numbers;  ///< one per item
  std::size_t count = 0;               ///< different products
  std::size_t labelled = 0;            ///< different labels
  std::size_t repeated = 0;            ///< products with two items or more
};

Products number_products(std::span<const store::ItemRow> items);

/// Photos of whole products. A series is a set of photos of one product with the same group, or photos without a group
/// that resemble each other like frames of a video.
struct Sample {
  Matrix unit;  ///< [n, d]
  std::vector<store::ItemRow> items;
  std::vector<std::uint32_t> products, series;  ///< numbers, one per photo; a series has one product
  std::size_t product_count = 0, series_count = 0;
};

/// Draws products by the hash of their label until there are `most` photos; of a product, at most 200. Finds their
/// series by `near`.
Sample draw_sample(const StoredVectors& gallery, const Products& products, std::size_t most, double near);

/// Numbers the series of a sample whose vectors, items and products are set. Photos of a product with the same bytes or
/// the same group are of one series and, without groups, those with a cosine of `near` or more. So are photos that a
/// chain of such pairs joins.
void find_series(Sample& sample, double near);

/// The rows of the sample for which `wanted` holds.
template <typename Wanted>
std::vector<std::uint32_t> rows_where(const Sample& sample, const Wanted& wanted) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < sample.items.size(); ++row) {
    if (wanted(row)) rows.push_back(row);
  }
  return rows;
}

/// Copies rows of the vectors, [rows.size(), d].
Matrix take_rows(MatrixView vectors, std::span<const std::uint32_t> rows);

/// Copies rows of the items.
std::vector<store::ItemRow> take_items(std::span<const store::ItemRow> items, std::span<const std::uint32_t> rows);

}  // namespace matcher::pipeline
