// The items of one role of a dataset: of several splits, those that are used, with unique ids.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "matcher/dataset/dataset.hpp"

namespace matcher::dataset {

class RoleItems {
 public:
  /// Without `keeps_columns`, items lose their other columns.
  RoleItems(const char* role, bool keeps_columns) : role_(role), keeps_columns_(keeps_columns) {}

  void expect(std::size_t count);
  /// `rank` of the item's split among the usual names; 0: the item is always used.
  void add(Item item, int rank);

  /// Leaves out the items whose split another one goes before. Throws Error(input) for an id that is used twice.
  std::vector<Item> take(std::vector<std::string>& warnings);

 private:
  void drop_lower_ranks(std::vector<std::string>& warnings);
  void check_ids() const;
  [[noreturn]] void fail_twice(const Item& item, const Item& earlier) const;

  const char* role_;
  bool keeps_columns_;
  std::vector<Item> items_;
  std::vector<std::uint8_t> ranks_;
};

}  // namespace matcher::dataset
