// What there is to embed, in the order of the dataset: the gallery, then the queries; or one shard of that.
#pragma once

#include <string>
#include <vector>

#include "matcher/pipeline/embedding/decoder.hpp"

namespace matcher::pipeline {

/// Part `number` of `of`, from 1: of n items those from n (number - 1) / of on to n number / of, rounded down.
struct Shard {
  std::size_t number = 1, of = 1;
  bool operator==(const Shard&) const = default;
};

/// "3/16". Throws Error(usage).
Shard parse_shard(const std::string& text);

struct Listing {
  std::vector<Work> works;  ///< of the shard, into the dataset
  std::string source;       ///< fingerprint of all that can be told of these without reading them: also sizes and times
  std::string whole;  ///< fingerprint of ids, roles, labels and texts of the whole, which is that on every machine
};

/// Throws Error(input) when there is nothing to embed.
Listing listing_of(const dataset::Dataset& data, Split split, const Shard& shard);

}  // namespace matcher::pipeline
