#include "matcher/pipeline/search/loaded_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "matcher/core/error.hpp"
#include "matcher/core/imported.hpp"
#include "matcher/database/address.hpp"
#include "matcher/database/collection.hpp"
#include "matcher/files/read_unchanged.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/model/ensemble.hpp"
#include "matcher/model/vector_fingerprint.hpp"
#include "matcher/pipeline/search/refined_index.hpp"
#include "matcher/pipeline/search/search_device.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {

namespace {

Maps read_maps(const fs::path& folder, const store::IndexManifest& manifest) {
  Maps maps;
  for (std::size_t i = 0; i < manifest.map_hashes.size(); ++i) {
    const auto file = store::index_map_file(folder, i);
    store::check_index_file(file, manifest.map_hashes[i], manifest);
    maps.push_back(model::read_map(file).map);
  }
  return maps;
}

LoadedIndex read_folder(const fs::path& folder) {
  LoadedIndex loaded{folder, store::read_index_manifest(folder), {}, {}, nullptr};
  const auto& m = loaded.manifest;
  loaded.items = store::read_index_items(folder, m);
  loaded.ids = ids_of(loaded.items);
  loaded.index = index::load(store::index_file(folder), loaded.ids, m.index_hash);
  if (!m.rounded_copy) loaded.index->search_without_copy();
  loaded.index->set_effort(m.effort);
  loaded.maps = read_maps(folder, m);
  const bool same = loaded.index->dimension() == m.model.dimension && loaded.items.size() == m.count &&
                    store::data_fingerprint(loaded.items) == m.data.fingerprint;
  if (same) return loaded;
  throw Error(
      ErrorCode::mismatch,
      fmt::format("the files of index \"{}\" do not belong together: {} items and {}-d vectors, but its manifest "
                  "has {} items and {}-d vectors. Build it again",
                  folder.string(), loaded.items.size(), loaded.index->dimension(), m.count, m.model.dimension));
}

void refine_loaded(LoadedIndex& loaded, const ExecutionOptions& execution) {
  const auto steps = refine::parse_steps(loaded.manifest.steps);
  loaded.index = refine_search(std::move(loaded.index), steps, thread_count(execution.threads));
}

constexpr std::array precisions{Precision::fp32, Precision::bf16, Precision::fp16};
constexpr std::size_t most_members = 5;  // 243 combinations of precisions

/// 0 if a description does not say the dimension.
std::size_t known_dimension(const ModelChoice& choice) {
  std::size_t sum = 0;
  for (const auto& member : choice.members) {
    if (member.bundle.dimension == 0) return 0;
    sum += std::size_t(member.bundle.dimension);
  }
  return refine::dimension_after(choice.steps, sum);
}

using InEachPrecision = std::array<std::string, precisions.size()>;

InEachPrecision fingerprints_of(const Context& context, const model::Bundle& bundle) {
  const bool is_plain = !bundle.is_adapted() && bundle.steps.empty();
  const auto file = is_plain ? model::fingerprint(bundle, known_models(context)) : "";
  InEachPrecision all;
  std::ranges::transform(precisions, all.begin(), [&](Precision precision) {
    return is_plain ? model::vector_fingerprint(file, precision)
                    : model::vector_fingerprint(bundle, precision, known_models(context));
  });
  return all;
}

/// The fingerprints that the vectors of a model can have, in any precision of each member.
class Fingerprints {
 public:
  Fingerprints(const Context& context, const ModelChoice& choice) : steps_(choice.steps) {
    for (const auto& member : choice.members) {
      members_.push_back(fingerprints_of(context, member.bundle));
      weights_.push_back(member.weight);
    }
  }

  /// With all members in the precision of this number.
  std::string at(std::size_t precision) const {
    std::vector<std::string> chosen;
    for (const auto& member : members_) chosen.push_back(member[precision]);
    return joined(chosen);
  }

  bool contains(const std::string& fingerprint) const { return contains(fingerprint, {}); }

