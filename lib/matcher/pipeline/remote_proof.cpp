#include "matcher/pipeline/remote_proof.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <unordered_map>

namespace matcher::pipeline {
namespace {

constexpr std::size_t sample_size = 200, query_count = 100, depth = 10;
constexpr double tolerance = 1e-5;

std::vector<std::size_t> sample(std::size_t n) {
  std::vector<std::size_t> rows(n), chosen;
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::mt19937 random(1);
  std::ranges::sample(rows, std::back_inserter(chosen), std::ptrdiff_t(std::min(n, sample_size)), random);
  std::ranges::shuffle(chosen, random);
  return chosen;
}

bool same(std::span<const float> a, std::span<const float> b) {
  return std::ranges::equal(a, b, [](float x, float y) { return std::abs(x - y) <= tolerance; });
}

std::size_t count_wrong(index::remote::Database& database, const std::string& version, MatrixView vectors,
                        std::span<const std::string> ids, std::span<const std::size_t> rows) {
  std::vector<std::string> asked;
  for (const auto row : rows) asked.push_back(ids[row]);
  std::unordered_map<std::string, std::vector<float>> found;
  for (auto& [id, vector] : database.vectors(version, asked)) found[id] = std::move(vector);
  return std::size_t(std::ranges::count_if(rows, [&](std::size_t row) {
    const auto vector = found.find(ids[row]);
    return vector == found.end() || !same(vector->second, vectors.row(row));
  }));
}

double agreement(const index::VectorIndex& remote, MatrixView vectors, std::span<const std::string> ids,
                 std::span<const std::size_t> rows) {
  Matrix queries(rows.size(), vectors.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(vectors.row(rows[i]), queries.row(i).begin());
  const auto exact = index::exact_search(vectors, ids)->search(queries.view(), depth);
  const auto answers = remote.search(queries.view(), depth);
  double sum = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double last = exact[i].back().score - tolerance;
    const auto right = std::ranges::count_if(
        answers[i], [&](const index::Hit& hit) { return inner_product(queries.row(i), vectors.row(hit.row)) >= last; });
    sum += double(right) / double(exact[i].size());
  }
  return sum / double(rows.size());
}

std::string failure_of(const RemoteProof& p, double min_agreement) {
  if (p.counted != p.expected) return fmt::format("it holds {} items, not {}", p.counted, p.expected);
  if (p.wrong > 0) return fmt::format("{} of {} vectors read back are missing or differ", p.wrong, p.read_back);
  if (p.agreement < min_agreement)
    return fmt::format("its top 10 agree with exact search to {:.4f}, below --min-agreement {}", p.agreement,
                       min_agreement);
  return {};
}

}  // namespace

RemoteProof prove(const std::shared_ptr<index::remote::Database>& database, const std::string& version,
                  MatrixView vectors, std::span<const std::string> ids, double min_agreement) {
  const auto rows = sample(vectors.rows);
  const auto asked = std::span(rows).first(std::min(query_count, rows.size()));
  RemoteProof proof{vectors.rows, database->count(version), rows.size(), 0, asked.size(), 0, {}};
  proof.wrong = count_wrong(*database, version, vectors, ids, rows);
  const auto remote = index::remote::open(database, version, vectors.cols, ids);
  proof.agreement = proof.counted == proof.expected ? agreement(*remote, vectors, ids, asked) : 0;
  proof.failure = failure_of(proof, min_agreement);
  return proof;
}

}  // namespace matcher::pipeline
