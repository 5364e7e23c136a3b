// Joins several embedding sets: shards of one listing, or sets of several datasets by one model.
#pragma once

#include <filesystem>
#include <vector>

#include "matcher/core/role.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"

namespace matcher::pipeline {

/// Says if all shards of a listing must be among the sets. Joined, some of them stay shards in their manifest.
enum class Shards { all, some };

/// Opens the sets and joins the items of `split`, shards in their order. For Split::gallery, sets without gallery items
/// give all their items. Throws Error(mismatch), naming the sets, for different models, for shards that are missing,
/// given twice or of other data, and for an id that two sets have.
StoredVectors join_sets(const std::vector<std::filesystem::path>& folders, Split split, Shards shards = Shards::all);

}  // namespace matcher::pipeline
