// Vectors that need not be in memory at once.
#pragma once

#include <cstdint>
#include <functional>

#include "matcher/core/matrix.hpp"

namespace matcher::index {

/// Unit vectors [rows, cols], handed out in parts.
class VectorSource {
 public:
  virtual ~VectorSource() = default;
  virtual std::size_t rows() const = 0;
  virtual std::size_t cols() const = 0;
  /// The rows from `first` on into `out`, as many as `out` has.
  virtual void copy(std::size_t first, Matrix& out) const = 0;
};

/// Vectors that are in memory.
class MatrixSource : public VectorSource {
 public:
  explicit MatrixSource(MatrixView vectors) : vectors_(vectors) {}
  std::size_t rows() const override { return vectors_.rows; }
  std::size_t cols() const override { return vectors_.cols; }
  void copy(std::size_t first, Matrix& out) const override;

 private:
  MatrixView vectors_;
};

/// Calls `use(first, block)` for all rows in order, in blocks of about 64 MiB, the same whatever the machine.
void for_each_block(const VectorSource& vectors, const std::function<void(std::size_t, MatrixView)>& use);

/// `count` rows drawn without repeating by `seed`, in ascending order; all of them where there are no more.
std::vector<std::size_t> draw_rows(std::size_t rows, std::size_t count, std::uint64_t seed);

/// Those rows, [count, cols].
Matrix gather(const VectorSource& vectors, const std::vector<std::size_t>& rows);

}  // namespace matcher::index
