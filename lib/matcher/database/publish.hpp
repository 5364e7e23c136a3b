// Publishes vectors as a version of a collection: sends what changed, proves the version, makes it live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "matcher/core/observer.hpp"
#include "matcher/database/access.hpp"
#include "matcher/index/tuning.hpp"
#include "matcher/index/vector_source.hpp"
#include "matcher/store/index_folder.hpp"

namespace matcher::database {

/// The collection to publish to, and what may happen to the versions that it has.
struct PublishTarget {
  std::string address;           ///< the address of a name, not of a version
  std::filesystem::path backup;  ///< an embedding set of the live version is written here first; empty: none
  bool reindex = false;          ///< vectors of another model or dataset may replace the live version
  bool stage = false;            ///< proves a new version, but leaves the old one live
  bool drop_old = false;         ///< drops the versions that are not live, at the end
  bool rebuild = false;          ///< builds a version from scratch, also of the model that is live
  std::string type = "auto";     ///< index of a new version: auto, flat, hnsw or ivf-flat
  std::optional<std::uintmax_t> memory_budget{};  ///< bytes of the index, for the type `auto`
  std::optional<double> recall{};                 ///< recall@10 to which the breadth of searches is raised
  double min_agreement = 0.95;  ///< share of the exact top 10 that a version must answer to be made live
};

/// The gallery to publish. The database sets type and exactness of the manifest.
struct Gallery {
  std::shared_ptr<const index::VectorSource> vectors;  ///< unit vectors [n, d], which need not fit into memory
  std::vector<store::ItemRow> items;
  store::IndexManifest manifest;
  std::size_t expected = 0;  ///< items of the whole gallery, about, if this is a part of it
};

/// Measurements that show whether a version holds what was sent.
struct Proof {
  std::size_t expected = 0, counted = 0;
  std::size_t read_back = 0, wrong = 0;  ///< vectors compared, and those that are missing or differ
  std::size_t asked = 0;                 ///< gallery vectors used as queries
  double agreement = 0;                  ///< share of the exact top 10 that the database answers, mean over the queries
  std::size_t searched = 0;              ///< changed records that were asked for by their own vectors
  std::vector<std::string> lost;         ///< ids of those that were not among the 10 best
  std::string failure;                   ///< the first check that failed; empty: proven
};

/// Records replaced or removed since a version was built.
struct Churn {
  std::size_t records = 0;
  bool is_high =
      false;  ///< the version is a graph, and as many changed as it holds: graphs lose records as they change
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
  std::string index;                 ///< type and parameters, read back from the server
  Churn churn;
  std::optional<index::Tuning> tuning{};  ///< if target.recall is set
  Proof proof;                            ///< with a failure, a new version is not made live
};

/// Publishes the gallery that `load` returns; the server is contacted before. Continues work that was interrupted.
/// Throws Error(mismatch) if another model, dataset, dimension or metric made the live version, unless target.reindex
/// builds a version beside it; Error(input) if the gallery is empty or has an id twice.
PublishResult publish(const PublishTarget& target, const Access& access, Observer& observer,
                      const std::function<Gallery()>& load);

struct PartResult {
  std::string version;  ///< the collection that holds the part, not live
  std::size_t sent = 0, unchanged = 0;
  double seconds = 0;  ///< to send
};

/// Sends a part of a gallery into a version of its model that is not live, and leaves it incomplete: several processes
/// send their parts at the same time, then publish() with the whole gallery completes it. Sends only what is missing.
/// Throws Error(usage) if the version is live or complete, Error(resource) if a process publishes to the name.
PartResult publish_part(const PublishTarget& target, const Access& access, Observer& observer,
                        const std::function<Gallery()>& load);

/// The result of a check of a live version.
struct CollectionCheck {
  std::string version;
  std::string index;  ///< type and parameters, as the server gives them
  ModelIdentity model;
  std::string dataset;
  std::size_t expected = 0, counted = 0;
  std::size_t searched = 0;       ///< records that were asked for by their own vectors
  std::size_t changed = 0;        ///< searched records without a vector of unit length
  std::vector<std::string> lost;  ///< ids of those that were not found
  std::string failure;            ///< the first check that failed; empty: proven
  Churn churn{};
};

/// Proves the live version of a name: complete, with the items that matcher wrote, each found by its own vector (all up
/// to 3,000, otherwise 3,000 drawn at random). Throws Error(input) if nothing is live.
CollectionCheck check_collection(const std::string& address, const Access& access);

struct RestoredVersion {
  std::string version;   ///< live now
  std::string previous;  ///< live before
};

/// Makes the version live that the live one replaced. Throws Error(input) if there is none that is complete.
RestoredVersion roll_back(const std::string& address, const Access& access);

}  // namespace matcher::database
