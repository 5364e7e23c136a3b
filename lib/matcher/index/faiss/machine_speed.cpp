#include "matcher/index/faiss/machine_speed.hpp"

#include <faiss/utils/distances.h>

#include <chrono>
#include <cstdint>
#include <vector>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {

double measure_multiplications_per_second() {
  const SingleThread guard;
  constexpr std::size_t n = 512, d = 256;
  const std::vector<float> vectors(n * d, 0.5f);
  std::vector<float> scores(n);
  std::vector<std::int64_t> rows(n);
  const auto start = std::chrono::steady_clock::now();
  double seconds = 0, done = 0;
  while (seconds < 0.02) {
    faiss::knn_inner_product(vectors.data(), vectors.data(), d, n, n, 1, scores.data(), rows.data());
    done += double(n * n * d);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return done / seconds;
}

}  // namespace matcher::index
