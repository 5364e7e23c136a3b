// Collects the rows that may be among the best k for one query.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace matcher::index {

/// Rows are offered with intervals that contain their scores. A row is dropped only if its score, rounded to float, is
/// below the k-th best; then no tie can bring it back.
class Shortlist {
 public:
  struct Entry {
    float upper;  ///< the score is not larger
    std::uint32_t row;
  };

  explicit Shortlist(std::size_t k) : k_(k), limit_(2 * (least_limit + per_answer * k)) {}

  /// Offers a row whose score is `half` or less from `middle`.
  void offer(std::uint32_t row, double middle, double half);
  /// No row with an upper bound below is needed. Infinite if the list is full.
  float threshold() const { return full_ ? INFINITY : threshold_; }
  /// True if too many rows may be among the best: comparing every vector is faster.
  bool is_full() const { return full_; }
  std::span<const Entry> entries() const { return entries_; }

 private:
  static constexpr std::size_t least_limit = 512, per_answer = 8;
  void raise_threshold(double lower);
  void prune();

  std::size_t k_, limit_;
  std::vector<Entry> entries_;
  std::vector<double> lowers_;  ///< the k largest lower bounds, the smallest first: a heap
  float threshold_ = -INFINITY;
  bool full_ = false;
};

}  // namespace matcher::index
