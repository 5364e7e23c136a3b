#include "matcher/pipeline/learning/recipe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/model/ensemble.hpp"
#include "matcher/pipeline/learning/choose.hpp"
#include "matcher/pipeline/search/answer.hpp"
#include "matcher/pipeline/search/refined_index.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_mapped = 512;  ///< dimensions that a map is learnt for; shorter maps are its beginning

std::string key_of(const Recipe& recipe) { return fmt::format("{} {}", recipe.members, recipe.weights); }

Matrix join_side(const Recipe& recipe, const std::vector<HalfVectors>& models, Matrix HalfVectors::*side) {
  if (recipe.members.size() == 1) return models[recipe.members[0]].*side;
  std::vector<MatrixView> parts;
  for (const auto member : recipe.members) parts.push_back((models[member].*side).view());
  return model::concatenate(parts, recipe.weights);
}

}  // namespace

std::size_t Half::most_dimensions(const Recipe& recipe) const {
  std::size_t d = 0;
  for (const auto member : recipe.members) d += models[member].gallery.cols;
  return recipe.method == nullptr ? d : std::min(most_mapped, recipe.method->most_dimensions(d, gallery.size()));
}

void Half::join(const Recipe& recipe) {
  if (const auto key = key_of(recipe); key != joined_key_) {
    joined_ = {join_side(recipe, models, &HalfVectors::gallery), join_side(recipe, models, &HalfVectors::queries)};
    joined_key_ = key;
    mapped_key_.clear();
  }
}

void Half::map(const Recipe& recipe) {
  const auto key = fmt::format("{} {}", recipe.method->name, recipe.shrinkage);
  if (key == mapped_key_) return;
  refine::Scatter scatter(joined_.gallery.cols);
  scatter.add(joined_.gallery.view(), products);
  refine::FitSettings settings{.shrinkage = recipe.shrinkage};
  settings.dimension = recipe.method->takes_dimension ? most_dimensions(recipe) : joined_.gallery.cols;
  const auto learnt = learn(*recipe.method, scatter, settings);
  mapped_ = {refine::apply(learnt, joined_.gallery.view()), refine::apply(learnt, joined_.queries.view())};
  mapped_key_ = key;
}

Outcome Half::measure(const Recipe& recipe, std::span<const eval::Metric> metrics) {
  join(recipe);
  if (recipe.method != nullptr) map(recipe);
  const auto& vectors = recipe.method == nullptr ? joined_ : mapped_;
  const bool keeps_all = recipe.method == nullptr || !recipe.method->takes_dimension;
  const auto dimension = keeps_all ? vectors.gallery.cols : std::min(recipe.dimension, vectors.gallery.cols);
  auto unit = shorten(vectors.gallery.view(), dimension);
  const auto ids = ids_of(gallery);
  const auto maps = refine_gallery(recipe.steps, unit, ids);
  VectorSet asked{map_queries(recipe.steps, maps, shorten(vectors.queries.view(), dimension)), queries, 0, {}};
  const auto index = refine_search(index::exact_search(unit.view(), ids), recipe.steps, threads);
  const auto answers = answer_all({gallery, index.get()}, asked, learning_depth);
  const auto known = run::known_queries(answers.queries);
  Outcome outcome{run::values_of(known, metrics), {}};
  for (const auto* query : known) outcome.labels.push_back(query->label);
  return outcome;
}

std::size_t dimension_of(const Recipe& recipe, std::span<const std::size_t> of_models) {
  std::size_t d = 0;
  for (const auto member : recipe.members) d += of_models[member];
  if (recipe.method != nullptr && recipe.method->takes_dimension) d = recipe.dimension;
  return refine::dimension_after(recipe.steps, d);
}

}  // namespace matcher::pipeline
