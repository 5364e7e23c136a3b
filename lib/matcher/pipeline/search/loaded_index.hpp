// Opens an index folder or a collection of a vector database for search.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/context.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"
#include "matcher/store/index_folder.hpp"
#include "matcher/store/threshold_file.hpp"

namespace matcher::pipeline {

struct LoadedIndex {
  std::filesystem::path folder;  ///< or the address of the collection
  store::IndexManifest manifest;
  std::vector<store::ItemRow> items;  ///< one per row of the index
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> index;  ///< searched with the steps of the variant that built it
  std::string threshold{};                    ///< JSON that is stored with a collection; empty: none
  Maps maps{};                                ///< how queries are mapped
};

/// Returns the threshold that is stored with an index, or nothing if there is none. Throws as store::read_threshold().
std::optional<store::ScoreThreshold> find_stored_threshold(const LoadedIndex& index);

/// Reads an index folder. Throws Error(input) if the folder is missing or damaged, Error(mismatch) if its files do not
/// belong together.
LoadedIndex load_index(const std::filesystem::path& folder);

/// Opens a folder, whose index is searched on the device that `execution` names, or the address of a collection: its
/// live version, or the version that it names. Throws as load_index() and database::open_collection().
LoadedIndex open_index(const Context& context, const std::filesystem::path& place, const ExecutionOptions& execution);

/// Checks that `asked` built the index. Throws Error(mismatch) with both models and the command that rebuilds it.
void check_belongs(const LoadedIndex& index, const ModelIdentity& asked);

/// Throws as check_belongs() if no precision of the model, or of its members, gives the vectors of the index. Reads
/// hashes, loads no network. Does not check ensembles of more than five members.
void check_can_belong(const Context& context, const LoadedIndex& index, const ModelChoice& choice);

/// The flags of `matcher index` that rebuild the index at `place`: "--output FOLDER" or "--to ADDRESS --reindex".
std::string place_flag(const std::filesystem::path& place);

}  // namespace matcher::pipeline
