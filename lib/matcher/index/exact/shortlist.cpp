#include "matcher/index/exact/shortlist.hpp"

#include <algorithm>
#include <functional>

namespace matcher::index {

void Shortlist::offer(std::uint32_t row, double middle, double half) {
  if (full_) return;
  const double upper = middle + half;
  entries_.push_back({float(upper + std::abs(upper) * 0x1p-23), row});  // rounding to float must not lower it
  raise_threshold(middle - half);
  if (entries_.size() >= limit_) prune();
}

void Shortlist::raise_threshold(double lower) {
  if (lowers_.size() == k_) {
    if (!(lower > lowers_.front())) return;
    std::ranges::pop_heap(lowers_, std::greater());
    lowers_.pop_back();
  }
  lowers_.push_back(lower);
  std::ranges::push_heap(lowers_, std::greater());
  if (lowers_.size() == k_) threshold_ = float(lowers_.front());
}

void Shortlist::prune() {
  std::erase_if(entries_, [this](const Entry& entry) { return entry.upper < threshold_; });
  full_ = entries_.size() > limit_ / 2;
  if (full_) entries_ = {};
}

}  // namespace matcher::index
