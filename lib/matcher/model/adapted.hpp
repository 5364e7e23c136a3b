// Reads and writes the map of an adapted model, and applies it to the vectors of the base.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "matcher/files/made.hpp"
#include "matcher/model/embedder.hpp"
#include "matcher/refine/linear_map.hpp"

namespace matcher::model {

/// The content of the file of an adapted model, beside its description. The file has the format safetensors, with the
/// tensors mean [d], matrix [d, n] and photos [photos], and the description as metadata `matcher.yaml`.
struct LearntMap {
  refine::LinearMap map;
  std::vector<std::uint64_t> photos;  ///< photo_number() of each photo that the map was learnt on, rising
};

/// The first 64 bits of a content hash.
std::uint64_t photo_number(std::string_view content_hash);

/// Writes the file of an adapted model, which appears complete or not at all. `description` is its YAML; `made` becomes
/// the metadata `created`, `host` and `seconds`. Throws Error(resource).
void write_map(const std::filesystem::path& file, const LearntMap& learnt, const std::string& description,
               const Made& made = {});

/// Reads the file of an adapted model. Throws Error(input) if it is missing or damaged.
LearntMap read_map(const std::filesystem::path& file);

/// Hash of the bases' models and weights, without their precision. `known` as for fingerprint().
std::string base_fingerprint(const std::vector<BaseModel>& bases, const std::filesystem::path& known = {});

/// Checks that the map belongs to the bases. Throws Error(mismatch) if it was learnt with others, Error(input) if a
/// base is missing.
void check_bases(const Bundle& bundle, const std::filesystem::path& known = {});

/// The fingerprint of the mapped vectors, from that of the base's vectors.
std::string adapted_fingerprint(const std::string& of_base, const refine::LinearMap& map);

/// Returns an embedder that maps the unit vectors of `base`.
std::unique_ptr<Embedder> make_adapted(std::unique_ptr<Embedder> base, refine::LinearMap map);

}  // namespace matcher::model
