// Reads unit vectors from embedding sets on disk, several sets as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "matcher/index/vector_source.hpp"
#include "matcher/pipeline/embedding/cache_use.hpp"
#include "matcher/refine/linear_map.hpp"
#include "matcher/store/embedding_set.hpp"

namespace matcher::pipeline {

/// Maps of queries, which a variant's steps learnt from its gallery.
using Maps = std::vector<refine::LinearMap>;

/// The vectors of one model, or the concatenated vectors of an ensemble's members.
class StoredVectors : public index::VectorSource {
 public:
  /// A model of an ensemble, or the only model.
  struct Member {
    double weight = 1;
    std::vector<store::EmbeddingSet> sets;
  };
  /// The row of a set that holds the vector of an item.
  struct Place {
    std::uint32_t set = 0, row = 0;
  };

  /// `places` has one place per item, the same in all members.
  StoredVectors(store::Manifest set_manifest, std::vector<store::ItemRow> rows, std::vector<Place> places,
                std::vector<Member> members);

  std::size_t rows() const override { return items.size(); }
  std::size_t cols() const override { return manifest.model.dimension; }
  void copy(std::size_t first, Matrix& out) const override;
  /// The unusable images, in the sets of the first member.
  std::vector<store::FailureRow> failure_rows() const;
  /// Replaces all vectors by these, in memory.
  void replace(Matrix unit) { replaced_ = std::move(unit); }

  std::vector<store::ItemRow> items;
  std::size_t failures = 0;  ///< unusable images, in the sets of the first member
  store::Manifest manifest;
  CacheUse cache;  ///< how this command used the cache
  Maps maps;       ///< how queries are mapped, for a variant's gallery

 private:
  Matrix replaced_;  ///< without columns: none
  std::vector<Place> places_;
  std::vector<Member> members_;
};

}  // namespace matcher::pipeline
