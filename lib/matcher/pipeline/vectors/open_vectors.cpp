#include "matcher/pipeline/vectors/open_vectors.hpp"

#include <fmt/format.h>

#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/model/ensemble.hpp"
#include "matcher/pipeline/vectors/mapped_set.hpp"

namespace matcher::pipeline {
namespace {

void check_same_items(const store::EmbeddingSet& first, const store::EmbeddingSet& set, const std::string& dataset) {
  if (set.items() == first.items()) return;
  throw Error(ErrorCode::mismatch, fmt::format("{} and {} embedded different images of \"{}\"; embed both again",
                                               first.manifest().model.name, set.manifest().model.name, dataset));
}

/// The manifest of an ensemble, from those of its members' sets. It keeps the data of the first.
store::Manifest join_manifests(const std::vector<StoredVectors::Member>& members, const ModelChoice& choice) {
  auto joined = members[0].sets[0].manifest();
  std::vector<std::string> fingerprints;
  std::vector<double> weights;
  double seconds_per_image = 0;
  joined.model.dimension = 0;
  for (const auto& [weight, sets] : members) {
    const auto& m = sets[0].manifest();
    fingerprints.push_back(m.model.fingerprint);
    weights.push_back(weight);
    joined.model.dimension += m.model.dimension;
    seconds_per_image += 1 / m.images_per_second;
  }
  joined.model.name = choice.name;
  joined.model.fingerprint = model::ensemble_fingerprint(fingerprints, weights);
  joined.model.size_bytes = size_bytes(choice);
  joined.images_per_second = 1 / seconds_per_image;
  return joined;
}

}  // namespace

StoredVectors embed_or_open(const Context& context, const ModelChoice& choice, const dataset::Dataset& data,
                            Split split, const ExecutionOptions& execution, const Shard& shard) {
  CacheUse cache;
  std::vector<StoredVectors::Member> members;
  for (const auto& member : choice.members) {
    const auto& name = member.bundle.name;
    const auto result = embed_or_map(context, {name, data.name, split, {}, execution, shard}, data, {name, {member}});
    cache += {result.reused, result.embedded};
    auto& opened = members.emplace_back(StoredVectors::Member{member.weight, {}});
    opened.sets.push_back(store::EmbeddingSet::open(result.folder));
    check_same_items(members[0].sets[0], opened.sets[0], data.name);
    if (members.size() > 1) opened.sets[0].take_items();  // equal to those of the first member
  }
  auto manifest = members.size() == 1 ? members[0].sets[0].manifest() : join_manifests(members, choice);
  auto items = members[0].sets[0].take_items();
  std::vector<StoredVectors::Place> places;
  for (std::uint32_t row = 0; row < items.size(); ++row) places.push_back({0, row});
  StoredVectors vectors{std::move(manifest), std::move(items), std::move(places), std::move(members)};
  vectors.cache = cache;
  return vectors;
}

}  // namespace matcher::pipeline
