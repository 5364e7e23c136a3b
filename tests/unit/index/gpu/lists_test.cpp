// Searches with a stand-in for the GPU: scores that are off within the bound, and ties in any order, change no answer
// of lists, codes, or trained centroids.
#include <faiss/IndexFlat.h>
#include <faiss/IndexIVF.h>
#include <faiss/index_io.h>

#include <algorithm>
#include <random>

#include "matcher/index/candidate_index.hpp"
#include "matcher/index/faiss/list_builder.hpp"
#include "matcher/index/faiss/list_scores.hpp"
#include "matcher/index/gpu/copy.hpp"
#include "matcher/index/gpu/finder.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

struct Scored {
  float score;
  std::int64_t row;
};

/// Chooses the best `count` of the scores that FAISS found, after an error of up to `bound`.
void choose(std::vector<Scored> all, std::size_t count, double bound, std::mt19937& random, float* scores,
            std::int64_t* rows) {
  std::uniform_real_distribution<double> error(-bound, bound);
  for (auto& one : all) one.score = float(one.score + error(random));
  std::ranges::shuffle(all, random);
  std::ranges::stable_sort(all, std::ranges::greater(), &Scored::score);
  for (std::size_t i = 0; i < count; ++i) {
    scores[i] = i < all.size() ? all[i].score : -1e30f;
    rows[i] = i < all.size() ? all[i].row : -1;
  }
}

class StandInLists : public GpuLists {
 public:
  StandInLists(const faiss::IndexIVF& ivf, double bound) : ivf_(ivf), bound_(bound) {}

  void search(MatrixView queries, const Probes& probes, std::size_t count, float* scores,
              std::int64_t* rows) const override {
    std::mt19937 random(5);
    faiss::SearchParametersIVF parameters;
    parameters.nprobe = probes.count;
    const auto n = std::size_t(ivf_.ntotal);
    for (std::size_t q = 0; q < queries.rows; ++q) {
      std::vector<float> of_all(n);
      std::vector<std::int64_t> all(n);
      ivf_.search_preassigned(1, queries.row(q).data(), std::int64_t(n), probes.lists + q * probes.count,
                              probes.scores + q * probes.count, of_all.data(), all.data(), false, &parameters);
      std::vector<Scored> found;
      for (std::size_t i = 0; i < n; ++i) {
        if (all[i] >= 0) found.push_back({of_all[i], all[i]});
      }
      choose(std::move(found), count, bound_, random, scores + q * count, rows + q * count);
    }
  }

 private:
  const faiss::IndexIVF& ivf_;
  double bound_;
};

/// A flat index whose scores are off.
class StandInFlat : public faiss::IndexFlatIP {
 public:
  StandInFlat(std::size_t dimension, double bound) : IndexFlatIP(std::int64_t(dimension)), bound_(bound) {}

  void search(idx_t n, const float* x, idx_t k, float* scores, idx_t* rows,
              const faiss::SearchParameters*) const override {
    std::mt19937 random(5);
    const auto count = std::size_t(ntotal);
    for (idx_t q = 0; q < n; ++q) {
      std::vector<float> of_all(count);
      std::vector<idx_t> all(count);
      IndexFlatIP::search(1, x + q * d, ntotal, of_all.data(), all.data());
      std::vector<Scored> found;
      for (std::size_t i = 0; i < count; ++i) found.push_back({of_all[i], all[i]});
      choose(std::move(found), std::size_t(k), bound_, random, scores + q * k, rows + q * k);
    }
  }

 private:
  double bound_;
};

std::unique_ptr<faiss::Index> read(const std::filesystem::path& file) {
  return std::unique_ptr<faiss::Index>(faiss::read_index(file.c_str()));
}

void search_with(VectorIndex& index, std::unique_ptr<Finder> finder) {
  dynamic_cast<CandidateIndex&>(index).find_with(std::move(finder));
}

}  // namespace

