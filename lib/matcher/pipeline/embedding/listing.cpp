#include "matcher/pipeline/embedding/listing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/files/content_place.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/temporary.hpp"

namespace matcher::pipeline {
namespace {

const char* name_of_items(Split split) {
  if (split == Split::all) return "items";
  return split == Split::gallery ? "gallery items" : "queries";
}

std::vector<Work> works_of(const dataset::Dataset& data, Split split) {
  std::vector<Work> works;
  const auto add = [&](const std::vector<dataset::Item>& items, Role role) {
    if (!contains(split, role)) return;
    for (const auto& item : items) works.push_back({&item, role});
  };
  add(data.gallery, Role::gallery);
  add(data.queries, Role::queries);
  if (!works.empty()) return works;
  throw Error(ErrorCode::input,
              fmt::format("dataset \"{}\" has no {}: nothing to embed; check the roles and splits of its sources",
                          data.name, name_of_items(split)));
}

std::vector<Work> part_of(const std::vector<Work>& works, const Shard& shard, const std::string& dataset) {
  if (shard.of > works.size()) {
    throw Error(ErrorCode::usage, fmt::format("--shard {}/{} needs more items than the {} of \"{}\"; use at most {} "
                                              "shards",
                                              shard.number, shard.of, works.size(), dataset, works.size()));
  }
  const auto first = works.size() * (shard.number - 1) / shard.of, last = works.size() * shard.number / shard.of;
  return {works.begin() + std::ptrdiff_t(first), works.begin() + std::ptrdiff_t(last)};
}

std::string source_fingerprint(const std::vector<Work>& works) {
  Hasher hasher;
  for (const auto& [item, role] : works) {
    const auto role_name = to_string(role);
    for (const std::string* text : {&item->id, &item->path, &item->label.text(), &role_name, &item->split.text(),
                                    &item->view.text(), &item->category.text(), &item->text.text()})
      hasher.field(*text);
    if (!item->group.empty()) hasher.field(item->group.text());
    hasher.field(item->path.empty() ? "" : file_state(parse_place(item->path).file));
  }
  return hasher.hex();
}

std::string listing_fingerprint(const std::vector<Work>& works) {
  Hasher hasher;
  for (const auto& [item, role] : works)
    hasher.field(item->id).field(to_string(role)).field(item->label.text()).field(item->text.text());
  return hasher.hex();
}

store::ItemColumns columns_of(const std::vector<Work>& works) {
  const bool has_group = std::ranges::any_of(works, [](const Work& work) { return !work.item->group.empty(); });
  return has_group ? store::ItemColumns::with_group : store::ItemColumns::usual;
}

}  // namespace

Listing list_works(const dataset::Dataset& data, Split split, const Shard& shard) {
  auto works = works_of(data, split);
  auto whole = listing_fingerprint(works);
  const auto columns = columns_of(works);
  if (shard.of > 1) works = part_of(works, shard, data.name);
  auto source = source_fingerprint(works);
  return {std::move(works), std::move(source), columns, std::move(whole)};
}

}  // namespace matcher::pipeline
