// Which photos are of which product, and what each gallery photo scores for a query.
#pragma once

#include <span>

#include "matcher/eval/views.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// Gallery and queries by product. Products are labels in their order; the query photos of one label are of one object.
struct Photos {
  VectorSet gallery, queries;
  std::vector<std::string> labels;
  eval::PhotoGroups of_gallery;                  ///< rows of the gallery by product
  eval::PhotoGroups of_queries;                  ///< rows of known queries by product
  std::vector<std::vector<std::uint32_t>> self;  ///< by query: gallery rows with its id or its bytes
  std::size_t known = 0;                         ///< queries that have a right answer besides themselves
};
Photos photos_of(VectorSet gallery, VectorSet queries);

/// Cosines [rows, gallery] of the queries `rows`, summed in double as search does.
Matrix scores_of(const Photos& photos, std::span<const std::uint32_t> rows);

}  // namespace matcher::pipeline
