// embedding set -> index, in its CPU form on disk: index.faiss, items.csv, manifest.json
#pragma once

#include <memory>
#include <optional>

#include "matcher/index/plan.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/vectors/stored_vectors.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::pipeline {

struct IndexOptions {
  std::string model, dataset;                     ///< either these two,
  std::vector<std::filesystem::path> embeddings;  ///< or embedding sets, taken as one
  Split split = Split::gallery;                   ///< of the dataset
  std::filesystem::path output;
  std::string type = "auto";
  std::optional<std::uintmax_t> memory_budget;  ///< bytes of the index; what `auto` chooses by
  bool rollback = false;                        ///< the index, or version, that was there before takes its place again
  ExecutionOptions execution;
  std::string to;                ///< the address of a collection, instead of output; for index_remotely()
  std::filesystem::path backup;  ///< the live version is written here first, as an embedding set; empty: it is not
  bool reindex = false;          ///< another model or dataset than the live version's may replace it
  bool stage = false;            ///< prove a new version, but leave the live one live
  bool drop_old = false;         ///< drop the versions that are not live in the end
  double min_agreement = 0.95;   ///< share of the exact top 10 that a collection must answer to be made live
};

struct IndexResult {
  std::filesystem::path folder;
  store::IndexManifest manifest;
  std::optional<store::IndexChanges> changes{};  ///< none where there was no index
};

/// What an index is built over: the embedding sets of `options`, or the embeddings of its dataset by its model.
StoredVectors vectors_for(const Context& context, const IndexOptions& options);

/// Replaces an index that is there, in one step, and keeps it beside the new one for `rollback`; never another folder.
IndexResult build_index(const Context& context, const IndexOptions& options);

/// What an index would be and cost. Nothing is written; pictures are counted, not read.
struct IndexPlan {
  index::Plan plan;
  std::size_t vectors = 0, dimension = 0;
  std::uintmax_t item_bytes = 0;  ///< in memory, of what describes the items
  double seconds = 0;             ///< of building, without embedding
};
IndexPlan plan_index(const Context& context, const IndexOptions& options);

/// "--output FOLDER", or "--to ADDRESS --reindex": how `matcher index` is told to build at `place` anew.
std::string place_flag(const std::filesystem::path& place);

struct LoadedIndex {
  std::filesystem::path folder;
  store::IndexManifest manifest;
  std::vector<store::ItemRow> items;
  std::vector<std::string> ids;
  std::unique_ptr<index::VectorIndex> index;
};

/// Throws Error(input) when it is not there or damaged, Error(mismatch) when its files do not belong together.
LoadedIndex load_index(const std::filesystem::path& folder);

/// Throws Error(mismatch), naming both sides and the command that mends it, unless the index was built by this very
/// model.
void check_belongs(const LoadedIndex& index, const ModelIdentity& asked);

}  // namespace matcher::pipeline
