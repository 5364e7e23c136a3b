#include "matcher/index/exact/lazy_copy.hpp"

#include <algorithm>
#include <new>

#include "matcher/process/memory.hpp"

namespace matcher::index {
namespace {

constexpr std::size_t fewest_rows = 256;      ///< fewer are compared in less time than lists take
constexpr std::size_t rows_per_answer = 16;   ///< with fewer, too many rows may be among the best
constexpr std::size_t queries_per_pass = 16;  ///< queries that are compared while the vectors are read once
constexpr std::size_t passes_to_make = 6;     ///< the time to make a copy, in searches of one query
constexpr std::size_t trial = 32;             ///< unproven answers before the copy is given up

}  // namespace

const RoundedCopy* LazyCopy::find(std::size_t queries, std::size_t k) {
  const bool suits = allowed_ && vectors_.rows >= std::max(fewest_rows, rows_per_answer * k) && is_worth_trying();
  if (!suits || !pays(queries)) return nullptr;
  std::call_once(made_, [this] { make(); });
  return copy_.get();
}

void LazyCopy::report(std::size_t proven, std::size_t unproven) {
  proven_ += proven;
  unproven_ += unproven;
}

bool LazyCopy::is_worth_trying() const { return unproven_ < trial + proven_ / 4; }

bool LazyCopy::pays(std::size_t queries) {
  if (passes_ >= passes_to_make) return true;
  passes_ += 1 + queries / queries_per_pass;
  return passes_ >= passes_to_make;
}

void LazyCopy::make() {
  if (RoundedCopy::bytes(vectors_.rows, vectors_.cols) > available_memory()) return;
  try {
    copy_ = RoundedCopy::make(vectors_);
  } catch (const std::bad_alloc&) {  // compare every vector, which needs no copy
  }
}

}  // namespace matcher::index
