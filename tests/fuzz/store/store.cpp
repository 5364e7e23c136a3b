// Embedding sets, manifests of indexes, thresholds, and the cache of vectors.
#include <algorithm>
#include <array>

#include "fuzz/target.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/embedding_set.hpp"
#include "matcher/store/index_folder.hpp"
#include "matcher/store/threshold_file.hpp"
#include "matcher/store/writer.hpp"

namespace {

using namespace matcher;

const ModelIdentity model{.name = "m", .fingerprint = "f", .precision = "fp32", .device = "cpu", .dimension = 3};
const store::ItemRow item{"a", "/a.jpg", "tea", "gallery", "train", "", "", "", std::string(32, '0')};

void make_set(const fs::path& folder) {
  Matrix vectors(1, 3);
  std::ranges::fill(vectors.data, 0.5F);
  store::EmbeddingWriter writer(folder, "key", 3);
  writer.append(vectors.view(), std::array{item}, std::array{store::FailureRow{"b", "/b", "query", "cut"}}, 2);
  store::Manifest manifest;
  manifest.model = model;
  writer.finish(manifest);
}

void read_set(const fs::path& folder) {
  const auto set = store::EmbeddingSet::open(folder);
  volatile float sum = 0;
  for (std::size_t i = 0; i < set.vectors().rows; ++i) {
    for (const float value : set.vectors().row(i)) sum = sum + value;
  }
}

void make_index(const fs::path& folder) {
  store::IndexWriter writer(folder);
  fuzz::write_file(writer.index_file(), "not read here");
  store::IndexManifest manifest;
  manifest.model = model;
  manifest.type = "Flat";
  manifest.count = 1;
  writer.commit(manifest, {item});
  store::StoredThreshold threshold;
  threshold.model = model;
  threshold.threshold = {0.5, 0.4, 0.6};
  store::write_threshold(folder, threshold);
}

void read_index(const fs::path& folder) {
  const auto manifest = store::read_index_manifest(folder);
  store::read_index_items(folder);
  store::read_threshold(folder, manifest);
}

void make_cache(const fs::path& folder) {
  store::VectorCache cache(folder, model);
  cache.put(std::string(32, 'a'), std::array{1.0F, 2.0F, 3.0F});
  cache.note_speed(12);
}

void use_cache(const fs::path& folder) {
  {
    const store::VectorCache cache(folder, model);
    cache.find(std::string(32, 'a'));
    cache.speed();
  }
  store::cache_uses(folder);
  store::PruneOptions options;
  options.model = "nothing";
  store::prune_cache(folder, options);
}

/// A target that replaces one file of the folder that `make` fills, and reads it.
template <void (*make)(const fs::path&), void (*read)(const fs::path&)>
struct FolderTarget {
  explicit FolderTarget(const std::string& name)
      : target(
            name, [name](std::string_view input) { sample(name).with(input, [&] { read(sample(name).folder()); }); },
            [name] { return sample(name).seeds(); }) {}

  static const fuzz::OneReplaced& sample(const std::string& name) {
    static const fuzz::OneReplaced folder(name, make);
    return folder;
  }
  fuzz::Target target;
};

const FolderTarget<make_set, read_set> set("embedding_set");
const FolderTarget<make_index, read_index> index_manifest("index_manifest");
const FolderTarget<make_cache, use_cache> cache("cache");

}  // namespace
