#include "matcher/pipeline/vectors/stored_vectors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/model/ensemble.hpp"

namespace matcher::pipeline {
namespace {

void check_same_items(const StoredVectors& all, const store::EmbeddingSet& set, const ModelChoice& choice,
                      const std::string& dataset) {
  if (set.items() == all.items) return;
  throw Error(ErrorCode::mismatch, fmt::format("{} and {} embedded different pictures of \"{}\"; embed both again",
                                               choice.members[0].bundle.name, set.manifest().model.name, dataset));
}

}  // namespace

void StoredVectors::copy(std::size_t first, Matrix& out) const {
  std::vector<Matrix> parts;
  std::vector<MatrixView> views;
  for (const auto& sets : members_) {
    Matrix part(out.rows, sets[0].vectors().cols);
    for (std::size_t i = 0; i < out.rows; ++i) {
      const auto place = places_[first + i];
      std::ranges::copy(sets[place.set].vectors().row(place.row), part.row(i).begin());
    }
    parts.push_back(std::move(part));
  }
  for (const auto& part : parts) views.push_back(part.view());
  auto all = members_.size() == 1 ? std::move(parts[0]) : model::concatenate(views, weights_);
  for (std::size_t i = 0; i < out.rows; ++i) normalise(all.row(i));
  out = std::move(all);
}

StoredVectors stored_vectors(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                             const dataset::Dataset& data, Split split, const ExecutionOptions& execution) {
  StoredVectors all;
  std::vector<std::string> fingerprints;
  double seconds_per_image = 0;
  for (const auto& member : choice.members) {
    const auto& name = member.bundle.name;
    const auto result = embed_set(context, {name, dataset_name, split, {}, execution}, data, {name, {member}});
    auto set = store::EmbeddingSet::open(result.folder);
    if (all.members_.empty()) {
      all.items = set.items();
      all.failures = set.failures().size();
      all.manifest = set.manifest();
    }
    check_same_items(all, set, choice, data.name);
    fingerprints.push_back(set.manifest().model.fingerprint);
    seconds_per_image += 1 / set.manifest().images_per_second;
    all.weights_.push_back(member.weight);
    all.members_.emplace_back();
    set.take_items();
    all.members_.back().push_back(std::move(set));
  }
  for (std::uint32_t row = 0; row < all.items.size(); ++row) all.places_.push_back({0, row});
  if (choice.members.size() == 1) return all;
  auto& m = all.manifest.model;
  m.name = choice.name;
  m.fingerprint = model::ensemble_fingerprint(fingerprints, all.weights_);
  m.dimension = 0;
  for (const auto& sets : all.members_) m.dimension += sets[0].vectors().cols;
  m.size_bytes = size_bytes(choice);
  all.manifest.images_per_second = 1 / seconds_per_image;
  return all;
}

VectorSet in_memory(StoredVectors stored) {
  Matrix unit(stored.rows(), stored.cols());
  if (stored.rows() > 0) stored.copy(0, unit);
  return {std::move(unit), std::move(stored.items), stored.failures, stored.manifest};
}

VectorSet embedded(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                   const dataset::Dataset& data, Split split, const ExecutionOptions& execution) {
  return in_memory(stored_vectors(context, choice, dataset_name, data, split, execution));
}

std::vector<std::string> ids_of(std::span<const store::ItemRow> items) {
  std::vector<std::string> ids;
  ids.reserve(items.size());
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

}  // namespace matcher::pipeline
