// Proven answers from a finder that rounds within its bound and breaks ties in its own way.
#include "matcher/index/candidate_index.hpp"

#include <algorithm>
#include <functional>

#include "matcher/index/exact/finder.hpp"
#include "unit/index/vectors.hpp"

using namespace matcher;
using namespace matcher::index;
using namespace matcher::index::test;

namespace {

/// An index of two vectors whose search goes wrong.
class BrokenIndex : public CandidateIndex {
 public:
  using Search = std::function<Candidate()>;
  explicit BrokenIndex(Search search) : CandidateIndex(std::span(ids)), search_(std::move(search)) {}
  std::size_t dimension() const override { return 2; }
  std::string type() const override { return "IVF2,Flat"; }
  bool exact() const override { return false; }
  std::string save(const std::filesystem::path&) const override { return {}; }

 protected:
  std::vector<Candidate> candidates(MatrixView queries, std::size_t, std::size_t count) const override {
    return std::vector<Candidate>(queries.rows * count, search_());
  }
  double score(std::span<const float>, const Candidate& candidate) const override { return candidate.score; }

 private:
  static inline const std::vector<std::string> ids{"a", "b"};
  Search search_;
};

using ErrorOfRow = std::function<float(std::size_t row)>;

/// A device whose score of each row is off by `error`, and that returns equal scores in the worst order.
class FaultyFinder : public Finder {
 public:
  FaultyFinder(MatrixView vectors, double bound, std::size_t most, ErrorOfRow error)
      : vectors_(vectors), bound_(bound), most_(most), error_(std::move(error)) {}

  bool reaches(std::size_t, std::size_t count) const override { return count <= most_; }
  double rounding() const override { return bound_; }

  std::vector<Candidate> find(MatrixView queries, std::size_t, std::size_t count) const override {
    std::vector<Candidate> found;
    for (std::size_t q = 0; q < queries.rows; ++q) {
      std::vector<Candidate> all;
      for (std::size_t i = 0; i < vectors_.rows; ++i)
        all.emplace_back(std::int64_t(i), float(inner_product(queries.row(q), vectors_.row(i)) + error_(i)));
      std::ranges::sort(all, [](const Candidate& a, const Candidate& b) {
        return a.found_by != b.found_by ? a.found_by > b.found_by : a.row > b.row;
      });
      all.resize(count);
      found.insert(found.end(), all.begin(), all.end());
    }
    return found;
  }

 private:
  MatrixView vectors_;
  double bound_;
  std::size_t most_;
  ErrorOfRow error_;
};

/// Exact search that counts the queries that it answers itself.
class PlainIndex : public CandidateIndex {
 public:
  PlainIndex(MatrixView vectors, std::span<const std::string> ids) : CandidateIndex(ids), vectors_(vectors) {}
  std::size_t dimension() const override { return vectors_.cols; }
  std::string type() const override { return "plain"; }
  bool exact() const override { return true; }
  std::string save(const std::filesystem::path&) const override { return {}; }
  mutable std::size_t own = 0;

 protected:
  std::vector<Candidate> candidates(MatrixView queries, std::size_t k, std::size_t count) const override {
    own += queries.rows;
    return FaultyFinder(vectors_, 0, count, [](std::size_t) { return 0.0f; }).find(queries, k, count);
  }
  double score(std::span<const float> query, const Candidate& candidate) const override {
    return inner_product(query, vectors_.row(std::size_t(candidate.row)));
  }

 private:
  MatrixView vectors_;
};

struct Searched {
  Answers answers;
  std::size_t own = 0;
};

Searched search_by(const Matrix& vectors, const std::vector<std::string>& ids, const Matrix& queries, std::size_t k,
                   std::unique_ptr<Finder> finder) {
  PlainIndex index(vectors.view(), ids);
  index.find_with(std::move(finder));
  auto answers = index.search(queries.view(), k);
  return {std::move(answers), index.own};
}

/// Errors of all sizes up to `bound`, of both signs, that look random and are not.
ErrorOfRow scattered(double bound, std::uint64_t seed) {
  return [bound, seed](std::size_t row) {
    const auto mixed = (row * 0x9e3779b97f4a7c15ull + seed) * 0xbf58476d1ce4e5b9ull;
    return float(0.99 * bound * (double(mixed >> 11) * 0x1p-52 - 1));
  };
}

}  // namespace

TEST_CASE("a finder that rounds within its bound changes no answer, ties included") {
  auto vectors = clustered(1200, 24, 1, 10);
  for (std::size_t i = 300; i < 700; ++i)
    std::ranges::copy(vectors.row(i % 7), vectors.row(i).begin());  // equal scores
  for (std::size_t i = 700; i < 1000; ++i) {                        // and near ones
    std::ranges::copy(vectors.row(i % 5), vectors.row(i).begin());
    vectors.row(i)[i % 24] += 1e-6f * float(i % 11);
  }
  const auto queries = clustered(30, 24, 2, 10);
  const auto ids = shuffled_ids(1200);
  for (const double bound : {1e-7, 1e-5, 1e-3}) {
    for (const std::size_t k : {1, 10, 60, 1200, 5000}) {
      INFO("bound " << bound << ", k " << k);
      auto finder = std::make_unique<FaultyFinder>(vectors.view(), bound, 2047, scattered(bound, k));
      CHECK(plain(search_by(vectors, ids, queries, k, std::move(finder)).answers) ==
            plain(brute_force(vectors.view(), ids, queries.view(), k)));
    }
  }
}

