// Builds and restores index folders: `matcher index`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "matcher/index/tuning.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::pipeline {

struct IndexOptions {
  VectorInput input;
  std::filesystem::path output;
  std::string type = "auto";                    ///< as index::BuildOptions::type
  std::optional<std::uintmax_t> memory_budget;  ///< bytes that the index may take; the type `auto` chooses by it
  std::optional<double> recall;                 ///< recall@10 to which the breadth of searches is raised
  ExecutionOptions execution;
};

struct IndexResult {
  std::filesystem::path folder;
  store::IndexManifest manifest;
  std::optional<store::IndexChanges> changes{};  ///< none if no index was replaced
  std::optional<index::Tuning> tuning{};         ///< if options.recall is set
};

/// Builds an index and writes it to options.output. Replaces an existing index in one step and keeps it for
/// restore_index(). Throws Error(usage) if the folder holds something else, Error(input) if the gallery is empty.
IndexResult build_index(const Context& context, const IndexOptions& options);

/// Exchanges the index with the one that it replaced; a second call undoes the first. Throws Error(input) if either is
/// missing or damaged.
IndexResult restore_index(const std::filesystem::path& folder);

}  // namespace matcher::pipeline
