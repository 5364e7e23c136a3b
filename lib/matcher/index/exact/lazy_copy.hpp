// Decides whether a rounded copy of an index pays, and makes it once.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>

#include "matcher/index/exact/rounded_copy.hpp"

namespace matcher::index {

/// Several threads may call it.
class LazyCopy {
 public:
  /// Borrows the vectors.
  explicit LazyCopy(MatrixView vectors) : vectors_(vectors) {}
  /// Never makes the copy.
  void forbid() { allowed_ = false; }

  /// Returns the copy, or nullptr while comparing every vector is expected to be faster. Makes the copy once searches
  /// have cost more than it does.
  const RoundedCopy* find(std::size_t queries, std::size_t k);
  /// Counts the answers of a search that were proven and those that were not.
  void report(std::size_t proven, std::size_t unproven);
  /// True if answers were proven before.
  bool is_proven() const { return proven_ > 0; }
  /// False once too few answers were proven.
  bool is_worth_trying() const;

 private:
  bool pays(std::size_t queries);
  void make();

  const MatrixView vectors_;
  std::atomic<bool> allowed_ = true;
  std::atomic<std::size_t> passes_ = 0, proven_ = 0, unproven_ = 0;
  std::once_flag made_;
  std::unique_ptr<const RoundedCopy> copy_;
};

}  // namespace matcher::index