TEST_CASE("an error that lifts the wrong rows by the whole bound changes no answer") {
  const auto vectors = clustered(2000, 16, 1, 3);
  const auto queries = clustered(20, 16, 2, 3);
  const auto ids = shuffled_ids(2000);
  constexpr double bound = 2e-3;
  const auto best = brute_force(vectors.view(), ids, queries.view(), 10);
  const auto sinks_the_best = [&](std::size_t row) {
    const bool is_best = std::ranges::any_of(best, [row](const auto& hits) {
      return std::ranges::any_of(hits, [row](const Hit& hit) { return hit.row == row; });
    });
    return float((is_best ? -0.99 : 0.99) * bound);
  };
  auto finder = std::make_unique<FaultyFinder>(vectors.view(), bound, 2047, sinks_the_best);
  CHECK(plain(search_by(vectors, ids, queries, 10, std::move(finder)).answers) == plain(best));
}

TEST_CASE("a finder that proves its answers leaves nothing to the index") {
  const auto vectors = clustered(1000, 32, 1), queries = clustered(25, 32, 2);
  const auto ids = shuffled_ids(1000);
  auto finder = std::make_unique<FaultyFinder>(vectors.view(), 1e-6, 2047, scattered(1e-6, 1));
  CHECK(search_by(vectors, ids, queries, 10, std::move(finder)).own == 0);
}

TEST_CASE("a finder that cannot prove, or reach, leaves the query to the index") {
  auto vectors = clustered(1000, 8, 1);
  for (std::size_t i = 0; i < 400; ++i) std::ranges::copy(vectors.row(999), vectors.row(i).begin());
  Matrix queries(1, 8);
  std::ranges::copy(vectors.row(999), queries.row(0).begin());
  const auto ids = shuffled_ids(1000);
  const auto expected = plain(brute_force(vectors.view(), ids, queries.view(), 10));
  auto finder = std::make_unique<FaultyFinder>(vectors.view(), 1e-6, 200, scattered(1e-6, 3));  // 401 are equal
  const auto ties = search_by(vectors, ids, queries, 10, std::move(finder));
  CHECK(plain(ties.answers) == expected);
  CHECK(ties.own > 0);
  finder = std::make_unique<FaultyFinder>(vectors.view(), 1e-6, 20, scattered(1e-6, 3));
  CHECK(search_by(vectors, ids, queries, 10, std::move(finder)).own > 0);
}

TEST_CASE("a finder whose scores break its own bound is not trusted") {
  const auto vectors = clustered(1500, 32, 1), queries = clustered(10, 32, 2);
  const auto ids = shuffled_ids(1500);
  const auto coarse = [](std::size_t row) { return row % 3 == 0 ? -0.01f : 0.0f; };
  auto finder = std::make_unique<FaultyFinder>(vectors.view(), 1e-6, 1400, coarse);
  const auto searched = search_by(vectors, ids, queries, 20, std::move(finder));
  CHECK(plain(searched.answers) == plain(brute_force(vectors.view(), ids, queries.view(), 20)));
}

TEST_CASE("a search that fails says which file is damaged, or which type cannot be searched") {
  Matrix query(1, 2);
  query.row(0)[0] = 1;
  BrokenIndex throws([]() -> Candidate { throw std::runtime_error("x.cpp:7"); });
  const std::string reason = "it contains a number that is out of range";
  CHECK(error_of([&] { throws.search(query.view(), 1); }) ==
        Refusal(ErrorCode::usage,
                "FAISS cannot search an index of type \"IVF2,Flat\" (" + reason + "); choose another --type"));
  throws.read_from("shelf/index.faiss");
  const std::string damaged = "index file \"shelf/index.faiss\" is damaged: it cannot be searched (";
  const std::string rebuild = "); rebuild it with: matcher index --model M --dataset D --output shelf";
  CHECK(error_of([&] { throws.search(query.view(), 1); }) == Refusal(ErrorCode::mismatch, damaged + reason + rebuild));
  BrokenIndex beyond([] { return Candidate(2, 0.5f); });
  beyond.read_from("shelf/index.faiss");
  CHECK(error_of([&] { beyond.search(query.view(), 1); }) ==
        Refusal(ErrorCode::mismatch, damaged + "it answers with row 2 of 2" + rebuild));
  BrokenIndex full([]() -> Candidate { throw std::bad_alloc(); });
  CHECK(error_of([&] { full.search(query.view(), 1); }) ==
        Refusal(ErrorCode::resource, "not enough memory to search 2 vectors for 1 queries; search fewer at a time"));
}
