// Reads and writes threshold.json, the threshold that is stored in an index folder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "matcher/core/score_kind.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::store {

/// A value with its 95 % interval.
struct Bounded {
  double value = 0, low = 0, high = 0;
};

struct StoredThreshold {
  ModelIdentity model;  ///< the model of the queries
  DataIdentity index;   ///< the items of the index
  std::string dataset;  ///< the dataset of the queries
  ScoreKind score = ScoreKind::cosine;
  Bounded threshold;  ///< a score; infinite where the queries do not bound it
  double wanted_false_alarms = 0;
  Bounded false_alarms, detected;  ///< shares of the unknown and of the known queries
  std::size_t known = 0, unknown = 0;
  bool left_out = false;  ///< the unknown queries are the known ones with their own product left out
};

/// The file of the threshold in an index folder.
std::filesystem::path threshold_file(const std::filesystem::path& index);

/// The JSON of a threshold, as threshold.json has it without its sum.
std::string threshold_text(const StoredThreshold& threshold);

/// Writes `threshold` into the index folder: complete or absent.
void write_threshold(const std::filesystem::path& index, const StoredThreshold& threshold);

/// Throws Error(resource) if no threshold can be written into the index folder.
void check_threshold_place(const std::filesystem::path& index);

/// Removes the threshold of an index folder; returns false if it has none. Throws Error(resource).
bool remove_threshold(const std::filesystem::path& index);

/// A score and the threshold for it.
struct ScoreThreshold {
  ScoreKind score = ScoreKind::cosine;
  double value = 0;

  bool operator==(const ScoreThreshold&) const = default;
};

/// Parses threshold_text(). `origin` names its place, and `index` the index, for messages. Throws as read_threshold().
ScoreThreshold parse_threshold(const std::string& text, const IndexManifest& manifest, const std::string& origin,
                               const std::string& index);

/// Returns the threshold of the index folder, or nothing if it has none. Throws Error(mismatch) if it was measured on
/// another index than `manifest` describes, Error(input) if the file is damaged.
std::optional<ScoreThreshold> read_threshold(const std::filesystem::path& index, const IndexManifest& manifest);

}  // namespace matcher::store