 private:
  /// `chosen` are the fingerprints of the first members, in a precision each.
  bool contains(const std::string& fingerprint, std::vector<std::string> chosen) const {
    if (chosen.size() == members_.size()) return joined(chosen) == fingerprint;
    const auto& next = members_[chosen.size()];
    chosen.emplace_back();
    return std::ranges::any_of(next, [&](const std::string& one) {
      chosen.back() = one;
      return contains(fingerprint, chosen);
    });
  }

  std::string joined(const std::vector<std::string>& chosen) const {
    const auto plain = chosen.size() == 1 ? chosen[0] : model::ensemble_fingerprint(chosen, weights_);
    return refine::steps_fingerprint(plain, steps_);
  }

  refine::Steps steps_;
  std::vector<InEachPrecision> members_;
  std::vector<double> weights_;
};

/// True if a member was learnt on several networks, each of which may run in its own precision.
bool has_many_bases(const ModelChoice& choice) {
  return std::ranges::any_of(choice.members,
                             [](const ModelMember& member) { return member.bundle.adaptation.bases.size() > 1; });
}

}  // namespace

LoadedIndex load_index(const fs::path& folder) {
  LoadedIndex loaded;
  read_unchanged(folder, [&] { loaded = read_folder(folder); });
  return loaded;
}

LoadedIndex open_index(const Context& context, const fs::path& place, const ExecutionOptions& execution) {
  if (database::is_address(place.string())) {
    auto opened = database::open_collection(place.string(), database_access(context), context.observer);
    refine::parse_steps(opened.manifest.steps);  // refuses those of a later version
    return {place,
            std::move(opened.manifest),
            std::move(opened.items),
            std::move(opened.ids),
            std::move(opened.index),
            std::move(opened.threshold)};
  }
  auto loaded = load_index(place);
  search_where_asked(context, execution, *loaded.index);
  refine_loaded(loaded, execution);
  return loaded;
}

std::optional<store::ScoreThreshold> find_stored_threshold(const LoadedIndex& index) {
  const auto place = index.folder.string();
  if (!database::is_address(place)) return store::read_threshold(index.folder, index.manifest);
  if (index.threshold.empty()) return std::nullopt;
  return store::parse_threshold(index.threshold, index.manifest, fmt::format("the threshold of {}", place), place);
}

void check_belongs(const LoadedIndex& index, const ModelIdentity& asked) {
  const auto& m = index.manifest;
  if (m.model.fingerprint == asked.fingerprint) return;
  if (is_imported(m.model)) {
    throw Error(ErrorCode::mismatch,
                fmt::format("index \"{}\" holds vectors imported as {}, so images of a dataset cannot be compared with "
                            "them. Import the vectors of the queries too: matcher import VECTORS --items CSV --name {} "
                            "--same-model-as SET, and give --embeddings",
                            index.folder.string(), describe(m.model), m.model.name));
  }
  const auto flags = fmt::format("--model {} --dataset {} {}", asked.name, m.data.name, place_flag(index.folder));
  throw Error(ErrorCode::mismatch,
              fmt::format("index \"{}\" was built by {}, but the queries come from {}. Rebuild it: matcher index {}",
                          index.folder.string(), describe(m.model), describe(asked), flags));
}

void check_can_belong(const Context& context, const LoadedIndex& index, const ModelChoice& choice) {
  const auto& built_by = index.manifest.model;
  if (is_imported(built_by)) check_belongs(index, {});
  const auto precision = std::ranges::find(precisions, built_by.precision, [](Precision p) { return to_string(p); });
  const auto dimension = known_dimension(choice);
  if (precision == precisions.end() || dimension == 0 || choice.members.size() > most_members) return;
  if (has_many_bases(choice)) return;
  const Fingerprints all(context, choice);
  if (all.contains(built_by.fingerprint)) return;
  check_belongs(index, {.name = choice.name,
                        .fingerprint = all.at(std::size_t(precision - precisions.begin())),
                        .precision = built_by.precision,
                        .device = {},
                        .dimension = dimension,
                        .size_bytes = 0});
}

std::string place_flag(const fs::path& place) {
  const auto text = place.string();
  return database::is_address(text) ? fmt::format("--to {} --reindex", text) : fmt::format("--output {}", text);
}

}  // namespace matcher::pipeline
