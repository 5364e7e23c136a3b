// Describes how far a job is, as one line.
#pragma once

#include <cstddef>
#include <string>

namespace matcher {

struct Progress {
  std::string stage;
  std::size_t total = 0;   ///< steps; 0: unknown
  std::size_t before = 0;  ///< steps that an earlier run had done
  std::size_t done = 0;    ///< steps, those before included
};

/// "mobilenet-v2, queries 1376/2640, 41 a second, 30 s left", `seconds` after the begin.
std::string describe(const Progress& progress, double seconds);

}  // namespace matcher
