// Flags of index --to, which publishes to a vector database, and what it prints.
#pragma once

#include <vector>

#include "flags.hpp"
#include "matcher/pipeline/publish.hpp"

namespace matcher::app {

struct RemoteFlags {
  database::PublishTarget target;
  std::string backup;
};

/// --to excludes the options in `others`, which are for folders. `rollback` works with both.
void add_remote_flags(CLI::App& command, RemoteFlags& flags, const std::vector<CLI::Option*>& others,
                      CLI::Option* rollback);

/// Publishes and prints the result. Returns the exit code: 6 if the version is not proven.
int publish(Session& session, const RemoteFlags& flags, const pipeline::VectorInput& input,
            const pipeline::ExecutionOptions& execution);

/// Makes the previous version live and prints both.
int restore_version(Session& session, const RemoteFlags& flags);

}  // namespace matcher::app
