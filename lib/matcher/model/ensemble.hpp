// Combines embedders: an ensemble is an embedder too, with one longer vector.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/model/embedder.hpp"

namespace matcher::model {

struct Member {
  std::unique_ptr<Embedder> embedder;
  double weight = 1;  ///< above 0; only the proportions count
};

/// Concatenates the members' unit vectors, each times the square root of its share of the weights. The inner product of
/// two ensemble vectors is then the weighted mean of the members' cosines.
std::unique_ptr<Embedder> make_ensemble(std::vector<Member> members);

/// Computes ensemble vectors from existing ones: parts are [n, d_i] each, the result is [n, sum of d_i].
Matrix concatenate(std::span<const MatrixView> parts, std::span<const double> weights);

std::string ensemble_fingerprint(std::span<const std::string> fingerprints, std::span<const double> weights);

}  // namespace matcher::model
