// What there is to embed, in the order of the dataset: the gallery, then the queries; or one shard of that.
#pragma once

#include <string>
#include <vector>

#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/shard.hpp"

namespace matcher::pipeline {

struct Listing {
  std::vector<Work> works;  ///< of the shard, into the dataset
  std::string source;       ///< fingerprint of all that can be told of these without reading them: also sizes and times
  std::string whole;  ///< fingerprint of ids, roles, labels and texts of the whole, which is that on every machine
};

/// Throws Error(input) when there is nothing to embed.
Listing listing_of(const dataset::Dataset& data, Split split, const Shard& shard);

}  // namespace matcher::pipeline
