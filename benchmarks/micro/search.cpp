// Benchmarks of searches by index type, for a batch and for one query, over clustered unit vectors.
// With MATCHER_GALLERY and MATCHER_QUERIES, files of float32, and MATCHER_DIMENSION, it also builds and searches
// indexes of the types in MATCHER_TYPES over these vectors (benchmarks/end_to_end/search_growth.py).
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <sstream>
#include <string>

#include "matcher/index/vector_index.hpp"

namespace {

using matcher::Matrix;
using matcher::index::VectorIndex;

constexpr std::size_t dimension = 256;
constexpr std::size_t gallery_size = 20000;

Matrix clustered(std::size_t n, std::uint64_t seed) {
  std::mt19937_64 centre_random(7), random(seed);
  std::normal_distribution<float> normal;
  Matrix centres(200, dimension), vectors(n, dimension);
  for (auto& value : centres.data) value = normal(centre_random);
  for (std::size_t i = 0; i < n; ++i) {
    const auto centre = centres.row(random() % centres.rows);
    for (std::size_t j = 0; j < dimension; ++j) vectors.row(i)[j] = centre[j] + 0.5f * normal(random);
  }
  return matcher::normalised(vectors.view());
}

const VectorIndex& index_of(const std::string& type) {
  static std::map<std::string, std::unique_ptr<VectorIndex>> built;
  auto& index = built[type];
  if (!index) {
    std::vector<std::string> ids(gallery_size);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = std::to_string(i);
    index = matcher::index::build(clustered(gallery_size, 1).view(), ids, {type});
  }
  return *index;
}

void search(benchmark::State& state, const std::string& type) {
  const auto& index = index_of(type);
  const auto queries = clustered(std::size_t(state.range(0)), 2);
  for (auto _ : state) benchmark::DoNotOptimize(index.search(queries.view(), 10));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Exact search over 1,000 to 1,000,000 vectors of 128 dimensions, for 1 query and for 256.
void growth(benchmark::State& state) {
  static std::map<std::int64_t, std::pair<Matrix, std::vector<std::string>>> galleries;
  auto& [vectors, ids] = galleries[state.range(0)];
  if (ids.empty()) {
    std::mt19937_64 random(3);
    std::normal_distribution<float> normal;
    vectors = Matrix(std::size_t(state.range(0)), 128);
    for (auto& value : vectors.data) value = normal(random);
    vectors = matcher::normalised(vectors.view());
    for (std::size_t i = 0; i < vectors.rows; ++i) ids.push_back(std::to_string(i));
  }
  const auto index = matcher::index::exact_search(vectors.view(), ids);
  const auto queries = vectors.view().slice(0, std::size_t(state.range(1)));
  for (auto _ : state) benchmark::DoNotOptimize(index->search(queries, 10));
  state.SetItemsProcessed(state.iterations() * state.range(1));
}

/// Unit vectors that differ by less than a rounded copy can tell, so that it proves nothing.
Matrix nearly_equal(std::size_t n, std::size_t d, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<float> normal;
  Matrix vectors(n, d);
  for (auto& value : vectors.data) value = 1 + 1e-4f * normal(random);
  return matcher::normalised(vectors.view());
}

/// 1,000 searches over vectors that make a rounded copy useless, which is tried or not.
void useless_copy(benchmark::State& state, bool tries) {
  static const auto vectors = nearly_equal(100000, 768, 5), queries = nearly_equal(1000, 768, 6);
  static const std::vector<std::string> ids(vectors.rows);
  const auto count = std::size_t(state.range(0));
  for (auto _ : state) {
    const auto index = matcher::index::exact_search(vectors.view(), ids);
    if (!tries) index->search_without_copy();
    for (std::size_t first = 0; first < queries.rows; first += count)
      benchmark::DoNotOptimize(index->search(queries.view().slice(first, std::min(count, queries.rows - first)), 10));
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(queries.rows));
}

std::string setting(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

Matrix read_vectors(const char* variable) {
  const auto file = setting(variable);
  const auto d = std::stoul(setting("MATCHER_DIMENSION"));
  Matrix vectors(std::filesystem::file_size(file) / sizeof(float) / d, d);
  std::ifstream(file, std::ios::binary)
      .read(reinterpret_cast<char*>(vectors.data.data()), std::streamsize(vectors.data.size() * sizeof(float)));
  return vectors;
}

const Matrix& gallery() {
  static const auto vectors = read_vectors("MATCHER_GALLERY");
  return vectors;
}

std::unique_ptr<VectorIndex> build_gallery(const std::string& type) {
  static const std::vector<std::string> ids(gallery().rows);
  return matcher::index::build(gallery().view(), ids, {type});
}

void build_from_file(benchmark::State& state, const std::string& type) {
  gallery();
  for (auto _ : state) benchmark::DoNotOptimize(build_gallery(type));
}

void search_file(benchmark::State& state, const std::string& type) {
  static std::map<std::string, std::unique_ptr<VectorIndex>> built;
  static const auto queries = read_vectors("MATCHER_QUERIES");
  auto& index = built[type];
  if (!index) index = build_gallery(type);
  index->search(queries.view(), 10);  // the first search of many queries makes the rounded copy
  const auto count = std::min(std::size_t(state.range(0)), queries.rows);
  std::size_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(index->search(queries.view().slice(first, count), 10));
    first = first + 2 * count > queries.rows ? 0 : first + count;
  }
  state.SetItemsProcessed(state.iterations() * std::int64_t(count));
}

void register_files() {
  std::istringstream types(setting("MATCHER_TYPES"));
  for (std::string type; types >> type;) {
    benchmark::RegisterBenchmark(("build_from_file/" + type).c_str(), build_from_file, type)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark(("search_file/" + type).c_str(), search_file, type)
        ->Arg(1)
        ->Arg(1000)
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
}

const bool files_registered = (register_files(), true);

BENCHMARK(growth)
    ->ArgsProduct({{1000, 10000, 100000, 1000000}, {1, 256}})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

BENCHMARK_CAPTURE(useless_copy, tried, true)->Arg(1)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(useless_copy, plain, false)->Arg(1)->Arg(1000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, flat, "flat")->Arg(1)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, hnsw, "hnsw")->Arg(1)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, ivf_flat, "ivf-flat")->Arg(1)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(search, ivf_pq, "ivf-pq")->Arg(1)->Arg(256)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
