// A recipe of models, map and steps, and its measurement on one half of a dataset's products.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matcher/pipeline/learning/outcome.hpp"
#include "matcher/refine/methods.hpp"
#include "matcher/refine/steps.hpp"

namespace matcher::pipeline {

/// Names all that is tried. Members are numbers of models.
struct Recipe {
  std::vector<std::size_t> members;
  std::vector<double> weights;
  const refine::Method* method = nullptr;  ///< method of the map; null: none
  double shrinkage = 1;
  std::size_t dimension = 0;  ///< dimension of the map's vectors
  refine::Steps steps{};      ///< after the map
};

/// The unit vectors of one model on both sides of a half.
struct HalfVectors {
  Matrix gallery, queries;
};

/// The photos of half of the products. A map is learnt from the gallery of the same half.
class Half {
 public:
  std::vector<store::ItemRow> gallery, queries;
  std::vector<std::uint32_t> products;  ///< number of each gallery photo's product
  bool labels_teach = true;             ///< a product has two photos in the gallery
  std::vector<HalfVectors> models;
  int threads = 1;

  /// The most dimensions that a method's map of these members can have.
  std::size_t most_dimensions(const Recipe& recipe) const;

  /// Answers the queries by exact search. Keeps the joined and mapped vectors for the next recipe, which is faster if
  /// it has the same members and map.
  Outcome measure(const Recipe& recipe, std::span<const eval::Metric> metrics);

 private:
  void join(const Recipe& recipe);
  void map(const Recipe& recipe);

  HalfVectors joined_, mapped_;
  std::string joined_key_, mapped_key_;
};

/// The number of dimensions that a recipe's vectors have, if its models have these.
std::size_t dimension_of(const Recipe& recipe, std::span<const std::size_t> of_models);

}  // namespace matcher::pipeline
