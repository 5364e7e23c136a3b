// Keeps vectors by content, so that each image is embedded once per network (docs/commands/cache.md).
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
#include <utility>
#include <vector>

#include "matcher/core/identity.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/mapped_file.hpp"

namespace matcher::store {

/// The vectors of one network. Its fingerprint, device and dimension choose the folder. Several processes may work at
/// once: each writes a file of its own. Every record has a checksum, so a killed process leaves no wrong vector. An
/// unreadable or unwritable cache costs time and never fails: it keeps the reason for take_problem().
class VectorCache {
 public:
  /// Opens `<root>/<fingerprint of the model>`.
  VectorCache(const std::filesystem::path& root, const ModelIdentity& model);
  ~VectorCache();
  VectorCache(const VectorCache&) = delete;
  VectorCache& operator=(const VectorCache&) = delete;

  /// The vector [d] under a content hash (32 hex digits), if it was stored before this was opened. Thread-safe.
  std::optional<std::vector<float>> find(const std::string& content_hash) const;
  /// Stores a vector; a second one of the same hash is ignored. One thread at a time.
  void put(const std::string& content_hash, std::span<const float> vector);
  /// Flushes stored vectors to the disk.
  void sync();

  /// The reason why new vectors are no longer stored, once; "" if they are.
  std::string take_problem() { return std::exchange(problem_, {}); }

  /// Images per second, as noted last; nothing if the file is missing or damaged.
  std::optional<double> speed() const;
  void note_speed(double images_per_second);

  std::size_t size() const { return records_.size(); }
  /// The number of requested records with a wrong checksum, and of files with a wrong header. None was used.
  std::size_t damaged() const { return damaged_; }

 private:
  void open_folder(const ModelIdentity& model);
  void open_pack(const std::filesystem::path& file);
  void open_or_count(const std::filesystem::path& pack);
  template <class Write>
  void try_to(const Write& write);
  void give_up(const std::string& reason);
  std::filesystem::path folder_;
  std::size_t dimension_;
  std::optional<FolderLock> lock_;
  std::vector<MappedFile> packs_;
  std::unordered_multimap<std::string_view, const std::byte*> records_;  ///< borrowed from the packs
  mutable std::atomic<std::size_t> damaged_ = 0;
  bool writable_ = true;
  std::string problem_;
  std::filesystem::path pack_;  ///< the pack of this process; opened by the first put()
  std::optional<OutputFile> out_;
  bool synced_ = false;  ///< the pack has records that can be used
  std::unordered_set<std::string> added_;
};

/// The cached vectors of one network.
struct CacheUse {
  ModelIdentity model;
  std::filesystem::path folder;
  std::size_t vectors = 0;
  std::uintmax_t bytes = 0;
  std::filesystem::file_time_type last_used;
};

/// The networks that have vectors, the last used first; none if `root` does not exist.
std::vector<CacheUse> cache_uses(const std::filesystem::path& root);

/// A folder of the cache without a sound key.json: the model of its vectors is not known.
struct DamagedCache {
  std::filesystem::path folder;
  std::uintmax_t bytes = 0;  ///< size of the vectors
};

/// The damaged folders that have vectors, sorted.
std::vector<DamagedCache> damaged_caches(const std::filesystem::path& root);

/// Chooses the packs to remove: only those of `model` if it is given, which may be the name of a damaged folder; packs
/// not used for `unused_for`; then the least recently used, until `max_bytes` remain. With `model` alone, all its
/// packs.
struct PruneOptions {
  std::string model;
  std::optional<std::chrono::seconds> unused_for;
  std::optional<std::uintmax_t> max_bytes;
};

struct Pruned {
  std::size_t files = 0;
  std::uintmax_t bytes = 0;
  std::vector<std::string> busy;  ///< models that a process is using; their packs were kept
};

Pruned prune_cache(const std::filesystem::path& root, const PruneOptions& options);

}  // namespace matcher::store
