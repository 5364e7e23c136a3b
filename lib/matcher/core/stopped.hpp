// Ends a job between two steps, because the user asked for it.
#pragma once

#include <cstddef>
#include <exception>

namespace matcher {

/// Thrown by advance() and end() of an Observer if the user stops the job. A job keeps what it can, and throws it on.
struct Stopped : std::exception {
  std::size_t done = 0, total = 0;  ///< steps of the stage
  bool continues = true;            ///< the same command goes on after the steps that are done
  const char* what() const noexcept override { return "stopped"; }
};

}  // namespace matcher
