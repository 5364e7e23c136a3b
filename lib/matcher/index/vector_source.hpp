// Sources of vectors that need not fit into memory.
#pragma once

#include <cstdint>
#include <functional>

#include "matcher/core/matrix.hpp"

namespace matcher::index {

/// Unit vectors [rows, cols], read in parts.
class VectorSource {
 public:
  virtual ~VectorSource() = default;
  virtual std::size_t rows() const = 0;
  virtual std::size_t cols() const = 0;
  /// Copies the rows from `first` on to `out`, as many as `out` has. Several threads may call it.
  virtual void copy(std::size_t first, Matrix& out) const = 0;
};

/// Borrowed vectors in memory.
class MatrixSource : public VectorSource {
 public:
  explicit MatrixSource(MatrixView vectors) : vectors_(vectors) {}
  std::size_t rows() const override { return vectors_.rows; }
  std::size_t cols() const override { return vectors_.cols; }
  void copy(std::size_t first, Matrix& out) const override;

 private:
  MatrixView vectors_;
};

/// Copies the rows from `first` on to `out` [count, cols], on all threads. `check(first row, rows)` gets each part
/// before it is stored, on any thread. Throws what `check` throws for the first rows.
void copy_rows(const VectorSource& vectors, std::size_t first, std::size_t count, float* out,
               const std::function<void(std::size_t, MatrixView)>& check = {});

/// Calls `use(first row, block)` for all rows in order. Blocks have about 64 MiB, the same on every machine.
void for_each_block(const VectorSource& vectors, const std::function<void(std::size_t, MatrixView)>& use);

/// Draws `count` different rows by `seed`, in rising order; all rows if there are no more.
std::vector<std::size_t> draw_rows(std::size_t rows, std::size_t count, std::uint64_t seed);

/// Copies the given rows, [rows.size(), cols].
Matrix gather(const VectorSource& vectors, const std::vector<std::size_t>& rows);

}  // namespace matcher::index
