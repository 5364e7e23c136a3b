#include "matcher/pipeline/search/self_match.hpp"

#include <algorithm>
#include <iterator>

namespace matcher::pipeline {

RowsBy group_rows(std::span<const store::ItemRow> items, std::string store::ItemRow::*field) {
  RowsBy groups;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (!(items[i].*field).empty()) groups[items[i].*field].push_back(i);
  }
  return groups;
}

const Rows& find_rows(const RowsBy& groups, std::string_view key) {
  static const Rows none;
  const auto found = groups.find(key);
  return found == groups.end() ? none : found->second;
}

SelfMatch::SelfMatch(std::span<const store::ItemRow> gallery)
    : by_id_(group_rows(gallery, &store::ItemRow::id)), by_hash_(group_rows(gallery, &store::ItemRow::content_hash)) {}

Rows SelfMatch::rows(const store::ItemRow& query) const {
  Rows rows;
  std::ranges::set_union(find_rows(by_id_, query.id), find_rows(by_hash_, query.content_hash),
                         std::back_inserter(rows));
  return rows;
}

}  // namespace matcher::pipeline
