// Embeds a dataset into an embedding set on disk: `matcher embed`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "matcher/core/role.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/pipeline/shard.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct EmbedOptions {
  std::string model;
  DatasetRequest dataset;
  Split split = Split::all;
  std::filesystem::path output;  ///< empty: in the work folder, named by dataset, split, model and shard
  ExecutionOptions execution;
  Shard shard{};
};

struct EmbedResult {
  std::filesystem::path folder;
  store::Manifest manifest;
  bool up_to_date = false;   ///< the set existed already; no network was loaded
  std::size_t resumed = 0;   ///< items that an interrupted run had finished
  std::size_t reused = 0;    ///< vectors from the cache
  std::size_t embedded = 0;  ///< vectors that the network computed, and failures
};

/// Embeds the items of a dataset. Leaves a set that is up to date as it is, continues an interrupted run, and takes
/// vectors from the cache where it has them. Throws Error(usage) for unknown names, Error(input) if nothing can be
/// embedded.
EmbedResult embed(const Context& context, const EmbedOptions& options);

}  // namespace matcher::pipeline