TEST_CASE("lists that a GPU searches answer as the index itself, to the bit") {
  const auto vectors = with_ties(12000, 32), queries = clustered(40, 32, 2);
  const auto ids = shuffled_ids(12000);
  const TemporaryFolder folder;
  for (const std::string type : {"ivf-flat", "IVF64,PQ8", "ivf-pq", "IVF64,SQ8", "IVF64,SQ4", "IVF64,SQfp16"}) {
    const auto index = build(vectors.view(), ids, {type});
    index->save(folder / "index.faiss");
    const auto copy = read(folder / "index.faiss");
    const auto* ivf = as_lists(*copy);
    REQUIRE(ivf);
    const auto bound = ListScores(*ivf).rounding();
    CHECK(bound < 1e-3);
    for (const std::size_t k : {1, 10, 300, 12000}) {
      INFO(type << ", k " << k << ", bound " << bound);
      const auto expected = plain(load(folder / "index.faiss", ids)->search(queries.view(), k));
      const auto searched = load(folder / "index.faiss", ids);
      search_with(*searched, list_finder(*ivf, std::make_unique<StandInLists>(*ivf, 0.4 * bound)));
      CHECK(plain(searched->search(queries.view(), k)) == expected);
    }
  }
}

TEST_CASE("a row's score is that of the index's own search, to the bit") {
  const auto vectors = clustered(11000, 24, 1), queries = clustered(20, 24, 2);
  const auto ids = shuffled_ids(11000);
  const TemporaryFolder folder;
  for (const std::string type : {"IVF32,PQ6", "ivf-pq", "IVF32,SQ8", "IVF32,SQ4", "IVF32,SQ6", "IVF32,SQfp16"}) {
    build(vectors.view(), ids, {type})->save(folder / "index.faiss");
    const auto index = read(folder / "index.faiss");
    const auto* ivf = as_lists(*index);
    REQUIRE(ivf);
    const ListScores scores(*ivf);
    constexpr std::size_t probes = 8, count = 50;
    for (std::size_t q = 0; q < queries.rows; ++q) {
      std::vector<float> coarse(probes), found(count);
      std::vector<std::int64_t> lists(probes), rows(count);
      ivf->quantizer->search(1, queries.row(q).data(), probes, coarse.data(), lists.data());
      faiss::SearchParametersIVF parameters;
      parameters.nprobe = probes;
      index->search(1, queries.row(q).data(), count, found.data(), rows.data(), &parameters);
      std::vector<Candidate> candidates;
      for (std::size_t i = 0; i < count; ++i) candidates.emplace_back(rows[i], 0.0f);
      scores.rescore(queries.row(q), lists, coarse, candidates);
      for (std::size_t i = 0; i < count; ++i) REQUIRE(candidates[i].score == found[i]);
    }
  }
}

TEST_CASE("vectors that a GPU compares answer as on the CPU, to the bit") {
  const auto vectors = with_ties(5000, 48), queries = clustered(30, 48, 2);
  const auto ids = shuffled_ids(5000);
  const auto flat = exact_search(vectors.view(), ids);
  for (const std::size_t k : {1, 10, 1000, 3000, 5000}) {
    auto copy = std::make_unique<StandInFlat>(48, 2e-6);
    copy->add(5000, vectors.data.data());
    const auto searched = exact_search(vectors.view(), ids);
    search_with(*searched, flat_finder(vectors.view(), std::move(copy)));
    INFO("k " << k);
    CHECK(plain(searched->search(queries.view(), k)) == plain(flat->search(queries.view(), k)));
  }
}

TEST_CASE("indexes that GPUs cannot search are recognised") {
  const auto vectors = clustered(10000, 16, 1);
  const auto ids = shuffled_ids(10000);
  const TemporaryFolder folder;
  for (const std::string type : {"hnsw", "flat", "SQ8", "PCA8,IVF16,Flat", "IVF64_HNSW8,Flat"}) {
    build(vectors.view(), ids, {type})->save(folder / "index.faiss");
    INFO(type);
    CHECK_FALSE(as_lists(*read(folder / "index.faiss")));
  }
}
