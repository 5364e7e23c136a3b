// Indexes on a GPU. Label `gpu`; skipped without a GPU, or without GPU support of FAISS.
#include <algorithm>
#include <optional>

#include "matcher/index/gpu.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

/// Why GPU 0 cannot search; empty if it can.
std::string why_not() {
  if (auto why = why_no_gpu(); !why.empty()) return why;
  const auto one = clustered(1, 8, 1);
  const std::vector<std::string> ids{"a"};
  try {
    return search_on_gpu(*exact_search(one.view(), ids), 0);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::resource) throw;
    return error.what();
  }
}

void need_gpu() {
  if (const auto why = why_not(); !why.empty()) SKIP(why);
}

void check_same_on_gpu(VectorIndex& on_gpu, const VectorIndex& on_cpu, MatrixView queries) {
  REQUIRE(search_on_gpu(on_gpu, 0) == "");
  for (const std::size_t k : {1, 10, 100, 3000}) {
    INFO(on_cpu.type() << ", k " << k);
    CHECK(plain(on_gpu.search(queries, k)) == plain(on_cpu.search(queries, k)));
    CHECK(plain(on_gpu.search(queries.slice(3, 1), k)) == plain(on_cpu.search(queries.slice(3, 1), k)));
  }
}

}  // namespace

TEST_CASE("exact search on a GPU answers as on the CPU, ties included") {
  need_gpu();
  for (const std::size_t d : {1, 7, 64, 768}) {
    const auto vectors = with_ties(6000, d), queries = clustered(300, d, 2);
    const auto ids = shuffled_ids(6000);
    check_same_on_gpu(*exact_search(vectors.view(), ids), *exact_search(vectors.view(), ids), queries.view());
  }
}

TEST_CASE("an index on a GPU answers as on the CPU, ties included") {
  need_gpu();
  const auto vectors = with_ties(20000, 96), queries = clustered(300, 96, 2);
  const auto ids = shuffled_ids(20000);
  const TemporaryFolder folder;
  for (const std::string type : {"flat", "ivf-flat", "IVF128,PQ48", "IVF128,SQ8", "IVF128,SQ4", "IVF128,SQfp16"}) {
    build(vectors.view(), ids, {type})->save(folder / "index.faiss");
    check_same_on_gpu(*load(folder / "index.faiss", ids), *load(folder / "index.faiss", ids), queries.view());
  }
}

TEST_CASE("many equal vectors come in the order of their ids on a GPU") {
  need_gpu();
  Matrix vectors(5000, 64);
  const auto one = clustered(1, 64, 1);
  for (std::size_t i = 0; i < vectors.rows; ++i) std::ranges::copy(one.row(0), vectors.row(i).begin());
  const auto ids = shuffled_ids(vectors.rows);
  const auto index = exact_search(vectors.view(), ids);
  REQUIRE(search_on_gpu(*index, 0) == "");
  const auto hits = index->search(one.view(), 50).front();
  CHECK(std::ranges::is_sorted(hits, {}, [&](const Hit& hit) { return ids[hit.row]; }));
  CHECK(ids[hits.front().row] == *std::ranges::min_element(ids));
}

TEST_CASE("an index that FAISS does not search on GPUs stays on the CPU, and says so") {
  need_gpu();
  const auto vectors = clustered(12000, 256, 1), queries = clustered(20, 256, 2);
  const auto ids = shuffled_ids(12000);
  for (const std::string type : {"hnsw", "IVF64,PQ128"}) {
    const auto index = build(vectors.view(), ids, {type});
    const auto before = plain(index->search(queries.view(), 10));
    CHECK(search_on_gpu(*index, 0).find("on GPUs") != std::string::npos);
    CHECK(plain(index->search(queries.view(), 10)) == before);
  }
}

TEST_CASE("an index built on a GPU works on the CPU, is as good, and the same each time") {
  need_gpu();
  const auto vectors = clustered(20000, 96, 1), queries = clustered(200, 96, 2);
  const auto ids = shuffled_ids(20000);
  const TemporaryFolder folder;
  for (const std::string type : {"ivf-flat", "ivf-pq", "IVF128,SQ8"}) {
    INFO(type);
    const auto on_cpu = build(vectors.view(), ids, {type}), on_gpu = build(vectors.view(), ids, {type, 1, 0});
    on_gpu->save(folder / "index.faiss");
    const auto read = load(folder / "index.faiss", ids);
    CHECK(plain(read->search(queries.view(), 10)) == plain(on_gpu->search(queries.view(), 10)));
    on_cpu->save(folder / "cpu.faiss");
    CHECK(std::filesystem::file_size(folder / "cpu.faiss") == std::filesystem::file_size(folder / "index.faiss"));
    CHECK(plain(build(vectors.view(), ids, {type, 1, 0})->search(queries.view(), 10)) ==
          plain(on_gpu->search(queries.view(), 10)));
    const auto truth = exact_search(vectors.view(), ids)->search(queries.view(), 10);
    const auto found_by = [&](const VectorIndex& index) {
      std::size_t found = 0;
      const auto answers = index.search(queries.view(), 10);
      for (std::size_t q = 0; q < truth.size(); ++q) {
        for (const auto& hit : answers[q]) found += std::ranges::count(truth[q], hit.row, &Hit::row);
      }
      return double(found) / double(10 * truth.size());
    };
    CHECK(found_by(*on_gpu) > found_by(*on_cpu) - 0.02);
  }
}
