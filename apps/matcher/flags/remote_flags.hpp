// Flags of index --to, which publishes to a vector database, and what it prints.
#pragma once

#include <vector>

#include "flags/flags.hpp"
#include "matcher/pipeline/publish.hpp"

namespace matcher::app {

struct RemoteFlags {
  database::PublishTarget target;
  std::string backup;
  bool check = false;
  bool part = false;
  std::string format;
};

/// --to excludes the options in `others`, which are for folders. `rollback` works with both.
void add_remote_flags(CLI::App& command, RemoteFlags& flags, const std::vector<CLI::Option*>& others,
                      CLI::Option* rollback, CLI::Option* plan);

/// Prints the settings that were tried for --recall, and which one was chosen.
void print_tuning(const index::Tuning& tuning);

/// Publishes and prints the result. Returns the exit code: 6 if the version is not proven.
int publish(Session& session, const RemoteFlags& flags, const pipeline::VectorInput& input,
            const pipeline::ExecutionOptions& execution);

/// Sends a part of a gallery and prints the result. Returns the exit code.
int publish_part(Session& session, const RemoteFlags& flags, const pipeline::VectorInput& input);

/// Proves the live version and prints what was found. Returns the exit code: 6 if it is not proven.
int check_collection(Session& session, const RemoteFlags& flags);

/// Makes the previous version live and prints both.
int restore_version(Session& session, const RemoteFlags& flags);

}  // namespace matcher::app
