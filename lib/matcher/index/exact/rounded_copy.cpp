#include "matcher/index/exact/rounded_copy.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <new>
#include <numeric>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t most_dimensions = 65536;  ///< products of more codes could exceed 32 bits
constexpr double largest_length = 1e15;         ///< products of longer vectors could exceed a float
constexpr std::size_t mean_sample = 1024;       ///< any mean is correct; a better one makes smaller errors
constexpr std::size_t rows_per_task = 256;

/// Bounds the rounding of all steps but the codes, per product of lengths: about 16 roundings to float, of sums that
/// may be twice as large, and sums in double.
constexpr double float_rounding = 0x1p-18;
constexpr double smallest_rounding = 1e-30;  ///< bounds the rounding of numbers below the range of float

std::size_t rounded_up(std::size_t count, std::size_t block) { return (count + block - 1) / block * block; }

std::vector<float> estimate_mean(MatrixView vectors) {
  const auto count = std::min(vectors.rows, mean_sample);
  std::vector<double> sums(vectors.cols);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = vectors.row(i * vectors.rows / count);
    for (std::size_t j = 0; j < row.size(); ++j) sums[j] += row[j];
  }
  std::vector<float> mean(vectors.cols);
  std::ranges::transform(sums, mean.begin(), [count](double sum) { return float(sum / double(count)); });
  return mean;
}

bool in_range(double length) { return length <= largest_length; }  // false for NaN

float above(double value) { return std::nextafter(float(value), INFINITY); }

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  constexpr std::size_t line = 64, large_page = std::size_t{2} << 20;
  const auto alignment = bytes >= 4 * large_page ? large_page : line;
  const auto size = rounded_up(bytes, alignment);
  void* memory = std::aligned_alloc(alignment, size);
  if (memory == nullptr) throw std::bad_alloc();
  if (alignment == large_page) ::madvise(memory, size, MADV_HUGEPAGE);
  return memory;
}

std::unique_ptr<RoundedCopy> RoundedCopy::make(MatrixView vectors) {
  if (!find_kernels() || vectors.rows == 0 || vectors.cols > most_dimensions) return nullptr;
  std::unique_ptr<RoundedCopy> copy(new RoundedCopy(vectors));
  return copy->round_all(vectors) ? std::move(copy) : nullptr;
}

std::uintmax_t RoundedCopy::bytes(std::size_t n, std::size_t d) {
  return std::uintmax_t(n) * (rounded_up(d, code_block) + sizeof(RoundedRow)) + 4 * d;
}

RoundedCopy::RoundedCopy(MatrixView vectors)
    : stride_(rounded_up(vectors.cols, code_block)),
      mean_(estimate_mean(vectors)),
      mean_length_(std::sqrt(inner_product(mean_, mean_))),
      codes_(vectors.rows * stride_),
      rows_(vectors.rows) {}

/// Returns false if a vector is too long.
bool RoundedCopy::round_all(MatrixView vectors) {
  const auto& kernels = *find_kernels();
  std::atomic<bool> suits = in_range(mean_length_);
  for_each_row((size() + rows_per_task - 1) / rows_per_task, [&](std::size_t task) {
    const auto first = task * rows_per_task, last = std::min(first + rows_per_task, size());
    for (auto i = first; i < last; ++i) {
      auto* codes = codes_.get() + i * stride_;
      rows_[i] = kernels.round(vectors.row(i).data(), mean(), dimension(), code_zero, codes);
      std::memset(codes + dimension(), code_zero, stride_ - dimension());
      if (!in_range(double(rows_[i].length) + rows_[i].error)) suits = false;
    }
  });
  return suits;
}

RoundedQueries::RoundedQueries(const RoundedCopy& copy, MatrixView queries)
    : size_(queries.rows),
      lanes_(rounded_up(queries.rows, lane_block)),
      stride_(copy.stride()),
      codes_(lanes_ * stride_),
      scale_(lanes_),
      per_error_(lanes_),
      per_length_(lanes_),
      base_(lanes_),
      constant_(lanes_),
      rest_(lanes_),
      offset_(lanes_),
      usable_(lanes_) {
  const auto& kernels = *find_kernels();
  const double mean = copy.mean_length();
  std::memset(codes_.get() + size_ * stride_, 0, (lanes_ - size_) * stride_);
  for_each_row(size_, [&](std::size_t i) {
    auto* codes = codes_.get() + i * stride_;
    const auto query = kernels.round(queries.row(i).data(), copy.mean(), queries.cols, 0, codes);
    std::memset(codes + queries.cols, 0, stride_ - queries.cols);
    const double length = double(query.length) + query.error, slack = float_rounding * (length + mean);
    usable_[i] = in_range(length);
    scale_[i] = query.scale;
    per_error_[i] = above(length + slack);
    per_length_[i] = above(query.error + slack);
    constant_[i] = query.with_mean + mean * mean;
    rest_[i] = slack * mean + smallest_rounding;
    base_[i] = above(constant_[i] + rest_[i]);
    const auto* signed_codes = reinterpret_cast<const std::int8_t*>(codes);
    offset_[i] = code_zero * std::accumulate(signed_codes, signed_codes + queries.cols, std::int32_t{0});
  });
}

QueryBounds RoundedQueries::bounds() const {
  return {scale_.data(), per_error_.data(), per_length_.data(), base_.data(), offset_.data()};
}

RoundedQueries::Interval RoundedQueries::find_interval(std::size_t query, const RoundedRow& row,
                                                       std::int32_t product) const {
  return {constant_[query] + row.with_mean + double(scale_[query]) * row.scale * product,
          double(row.error) * per_error_[query] + double(row.length) * per_length_[query] + rest_[query]};
}

}  // namespace matcher::index
