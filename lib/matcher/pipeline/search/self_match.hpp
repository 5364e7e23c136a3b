// Finds the gallery rows that are the query itself, which an answer must not contain.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// Rising rows of items.
using Rows = std::vector<std::uint32_t>;
/// The rows by the value of a field. Keys are borrowed from the items, which must outlive them.
using RowsBy = std::unordered_map<std::string_view, Rows>;

/// Groups items by a field; items where the field is empty are left out.
RowsBy group_rows(std::span<const store::ItemRow> items, std::string store::ItemRow::*field);
/// The rows of a group, or none.
const Rows& find_rows(const RowsBy& groups, std::string_view key);

/// A gallery image is the query itself if it has the same id or the same bytes.
class SelfMatch {
 public:
  /// Borrows `gallery`, which must outlive this object.
  explicit SelfMatch(std::span<const store::ItemRow> gallery);

  /// The rows that are `query` itself, rising, each once.
  Rows rows(const store::ItemRow& query) const;

 private:
  RowsBy by_id_, by_hash_;
};

}  // namespace matcher::pipeline
