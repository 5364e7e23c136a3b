#include "matcher/dataset/collecting/role_items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "matcher/core/error.hpp"

namespace matcher::dataset {

void RoleItems::expect(std::size_t count) {
  items_.reserve(items_.size() + count);
  ranks_.reserve(ranks_.size() + count);
}

void RoleItems::add(Item item, int rank) {
  if (!keeps_columns_) item.others = {};
  items_.push_back(std::move(item));
  ranks_.push_back(std::uint8_t(rank));
}

std::vector<Item> RoleItems::take(std::vector<std::string>& warnings) {
  drop_lower_ranks(warnings);
  check_ids();
  return std::move(items_);
}

void RoleItems::drop_lower_ranks(std::vector<std::string>& warnings) {
  std::uint8_t best = 0;
  for (const auto rank : ranks_)
    if (rank > 0 && (best == 0 || rank < best)) best = rank;
  const auto is_dropped = [&](std::size_t i) { return ranks_[i] > best; };
  std::map<std::string, std::size_t> dropped;
  std::size_t kept = 0;
  std::string used;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (is_dropped(i)) {
      ++dropped[items_[i].split];
      continue;
    }
    if (ranks_[i] == best && best > 0) used = items_[i].split;
    if (kept != i) items_[kept] = std::move(items_[i]);
    ++kept;
  }
  items_.resize(kept);
  for (const auto& [split, count] : dropped)
    warnings.push_back(
        fmt::format("{} item{} of the split \"{}\" {} not used: \"{}\" has the {}. To use other splits, "
                    "name them under roles in a dataset.yaml",
                    count, count == 1 ? "" : "s", split, count == 1 ? "is" : "are", used, role_));
}

/// Compares hashes of ids: a table of five million ids would need more memory than the items.
void RoleItems::check_ids() const {
  std::vector<std::pair<std::size_t, std::uint32_t>> hashes;
  hashes.reserve(items_.size());
  for (std::size_t i = 0; i < items_.size(); ++i)
    hashes.emplace_back(std::hash<std::string>{}(items_[i].id), std::uint32_t(i));
  std::ranges::sort(hashes);
  auto first = items_.size();
  std::size_t other = 0;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    for (std::size_t j = i + 1; j < hashes.size() && hashes[j].first == hashes[i].first; ++j) {
      if (items_[hashes[i].second].id != items_[hashes[j].second].id || hashes[j].second >= first) continue;
      first = hashes[j].second;
      other = hashes[i].second;
    }
  }
  if (first < items_.size()) fail_twice(items_[first], items_[other]);
}

void RoleItems::fail_twice(const Item& item, const Item& earlier) const {
  throw Error(ErrorCode::input, fmt::format("{}: {} already uses the id \"{}\". An id must be unique within the {}",
                                            describe_origin(item), describe_origin(earlier), item.id, role_));
}

}  // namespace matcher::dataset
