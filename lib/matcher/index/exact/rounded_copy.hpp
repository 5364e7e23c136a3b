// A copy of vectors with one byte per dimension, from which a search finds the rows that may be among the best.
//
// A row x is stored as codes c and a scale s after the mean m was subtracted: x - m = s c + e. A query q likewise:
// q - m = t g + f. Then <x, q> = s t <c, g> + <x - m, m> + <m, q> + <e, q - m> + <s c, f>. The product of codes is
// exact in integers, and the last two terms are at most |e| |q - m| + |s c| |f|.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/index/exact/kernels.hpp"

namespace matcher::index {

/// Memory that starts at a cache line and is not cleared. Large memory uses large pages, with which reading it all is
/// half as fast again.
void* allocate_aligned(std::size_t bytes);

template <typename T>
class Aligned {
 public:
  explicit Aligned(std::size_t size) : data_(static_cast<T*>(allocate_aligned(size * sizeof(T)))) {}
  T* get() const { return data_.get(); }

 private:
  struct Free {
    void operator()(T* data) const { std::free(data); }
  };
  std::unique_ptr<T[], Free> data_;
};

class RoundedCopy {
 public:
  /// Returns nullptr if this processor or these vectors do not suit: too many dimensions, or lengths out of range.
  static std::unique_ptr<RoundedCopy> make(MatrixView vectors);
  /// The memory that a copy of `n` vectors takes.
  static std::uintmax_t bytes(std::size_t n, std::size_t d);

  std::size_t size() const { return rows_.size(); }
  std::size_t dimension() const { return mean_.size(); }
  std::size_t stride() const { return stride_; }
  const std::uint8_t* codes(std::size_t row) const { return codes_.get() + row * stride_; }
  const RoundedRow* row(std::size_t row) const { return &rows_[row]; }
  const float* mean() const { return mean_.data(); }
  double mean_length() const { return mean_length_; }

 private:
  explicit RoundedCopy(MatrixView vectors);
  bool round_all(MatrixView vectors);

  const std::size_t stride_;
  std::vector<float> mean_;
  double mean_length_ = 0;
  Aligned<std::uint8_t> codes_;
  std::vector<RoundedRow> rows_;
};

/// Rounded queries, and the bounds of their scores.
class RoundedQueries {
 public:
  RoundedQueries(const RoundedCopy& copy, MatrixView queries);

  QueryCodes codes() const { return {codes_.get(), size_, lanes_, stride_}; }
  QueryBounds bounds() const;
  std::size_t size() const { return size_; }
  std::size_t lanes() const { return lanes_; }
  /// False if the query's length is out of range, so that nothing is proven.
  bool is_usable(std::size_t query) const { return usable_[query] != 0; }

  /// The interval that contains a score, as its middle and half its width.
  struct Interval {
    double middle, half;
  };
  Interval find_interval(std::size_t query, const RoundedRow& row, std::int32_t product) const;

 private:
  const std::size_t size_, lanes_, stride_;
  Aligned<std::uint8_t> codes_;
  std::vector<float> scale_, per_error_, per_length_, base_;
  std::vector<double> constant_, rest_;
  std::vector<std::int32_t> offset_;
  std::vector<std::uint8_t> usable_;
};

}  // namespace matcher::index
