// Sorts the items of all sources of a dataset into gallery and queries.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "matcher/core/shared_text.hpp"
#include "matcher/dataset/collecting/role_items.hpp"
#include "matcher/dataset/formats/formats.hpp"

namespace matcher::dataset {

/// Takes one source after the other: begin(), its items, end().
class Collector : public Sink {
 public:
  /// It borrows the description.
  explicit Collector(const Description& description) : description_(description) {}

  void begin(const Source& source);
  void expect(std::size_t count) override;
  void add(Item item) override;
  bool keeps_columns() const override { return description_.kept_columns != KeptColumns::none; }
  void warn(std::string sentence) override { warnings_.push_back(std::move(sentence)); }
  /// Refuses a role whose split no item has: it is a typing error, not an empty role. Throws Error(input).
  void end() const;

  /// Throws Error(input) for an id that a role has twice.
  Dataset take();

 private:
  bool is_wanted(const Item& item) const;
  bool plays(Role role, const std::string& split) const;
  void add_usual(Item item);

  const Description& description_;
  const Source* source_ = nullptr;
  RoleItems gallery_{"gallery", description_.kept_columns == KeptColumns::of_all}, queries_{"queries", true};
  std::vector<std::string> warnings_;
  std::set<std::string> seen_;
  SharedText last_split_;
};

}  // namespace matcher::dataset
