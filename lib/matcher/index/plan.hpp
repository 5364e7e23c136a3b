// Which index fits, and what it will cost, before it is built.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace matcher::index {

struct PlanRequest {
  std::string type = "auto";  ///< as in BuildOptions
  std::size_t vectors = 0, dimension = 0;
  std::optional<std::uintmax_t> memory_budget;  ///< bytes of the index, in memory; none: no bound
};

struct Plan {
  std::string type;                ///< the FAISS factory string
  std::string reason;              ///< one clause for people, with the numbers
  std::uintmax_t index_bytes = 0;  ///< on disk, and in memory when it is loaded
  std::uintmax_t build_bytes = 0;  ///< in memory at most while it is built
  double multiplications = 0;      ///< of building
};

/// For `auto`: flat while one exact search reads at most 512 MiB or no budget is given, else the first that fits of
/// hnsw (up to 200,000 vectors, since it takes long to build), ivf-flat, IVF with a byte a dimension (SQ8), and IVF-PQ
/// with a byte for 2, 4, 8, 16 dimensions. Throws Error(usage) as factory_string(), Error(resource) when nothing fits,
/// with the smallest budget that would do.
Plan plan(const PlanRequest& request);

/// How many vectors training looks at: 64 a centroid, and at least 100,000 where there are so many.
std::size_t training_size(const std::string& description, std::size_t vectors);

/// Seconds that building takes on one core of this machine, whose speed is tried for a few milliseconds.
double build_seconds(const Plan& plan);

}  // namespace matcher::index
