// embedding set -> collection of a vector database, in versions of which one is live.
#pragma once

#include "matcher/pipeline/index.hpp"
#include "matcher/pipeline/remote_proof.hpp"

namespace matcher::pipeline {

struct RemoteResult {
  std::string version;   ///< the collection that holds the vectors
  std::string previous;  ///< the version that was live before; empty: none
  store::IndexManifest manifest;
  std::size_t sent = 0, unchanged = 0, removed = 0;
  double seconds = 0;                ///< that sending and removing took
  std::size_t backed_up = 0;         ///< items written to the backup
  std::vector<std::string> dropped;  ///< versions
  bool live = false;                 ///< whether `version` is live now
  RemoteProof proof;                 ///< when it has a failure, a new version was not made live
};

/// Sends what is new or changed to the database at options.to, removes what is gone, proves it, and makes it live. Work
/// that was interrupted is continued. Throws Error(mismatch) for a collection that another model, dataset, dimension or
/// metric made, unless options.reindex builds another version beside it; Error(input) for ids that come twice.
RemoteResult index_remotely(const Context& context, const IndexOptions& options);

/// Makes the version live that was live before. Throws Error(input) when there is none.
RemoteResult roll_back(const Context& context, const IndexOptions& options);

/// A folder, whose index is searched where `run` asks for it, or the address of a database: its live version, or the
/// version it names.
LoadedIndex open_index(const Context& context, const std::filesystem::path& place, const ExecutionOptions& run);

/// How servers are spoken to, as the settings say.
database::Access access_of(const config::Server& server);

}  // namespace matcher::pipeline
