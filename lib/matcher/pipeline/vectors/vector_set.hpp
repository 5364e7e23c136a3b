// Unit vectors in memory, with the items that they belong to.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/pipeline/vectors/open_vectors.hpp"

namespace matcher::pipeline {

struct VectorSet {
  Matrix unit;  ///< [n, d], each of length 1
  std::vector<store::ItemRow> items;
  std::size_t failures = 0;  ///< unusable images
  store::Manifest manifest;
  CacheUse cache{};  ///< how this command used the cache
  Maps maps{};       ///< how queries are mapped, for a variant's gallery
};

/// Reads all vectors.
VectorSet load_into_memory(StoredVectors stored);

/// embed_or_open(), read into memory.
VectorSet embed_or_load(const Context& context, const ModelChoice& choice, const dataset::Dataset& data, Split split,
                        const ExecutionOptions& execution);

std::vector<std::string> ids_of(std::span<const store::ItemRow> items);

}  // namespace matcher::pipeline
