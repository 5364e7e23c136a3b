#include "matcher/pipeline/measuring/timing.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

namespace matcher::pipeline {

std::pair<double, double> search_times(const index::VectorIndex& index, MatrixView queries) {
  constexpr std::size_t fewest = 20, most = 200, k = 10;
  constexpr double enough_ms = 100;
  std::vector<double> times;
  double spent = 0;
  for (std::size_t i = 0; i < std::min(most, queries.rows) && (i < fewest || spent < enough_ms); ++i) {
    const auto start = std::chrono::steady_clock::now();
    index.search(queries.slice(i, 1), k);
    times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    spent += times.back();
  }
  std::sort(times.begin(), times.end());
  return {times.at(times.size() / 2), times.at(times.size() * 95 / 100)};
}

}  // namespace matcher::pipeline
