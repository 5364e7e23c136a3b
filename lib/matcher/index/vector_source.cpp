#include "matcher/index/vector_source.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t part_floats = std::size_t{1} << 17;   // stays in the second cache
constexpr std::size_t block_floats = std::size_t{1} << 24;  // 64 MiB

}  // namespace

void MatrixSource::copy(std::size_t first, Matrix& out) const {
  const auto from = vectors_.slice(first, out.rows);
  std::copy_n(from.data, out.rows * out.cols, out.data.begin());
}

void copy_rows(const VectorSource& vectors, std::size_t first, std::size_t count, float* out,
               const std::function<void(std::size_t, MatrixView)>& check) {
  const auto size = std::max<std::size_t>(1, part_floats / vectors.cols());
  for_each_row((count + size - 1) / size, [&](std::size_t i) {
    Matrix part(std::min(size, count - i * size), vectors.cols());
    vectors.copy(first + i * size, part);
    if (check) check(first + i * size, part.view());
    std::ranges::copy(part.data, out + i * size * vectors.cols());
  });
}

void for_each_block(const VectorSource& vectors, const std::function<void(std::size_t, MatrixView)>& use) {
  const auto size = std::max<std::size_t>(1, block_floats / vectors.cols());
  Matrix block;
  for (std::size_t first = 0; first < vectors.rows(); first += size) {
    const auto count = std::min(size, vectors.rows() - first);
    if (block.rows != count) block = Matrix(count, vectors.cols());
    copy_rows(vectors, first, count, block.data.data());
    use(first, block.view());
  }
}

/// Selection sampling: Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S.
std::vector<std::size_t> draw_rows(std::size_t rows, std::size_t count, std::uint64_t seed) {
  count = std::min(rows, count);
  std::vector<std::size_t> drawn;
  drawn.reserve(count);
  std::mt19937_64 random(seed);
  for (std::size_t row = 0; drawn.size() < count; ++row) {
    if (random() % (rows - row) < count - drawn.size()) drawn.push_back(row);
  }
  return drawn;
}

Matrix gather(const VectorSource& vectors, const std::vector<std::size_t>& rows) {
  Matrix all(rows.size(), vectors.cols()), one(1, vectors.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    vectors.copy(rows[i], one);
    std::ranges::copy(one.data, all.row(i).begin());
  }
  return all;
}

}  // namespace matcher::index
