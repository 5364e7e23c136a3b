// Chooses the type of an index by a memory budget, and estimates its size and build time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace matcher::index {

struct PlanRequest {
  std::string type = "auto";  ///< as BuildOptions::type
  std::size_t vectors = 0, dimension = 0;
  std::optional<std::uintmax_t> memory_budget;  ///< bytes that the index may take in memory; none: no limit
};

struct Plan {
  std::string type;                  ///< the FAISS factory string
  std::string reason;                ///< why this type: a clause with the numbers
  std::uintmax_t index_bytes = 0;    ///< on disk, and in memory once loaded
  std::uintmax_t copy_bytes = 0;     ///< memory for the rounded copy, which makes exact search faster; 0: none
  std::uintmax_t build_bytes = 0;    ///< the most memory that building takes, without items and program
  double multiplications = 0;        ///< to build
  double query_multiplications = 0;  ///< to find 10 answers to one query
  double expected_recall = 0;        ///< recall@10 on clustered vectors; 0: unknown (docs/reference/index-types.md)
};

/// Plans an index of request.type. `auto` is flat without a budget, or if one exact search reads at most 512 MiB.
/// Otherwise it is the first type that fits: hnsw (up to 200,000 vectors, since it builds slowly), ivf-flat, IVF with
/// one byte per dimension (SQ8), IVF-PQ with one byte per 2, 4, 8 or 16 dimensions. A flat index has a rounded copy
/// unless both exceed the budget. Throws as build() for an invalid
/// type, Error(resource) with the smallest sufficient budget if nothing fits.
Plan plan(const PlanRequest& request);

/// Plans every type that `auto` chooses from, the most exact first.
std::vector<Plan> alternatives(std::size_t vectors, std::size_t dimension);

/// Estimates the milliseconds of one query on one core. Measures as build_seconds().
double query_milliseconds(const Plan& plan);

/// Estimates the seconds that building takes on one core. The first call measures this machine for about 20 ms.
double build_seconds(const Plan& plan);

}  // namespace matcher::index
