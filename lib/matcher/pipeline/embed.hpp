// catalogue -> decode threads -> bounded channel -> embedder -> embedding set
#pragma once

#include <filesystem>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/shard.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct EmbedOptions {
  std::string model, dataset;
  Split split = Split::all;
  std::filesystem::path output;  ///< empty: in the work folder, named by dataset, split, model and shard
  ExecutionOptions execution;
  Shard shard{};  ///< the part of the listing that is embedded
};

struct EmbedResult {
  std::filesystem::path folder;
  store::Manifest manifest;
  bool up_to_date = false;  ///< the set was there, of the same pictures and request; no network was loaded
  std::size_t resumed = 0;  ///< pictures that an interrupted run had done
  std::size_t reused = 0;   ///< vectors that came from the cache
};

/// Embeds a dataset's pictures. An output that is already there and up to date is left as it is; an interrupted run is
/// continued; of the rest, what the cache of the work folder has is not embedded again.
EmbedResult embed(const Context& context, const EmbedOptions& options);

/// The same for a dataset and a model that are chosen.
EmbedResult embed(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                  const ModelChoice& choice);

}  // namespace matcher::pipeline
