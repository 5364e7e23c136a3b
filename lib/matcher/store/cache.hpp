// Vectors kept by content, so that each image is embedded once per network (docs/commands/cache.md).
// describes the files.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "matcher/core/file.hpp"
#include "matcher/core/identity.hpp"
#include "matcher/core/mapped_file.hpp"

namespace matcher::store {

/// The vectors of one network. Its fingerprint, device and dimension choose the folder; the rest is for people. Every
/// process adds to a file of its own, and every record has a checksum, so that several processes may work at once and a
/// killed one leaves nothing that could be taken for a vector.
class VectorCache {
 public:
  /// Opens `<root>/<fingerprint of the model>`. Throws Error(resource) when it cannot be written, or is being pruned.
  VectorCache(const std::filesystem::path& root, const ModelIdentity& model);
  ~VectorCache();
  VectorCache(const VectorCache&) = delete;
  VectorCache& operator=(const VectorCache&) = delete;

  /// The vector [d] stored under a content hash (32 hex digits) when this was opened. Thread-safe.
  std::optional<std::vector<float>> find(const std::string& content_hash) const;
  /// Stores a vector that is not there yet. By one thread at a time.
  void put(const std::string& content_hash, std::span<const float> vector);
  /// Puts what was stored on the disk.
  void sync();

  /// Pictures a second, as last noted. Never throws for a file that is damaged.
  std::optional<double> speed() const;
  void note_speed(double images_per_second);

  std::size_t size() const { return records_.size(); }
  /// Records that were asked for and whose checksum is wrong, and files that are none of this cache. None was used.
  std::size_t damaged() const { return damaged_; }

 private:
  void open_pack(const std::filesystem::path& file);
  std::filesystem::path folder_;
  std::size_t dimension_;
  std::optional<FolderLock> lock_;
  std::vector<MappedFile> packs_;
  std::unordered_multimap<std::string_view, const std::byte*> records_;  ///< into the packs
  mutable std::atomic<std::size_t> damaged_ = 0;
  std::optional<OutputFile> out_;  ///< this process's pack, from the first put() on
  std::unordered_set<std::string> added_;
};

/// What `matcher cache` shows of one network.
struct CacheUse {
  ModelIdentity model;
  std::filesystem::path folder;
  std::size_t vectors = 0;
  std::uintmax_t bytes = 0;
  std::filesystem::file_time_type last_used;
};

/// Of the networks that have vectors, the last used first. No folder: none.
std::vector<CacheUse> cache_uses(const std::filesystem::path& root);

/// What goes: of `model` alone when that is given; then what was not used for `unused_for`, then the least recently
/// used until `max_bytes` are left. With `model` alone, all of it.
struct PruneOptions {
  std::string model;
  std::optional<std::chrono::seconds> unused_for;
  std::optional<std::uintmax_t> max_bytes;
};

struct Pruned {
  std::size_t files = 0;
  std::uintmax_t bytes = 0;
  std::vector<std::string> busy;  ///< models that a process is using; nothing of theirs was removed
};

Pruned prune_cache(const std::filesystem::path& root, const PruneOptions& options);

}  // namespace matcher::store
