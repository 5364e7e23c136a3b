// Generated data sets on which a search that rounds would go wrong.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "unit/index/vectors.hpp"

namespace matcher::index::test {

struct Hostile {
  std::string name;
  Matrix vectors, queries;
};

inline void scale(Matrix& matrix, float factor) {
  for (auto& value : matrix.data) value *= factor;
}

/// Changes vectors and queries in one of ten ways.
inline std::string make_hostile(Matrix& vectors, Matrix& queries, std::size_t way) {
  const auto d = vectors.cols;
  const auto each = [&](auto change) {
    for (std::size_t i = 0; i < vectors.rows; ++i) change(i, vectors.row(i));
  };
  switch (way) {
    case 0:
      each([&](std::size_t i, auto row) { std::ranges::copy(vectors.row(i % 13), row.begin()); });
      return "duplicates";
    case 1:
      each([&](std::size_t i, auto row) { row[i % d] += 1e-7f * float(i % 11); });
      each([&](std::size_t i, auto row) {
        if (i % 3 > 0) std::ranges::copy(vectors.row(i / 90), row.begin());
      });
      each([&](std::size_t i, auto row) { row[i % d] += 6e-8f * float(i % 5); });
      return "near ties";
    case 2:
      each([](std::size_t i, auto row) { row[0] = i % 2 == 0 ? 1e4f : -1e4f; });
      return "one huge dimension";
    case 3:
      scale(vectors, 1e-39f);
      return "denormal vectors";
    case 4:
      each([](std::size_t i, auto row) {
        if (i % 2 == 0) std::ranges::fill(row, 0.0f);
      });
      std::ranges::fill(queries.row(0), 0.0f);
      return "zeros";
    case 5:
      each([](std::size_t i, auto row) {
        for (auto& value : row) value *= i % 7 == 0 ? 1e18f : 1e12f;
      });
      return "lengths beyond the bound";
    case 6:
      each([](std::size_t i, auto row) {
        for (auto& value : row) value *= float(1 + i % 100);
      });
      scale(queries, 1e6f);
      return "large lengths, not normalised";
    case 7:
      each([&](std::size_t i, auto row) {
        std::ranges::fill(row, 0.0f);
        row[i % d] = 1;
      });
      return "one dimension each";
    case 8:
      each([](std::size_t i, auto row) {
        for (auto& value : row) value = 1 + 1e-4f * value * float(i % 3);
      });
      for (auto& value : queries.data) value = 1 + 1e-3f * value;
      return "a mean that hides the differences";
    default:
      for (std::size_t i = 0; i < queries.rows; ++i) std::ranges::copy(vectors.row(i), queries.row(i).begin());
      std::ranges::transform(queries.data, queries.data.begin(), [](float value) { return -value; });
      each([](std::size_t i, auto row) {
        if (i % 5 == 0) row[i % row.size()] = 1e-42f;
      });
      return "opposite queries";
  }
}

/// Returns data set `number` of 50: ten ways in five dimensions.
inline Hostile hostile(std::size_t number) {
  constexpr std::size_t dimensions[] = {1, 7, 64, 65, 200};
  const auto d = dimensions[number / 10 % 5];
  Hostile set{"", clustered(1000, d, number, 20), clustered(40, d, number + 1000, 20)};
  set.name = make_hostile(set.vectors, set.queries, number % 10) + ", " + std::to_string(d) + " dimensions";
  return set;
}

/// Ranks ids as an index does.
inline std::vector<std::uint32_t> ranks(const std::vector<std::string>& ids) {
  std::vector<std::uint32_t> sorted(ids.size()), order(ids.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::ranges::stable_sort(sorted, {}, [&](std::uint32_t row) { return ids[row]; });
  for (std::size_t rank = 0; rank < sorted.size(); ++rank) order[sorted[rank]] = std::uint32_t(rank);
  return order;
}

}  // namespace matcher::index::test
