// Lists what to embed, in the order of the dataset: the gallery, then the queries; or one shard of both.
#pragma once

#include <string>
#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/dataset/dataset.hpp"
#include "matcher/pipeline/shard.hpp"
#include "matcher/store/items.hpp"

namespace matcher::pipeline {

/// One item to embed.
struct Work {
  const dataset::Item* item = nullptr;  ///< borrowed from the dataset
  Role role = Role::gallery;
};

struct Listing {
  std::vector<Work> works;  ///< those of the shard
  std::string source;       ///< fingerprint of the shard without reading images: ids, labels, sizes, times of change
  store::ItemColumns columns = store::ItemColumns::usual;  ///< that the rows of all shards need
  std::string whole;  ///< fingerprint of ids, roles, labels and texts of all shards; the same on every machine
};

/// Throws Error(input) if there is nothing to embed, Error(usage) if there are more shards than items.
Listing list_works(const dataset::Dataset& data, Split split, const Shard& shard);

}  // namespace matcher::pipeline
