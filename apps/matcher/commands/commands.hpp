// The commands of the program. To add one: commands/<name>.cpp, which defines add_<name>(), and its name below.
#pragma once

#include "session.hpp"

namespace matcher::app {

/// In the order of `matcher --help`.
#define MATCHER_COMMANDS(add)                                                                                    \
  add(embed) add(import) add(index) add(query) add(eval) add(compare) add(trend) add(fuse) add(views) add(adapt) \
      add(tune) add(audit) add(models) add(export) add(threshold) add(verify) add(cache) add(config) add(doctor) \
          add(completion) add(manual)

/// Each registers a command, its flags and its action.
#define MATCHER_DECLARE_COMMAND(name) void add_##name(Program& program);
MATCHER_COMMANDS(MATCHER_DECLARE_COMMAND)
#undef MATCHER_DECLARE_COMMAND

}  // namespace matcher::app
