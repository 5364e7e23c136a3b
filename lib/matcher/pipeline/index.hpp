// Builds and restores index folders, and opens indexes and collections for search.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/database/access.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/vector_input.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::pipeline {

struct IndexOptions {
  VectorInput input;
  std::filesystem::path output;
  std::string type = "auto";                    ///< as index::BuildOptions::type
  std::optional<std::uintmax_t> memory_budget;  ///< bytes that the index may take; the type `auto` chooses by it
  ExecutionOptions execution;
};

struct IndexResult {
  std::filesystem::path folder;
  store::IndexManifest manifest;
  std::optional<store::IndexChanges> changes{};  ///< none if no index was replaced
};

/// Builds an index and writes it to options.output. Replaces an existing index in one step and keeps it for
/// restore_index(). Throws Error(usage) if the folder holds something else, Error(input) if the gallery is empty.
IndexResult build_index(const Context& context, const IndexOptions& options);

/// Exchanges the index with the one that it replaced; a second call undoes the first. Throws Error(input) if either is
/// missing or damaged.
IndexResult restore_index(const std::filesystem::path& folder);

/// Reads the embedding sets of `input`, or embeds its dataset by its model as far as needed.
StoredVectors vectors_for(const Context& context, const VectorInput& input, const ExecutionOptions& execution);

/// How vector databases are contacted, from the settings.
database::Access database_access(const Context& context);

/// "--output FOLDER", or "--to ADDRESS --reindex": the flags of `matcher index` that rebuild the index at `place`.
std::string place_flag(const std::filesystem::path& place);

struct LoadedIndex {
  std::filesystem::path folder;
  store::IndexManifest manifest;
  std::vector<store::ItemRow> items;
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> index;
};

/// Throws Error(input) if the folder is missing or damaged, Error(mismatch) if its files do not belong together.
LoadedIndex load_index(const std::filesystem::path& folder);

/// Opens a folder, whose index is searched on the device that `execution` names, or the address of a collection: its
/// live version, or the version that it names. Throws as load_index() and database::open_collection().
LoadedIndex open_index(const Context& context, const std::filesystem::path& place, const ExecutionOptions& execution);

/// Checks that `asked` built the index. Throws Error(mismatch) with both models and the command that rebuilds it.
void check_belongs(const LoadedIndex& index, const ModelIdentity& asked);

}  // namespace matcher::pipeline
