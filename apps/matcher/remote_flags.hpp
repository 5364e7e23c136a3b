// index --to: a vector database as the target.
#pragma once

#include <vector>

#include "flags.hpp"
#include "matcher/pipeline/index.hpp"

namespace matcher::app {

struct RemoteFlags {
  std::string to, backup;
  bool reindex = false, stage = false, drop_old = false;
  double min_agreement = 0.95;
};

/// `others` are options of folders, which do not go with --to; `rollback` goes with both.
void add_remote_flags(CLI::App& command, RemoteFlags& flags, const std::vector<CLI::Option*>& others,
                      CLI::Option* rollback);

int index_remotely(Session& session, const RemoteFlags& flags, pipeline::IndexOptions options);

}  // namespace matcher::app
