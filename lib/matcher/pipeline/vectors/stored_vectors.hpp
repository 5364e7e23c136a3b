// The unit vectors that index and eval work on, read from embedding sets where these lie.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "matcher/index/vector_source.hpp"
#include "matcher/pipeline/embedding/embed_set.hpp"

namespace matcher::pipeline {

/// Rows of one or several embedding sets, of one model or, joined, of the members of an ensemble.
class StoredVectors : public index::VectorSource {
 public:
  std::size_t rows() const override { return items.size(); }
  std::size_t cols() const override { return manifest.model.dimension; }
  void copy(std::size_t first, Matrix& out) const override;

  std::vector<store::ItemRow> items;
  std::size_t failures = 0;
  store::Manifest manifest;

 private:
  friend StoredVectors stored_vectors(const Context&, const ModelChoice&, const std::string&, const dataset::Dataset&,
                                      Split, const ExecutionOptions&);
  friend StoredVectors joined(const std::vector<std::filesystem::path>&, Split);
  struct Place {
    std::uint32_t set = 0, row = 0;
  };
  std::vector<std::vector<store::EmbeddingSet>> members_;  ///< [member of the ensemble][set]; one member: no ensemble
  std::vector<double> weights_;
  std::vector<Place> places_;  ///< of each row, the same in each member
};

/// Embeds what the work folder lacks of the members' sets, each once, and joins them.
StoredVectors stored_vectors(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                             const dataset::Dataset& data, Split split, const ExecutionOptions& execution);

/// The items of `split` of sets that are there, as one. Shards are put in their order. Throws
/// Error(mismatch), naming the sets, for other models, for shards that are missing, given twice, or of other data, and
/// for an id that two sets have.
StoredVectors joined(const std::vector<std::filesystem::path>& folders, Split split);

/// The same in memory: unit vectors [n, d] with their items.
struct VectorSet {
  Matrix unit;
  std::vector<store::ItemRow> items;
  std::size_t failures = 0;
  store::Manifest manifest;
};
VectorSet in_memory(StoredVectors stored);

/// stored_vectors() in memory.
VectorSet embedded(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                   const dataset::Dataset& data, Split split, const ExecutionOptions& execution);

std::vector<std::string> ids_of(std::span<const store::ItemRow> items);

}  // namespace matcher::pipeline
