#include "matcher/pipeline/auditing/nearest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "matcher/index/vector_index.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t batch = 1024;  // rows

/// Ids that order equal scores by row.
std::vector<std::string> numbered(std::size_t count) {
  std::vector<std::string> ids;
  ids.reserve(count);
  for (std::size_t i = 0; i < count; ++i) ids.push_back(fmt::format("{:010}", i));
  return ids;
}

std::vector<eval::Neighbour> without(std::size_t row, const std::vector<index::Hit>& hits, std::size_t k) {
  std::vector<eval::Neighbour> others;
  for (const auto& hit : hits)
    if (hit.row != row && others.size() < k) others.push_back({hit.row, hit.score});
  return others;
}

}  // namespace

eval::Neighbours find_nearest(Observer& observer, const char* stage, MatrixView unit, MatrixView queries,
                              std::size_t k) {
  if (unit.rows == 0) return {};
  const auto index = index::exact_search(unit, numbered(unit.rows));
  eval::Neighbours all;
  all.reserve(queries.rows);
  observer.begin(stage, queries.rows, 0);
  for (std::size_t first = 0; first < queries.rows; first += batch) {
    const auto rows = queries.slice(first, std::min(batch, queries.rows - first));
    const auto found = index->search(rows, std::min(k + 1, unit.rows));
    for (std::size_t i = 0; i < found.size(); ++i) all.push_back(without(first + i, found[i], k));
    observer.advance(rows.rows);
  }
  observer.end();
  return all;
}

}  // namespace matcher::pipeline
