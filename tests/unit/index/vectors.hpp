// Generated vectors and small helpers for the tests of indexes.
#pragma once

#include <unistd.h>
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "matcher/core/error.hpp"
#include "matcher/core/matrix.hpp"
#include "matcher/index/vector_index.hpp"

namespace matcher::index::test {

/// Unit vectors around shared centres, [n, d]; another seed draws other points around the same centres.
inline Matrix clustered(std::size_t n, std::size_t d, std::uint64_t seed, std::size_t centres = 100) {
  std::mt19937_64 centre_random(7), random(seed);
  std::normal_distribution<float> normal;
  Matrix middle(centres, d), out(n, d);
  for (auto& value : middle.data) value = normal(centre_random);
  for (std::size_t i = 0; i < n; ++i) {
    const auto centre = middle.row(random() % centres);
    for (std::size_t j = 0; j < d; ++j) out.row(i)[j] = centre[j] + 0.5f * normal(random);
  }
  return normalised(out.view());
}

/// Ids in an order unlike the order of the rows.
inline std::vector<std::string> shuffled_ids(std::size_t n) {
  std::vector<std::string> ids(n);
  for (std::size_t i = 0; i < n; ++i) ids[i] = "item-" + std::to_string((i * 7919 + 13) % 1000003);
  return ids;
}

using Answers = std::vector<std::vector<Hit>>;

/// Converts answers to (row, score), so that whole results compare with ==.
inline std::vector<std::vector<std::tuple<std::uint32_t, float>>> plain(const Answers& answers) {
  std::vector<std::vector<std::tuple<std::uint32_t, float>>> out(answers.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    for (const auto& hit : answers[i]) out[i].emplace_back(hit.row, hit.score);
  }
  return out;
}

/// Sorts all rows by score in float, then by id, in a plain loop.
inline Answers brute_force(MatrixView vectors, const std::vector<std::string>& ids, MatrixView queries, std::size_t k) {
  Answers answers;
  for (std::size_t q = 0; q < queries.rows; ++q) {
    std::vector<Hit> hits;
    for (std::size_t i = 0; i < vectors.rows; ++i) {
      hits.push_back({std::uint32_t(i), float(inner_product(queries.row(q), vectors.row(i)))});
    }
    std::ranges::sort(hits, [&](const Hit& a, const Hit& b) {
      return std::tie(b.score, ids[a.row], a.row) < std::tie(a.score, ids[b.row], b.row);
    });
    hits.resize(std::min(k, hits.size()));
    answers.push_back(hits);
  }
  return answers;
}

/// Vectors, a third of them equal or nearly equal.
inline Matrix with_ties(std::size_t n, std::size_t d) {
  auto vectors = clustered(n, d, 1);
  for (std::size_t i = n / 3; i < 2 * n / 3; ++i) {
    std::ranges::copy(vectors.row(i % 9), vectors.row(i).begin());
    if (i % 2 == 0) vectors.row(i)[0] += 1e-7f * float(i % 5);
  }
  return vectors;
}

class TemporaryFolder {
 public:
  TemporaryFolder()
      : path_(std::filesystem::temp_directory_path() / ("matcher-index-test-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Code and text of an Error.
struct Refusal {
  ErrorCode code = ErrorCode::ok;
  std::string text;
  Refusal(ErrorCode its_code, std::string its_text) : code(its_code), text(std::move(its_text)) {}
  bool operator==(const Refusal&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << int(refusal.code) << ": " << refusal.text;
}

template <typename Action>
Refusal error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return {error.code(), error.what()};
  }
  return {ErrorCode::ok, "no error"};
}

}  // namespace matcher::index::test
