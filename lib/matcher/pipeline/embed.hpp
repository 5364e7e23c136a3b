// catalogue -> decode threads -> bounded channel -> embedder -> embedding set
#pragma once

#include <filesystem>
#include <string>

#include "matcher/pipeline/context.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

struct EmbedOptions {
  std::string model, dataset;
  std::string split = "all";       ///< gallery, queries or all
  std::filesystem::path output;    ///< empty: in the work folder, named by dataset, split and model
  RunOptions run;
};

struct EmbedResult {
  std::filesystem::path folder;
  store::Manifest manifest;
  bool up_to_date = false;   ///< the set was there, of the same pictures and model
  std::size_t resumed = 0;   ///< pictures that an interrupted run had done
};

/// Embeds a dataset's pictures. An output that is already there and up to date is left as it is; an interrupted run is
/// continued.
EmbedResult embed(const Context& context, const EmbedOptions& options);

/// The same for a dataset and an embedder that are loaded.
EmbedResult embed(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                  model::Embedder& embedder, const std::string& model_name, std::uintmax_t model_size);

/// What eval and index work on: unit vectors [n, d] of one role with their items.
struct VectorSet {
  Matrix unit;
  std::vector<store::ItemRow> items;
  std::size_t failures = 0;
  store::Manifest manifest;
};

/// Embeds (or finds in the work folder) the members' sets, each once, and joins them.
VectorSet embedded(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                   const dataset::Dataset& data, const std::string& split, const RunOptions& run);

std::vector<std::string> ids_of(const std::vector<store::ItemRow>& items);

}  // namespace matcher::pipeline
