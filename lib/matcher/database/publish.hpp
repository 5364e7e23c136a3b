// Publishes vectors as a version of a collection: sends what changed, proves the version, makes it live.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "matcher/core/matrix.hpp"
#include "matcher/core/observer.hpp"
#include "matcher/database/access.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::database {

/// The collection to publish to, and what may happen to the versions that it has.
struct PublishTarget {
  std::string address;           ///< the address of a name, not of a version
  std::filesystem::path backup;  ///< an embedding set of the live version is written here first; empty: none
  bool reindex = false;          ///< vectors of another model or dataset may replace the live version
  bool stage = false;            ///< proves a new version, but leaves the old one live
  bool drop_old = false;         ///< drops the versions that are not live, at the end
  double min_agreement = 0.95;   ///< share of the exact top 10 that a version must answer to be made live
};

/// The gallery to publish. The database sets type and exactness of the manifest.
struct Gallery {
  Matrix vectors;  ///< unit vectors [n, d]
  std::vector<store::ItemRow> items;
  store::IndexManifest manifest;
};

/// Measurements that show whether a version holds what was sent.
struct Proof {
  std::size_t expected = 0, counted = 0;
  std::size_t read_back = 0, wrong = 0;  ///< vectors compared, and those that are missing or differ
  std::size_t asked = 0;                 ///< gallery vectors used as queries
  double agreement = 0;                  ///< share of the exact top 10 that the database answers, mean over the queries
  std::string failure;                   ///< the first check that failed; empty: proven
};

struct PublishResult {
  std::string version;   ///< the collection that holds the vectors
  std::string previous;  ///< the version that was live before; empty: none
  store::IndexManifest manifest;
  std::size_t sent = 0, unchanged = 0, removed = 0;
  double seconds = 0;                ///< to send and to remove
  std::size_t backed_up = 0;         ///< items written to the backup
  std::vector<std::string> dropped;  ///< versions
  bool live = false;                 ///< `version` is live now
  Proof proof;                       ///< with a failure, a new version is not made live
};

/// Publishes the gallery that `load` returns; the server is contacted before. Continues work that was interrupted.
/// Throws Error(mismatch) if another model, dataset, dimension or metric made the live version, unless target.reindex
/// builds a version beside it; Error(input) if the gallery is empty or has an id twice.
PublishResult publish(const PublishTarget& target, const Access& access, Observer& observer,
                      const std::function<Gallery()>& load);

struct RestoredVersion {
  std::string version;   ///< live now
  std::string previous;  ///< live before
};

/// Makes the version live that the live one replaced. Throws Error(input) if there is none that is complete.
RestoredVersion roll_back(const std::string& address, const Access& access);

}  // namespace matcher::database
