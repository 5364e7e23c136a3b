#include "matcher/model/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/files/temporary.hpp"
#include "matcher/model/adapted.hpp"
#include "matcher/model/bundle/builtin.hpp"

namespace matcher::model {
namespace {

/// The key of a stored hash: size, times of modification and of change, path. If one of them changes, the key changes.
std::string cache_key(const fs::path& file) {
  return fmt::format("{} {}", file_state(file), absolute_path(file).string());
}

bool is_hash(std::string_view text) {
  return text.size() == 32 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Reads hashes by key, from lines "<hash> <key>". Skips invalid lines: the cache only saves time.
std::map<std::string, std::string> read_cache(const fs::path& cache) {
  std::map<std::string, std::string> hashes;
  std::ifstream in(cache, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    if (line.size() > 33 && line[32] == ' ' && line.find(" /") != std::string::npos &&
        is_hash(std::string_view(line).substr(0, 32)))
      hashes[line.substr(33)] = line.substr(0, 32);
  }
  return hashes;
}

/// True if both keys name the same file; then the older key is stale.
bool same_file(const std::string& a, const std::string& b) {
  const auto path_of = [](const std::string& key) { return key.substr(std::min(key.size(), key.find('/'))); };
  return path_of(a) == path_of(b);
}

/// Ignores write errors: they only cost a second reading of the file.
void remember(const fs::path& cache, const std::string& key, const std::string& hash) try {
  auto hashes = read_cache(cache);
  std::erase_if(hashes, [&](const auto& entry) { return same_file(entry.first, key); });
  hashes[key] = hash;
  std::string text;
  for (const auto& [known, value] : hashes) text += fmt::format("{} {}\n", value, known);
  make_folder(cache.parent_path());
  remove_left_over_files(cache);
  write_atomically(cache, text);
} catch (const Error&) {
}

std::string cached_file_hash(const fs::path& file, const fs::path& known_models) {
  if (known_models.empty()) return file_hash(file);
  const auto cache = known_models / "hashes";
  const auto key = cache_key(file);
  const auto known = read_cache(cache);
  if (const auto found = known.find(key); found != known.end()) return found->second;
  auto hash = file_hash(file);
  remember(cache, key, hash);
  return hash;
}

void add_size(Hasher& hasher, image::Size size) { hasher.field(double(size.height)).field(double(size.width)); }

void add_preprocess(Hasher& hasher, const image::Preprocess& preprocess) {
  hasher.field(double(preprocess.apply_orientation)).field(double(preprocess.resize_shortest_edge));
  add_size(hasher, preprocess.resize);
  hasher.field(to_string(preprocess.filter));
  add_size(hasher, preprocess.crop);
  hasher.field(double(preprocess.scale));
  for (const auto value : preprocess.mean) hasher.field(double(value));
  for (const auto value : preprocess.deviation) hasher.field(double(value));
  // Not fields for all: descriptions from before these keys keep their fingerprints.
  if (preprocess.transparent == image::Transparent::white) hasher.field("transparent").field("white");
  if (preprocess.crop_rounding == image::CropRounding::half_to_even) hasher.field("crop").field("even");
  if (preprocess.decode == image::Decode::fast) hasher.field("decode").field("fast");
  if (!preprocess.round) hasher.field("round").field("none");
}

}  // namespace

Bundle without_steps(Bundle bundle) {
  bundle.steps.clear();
  return bundle;
}

std::string fingerprint(const Bundle& bundle, const fs::path& known) {
  if (!bundle.steps.empty()) return refine::steps_fingerprint(fingerprint(without_steps(bundle), known), bundle.steps);
  if (bundle.is_adapted())
    return adapted_fingerprint(base_fingerprint(bundle.adaptation.bases, known), read_map(bundle.path).map);
  Hasher hasher;
  hasher.field(salt::model);
  if (bundle.builtin.empty()) {
    require_file(bundle);
    hasher.field("file").field(cached_file_hash(bundle.path, known));
  } else {
    hasher.field("builtin").field(builtin_source(bundle.builtin));
  }
  add_preprocess(hasher, bundle.preprocess);
  if (!bundle.output.empty() || bundle.pooling != Pooling::none)
    hasher.field("output").field(bundle.output).field(double(bundle.pooling));
  return hasher.hex();
}

}  // namespace matcher::model
