// Sums over labelled vectors, block by block: all that a map is learnt from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/refine/symmetric.hpp"

namespace matcher::refine {

/// Sums of vectors of d dimensions. Needs memory for d·d numbers, and d per product; the vectors themselves need not
/// fit into memory.
class Scatter {
 public:
  explicit Scatter(std::size_t dimension) : sum_(dimension), gram_(dimension) {}

  /// Adds vectors [rows, d]. `products` has the number of each row's product.
  void add(MatrixView vectors, std::span<const std::uint32_t> products);
  Scatter& operator+=(const Scatter& other);

  std::size_t dimension() const { return sum_.size(); }
  std::size_t count() const { return count_; }               ///< vectors
  std::size_t products() const { return products_.size(); }  ///< different products
  std::size_t repeated() const;                              ///< products with two vectors or more
  std::vector<double> mean() const;                          ///< [d]
  Symmetric total() const;                                   ///< mean scatter about the mean, [d, d]
  Symmetric within() const;                                  ///< mean scatter about the mean of each product, [d, d]

 private:
  struct Sum {
    std::vector<double> values;
    std::size_t count = 0;
  };

  std::size_t count_ = 0;
  std::vector<double> sum_;
  Symmetric gram_;  ///< sum of the outer products
  std::map<std::uint32_t, Sum> products_;
};

}  // namespace matcher::refine
