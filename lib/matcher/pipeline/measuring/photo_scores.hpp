// Groups gallery and query photos by product, and scores gallery photos for queries.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "matcher/eval/views.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

/// Gallery and queries by product. A product is a label; all query photos of a label show one object.
struct Photos {
  VectorSet gallery, queries;
  std::vector<std::string> labels;               ///< the products, sorted
  eval::PhotoGroups of_gallery;                  ///< rows of the gallery by product
  eval::PhotoGroups of_queries;                  ///< rows of the known queries by product
  std::vector<std::vector<std::uint32_t>> self;  ///< by query: the gallery rows that are the query itself, rising
  std::size_t known = 0;                         ///< queries with a correct answer other than themselves
};
Photos group_photos(VectorSet gallery, VectorSet queries);

/// Cosines [rows, gallery] of the queries `rows`, summed in double precision as search does.
Matrix compute_scores(const Photos& photos, std::span<const std::uint32_t> rows);

}  // namespace matcher::pipeline
