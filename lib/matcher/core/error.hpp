// Defines the exception of the library. Its code is the exit code of the program.
#pragma once

#include <stdexcept>
#include <string>

namespace matcher {

/// Append only: other programs read these numbers.
enum class ErrorCode {
  ok = 0,
  unexpected = 1,
  usage = 2,      ///< a wrong flag or configuration
  input = 3,      ///< input missing or unreadable
  mismatch = 4,   ///< artefacts that do not belong together
  resource = 5,   ///< a device, memory, disk or server is unavailable
  gate = 6,       ///< a gate such as --fail-below failed
  undecided = 7,  ///< a gate has too few queries to pass or to fail
};

/// An error that a person can act on: the fault, its place and its values, and the next step.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace matcher
