#include "matcher/index/candidate_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <new>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/index/exact/certified.hpp"
#include "matcher/index/exact/finder.hpp"
#include "matcher/index/exact/threads.hpp"
#include "matcher/index/file/index_file.hpp"
#include "matcher/index/file/reason.hpp"

namespace matcher::index {
namespace {

// A float inner product of unit vectors is off by about 1e-6. A row that was not fetched is not better by more than
// this.
constexpr double tolerance = 1e-5;
constexpr std::size_t margin = 16;
constexpr std::size_t block_candidates = 1 << 20;  // limits the memory for one block of queries
constexpr std::size_t block_queries = 1024;

void check_queries(MatrixView queries, std::size_t dimension) {
  if (queries.rows > 0 && queries.cols != dimension) {
    throw Error(ErrorCode::mismatch,
                fmt::format("the index holds {}-d vectors, but the queries are {}-d; embed both with the same model",
                            dimension, queries.cols));
  }
  for (std::size_t i = 0; i < queries.rows; ++i) {
    if (is_finite(queries.row(i))) continue;
    throw Error(ErrorCode::input,
                fmt::format("query {} of {} contains a value that is not finite; embed it again", i + 1, queries.rows));
  }
}

double length(std::span<const float> vector) { return std::sqrt(inner_product(vector, vector)); }

Matrix gather(MatrixView from, std::span<const std::size_t> rows) {
  Matrix out(rows.size(), from.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from.row(rows[i]), out.row(i).begin());
  return out;
}

std::vector<std::size_t> all_rows(MatrixView vectors) {
  std::vector<std::size_t> rows(vectors.rows);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// Ranks each row's id among all ids. Equal ids keep the order of their rows.
std::vector<std::uint32_t> rank_ids(std::span<const std::string> ids) {
  std::vector<std::uint32_t> sorted(ids.size());
  std::iota(sorted.begin(), sorted.end(), 0u);
  std::ranges::stable_sort(sorted, {}, [&](std::uint32_t row) -> const std::string& { return ids[row]; });
  std::vector<std::uint32_t> order(ids.size());
  for (std::size_t rank = 0; rank < sorted.size(); ++rank) order[sorted[rank]] = std::uint32_t(rank);
  return order;
}

}  // namespace

CandidateIndex::CandidateIndex(std::span<const std::string> ids) : order_(rank_ids(ids)) {}

CandidateIndex::~CandidateIndex() = default;

void CandidateIndex::find_with(std::unique_ptr<Finder> finder) { finder_ = std::move(finder); }

void CandidateIndex::search_only(const RowFilter& filter) {
  limit(filter);
  finder_.reset();  // it knows no filter
}

std::vector<std::vector<Hit>> CandidateIndex::search(MatrixView queries, std::size_t k) const {
  check_queries(queries, dimension());
  try {
    return answer_all(queries, k);
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource,
                fmt::format("not enough memory to search {} vectors for {} queries; search fewer at a time", size(),
                            queries.rows));
  } catch (const std::exception& error) {
    fail_search(reason_of(error));
  }
}

/// Reports what no search of a sound index does.
void CandidateIndex::fail_search(const std::string& why) const {
  if (file_.empty())
    throw Error(ErrorCode::usage,
                fmt::format("FAISS cannot search an index of type \"{}\" ({}); choose another --type", type(), why));
  throw Error(ErrorCode::mismatch, fmt::format("index file \"{}\" is damaged: it cannot be searched ({}); {}",
                                               file_.string(), why, rebuild_hint(file_)));
}

CandidateIndex::Answers CandidateIndex::answer_all(MatrixView queries, std::size_t k) const {
  Answers answers(queries.rows);
  k = std::min(k, size());
  if (k == 0) return answers;
  auto pending = finder_ ? all_rows(queries) : answer_quickly(queries, k, answers);
  for (auto count = std::min(size(), k + margin); !pending.empty(); count = std::min(size(), 4 * count)) {
    pending = answer(queries, pending, k, count, answers);
  }
  return answers;
}

std::vector<std::size_t> CandidateIndex::answer_quickly(MatrixView queries, std::size_t, Answers&) const {
  return all_rows(queries);
}

/// Answers the pending queries from `count` candidates each. Returns the queries that need more.
std::vector<std::size_t> CandidateIndex::answer(MatrixView queries, std::span<const std::size_t> pending, std::size_t k,
                                                std::size_t count, Answers& answers) const {
  const auto step = std::clamp<std::size_t>(block_candidates / count, 1, block_queries);
  std::vector<std::uint8_t> open(pending.size(), 0);
  for (std::size_t first = 0; first < pending.size(); first += step) {
    const auto rows = pending.subspan(first, std::min(step, pending.size() - first));
    const auto block = gather(queries, rows);
    const bool finds = finder_ && finder_->reaches(k, count);
    const auto found = finds ? finder_->find(block.view(), k, count) : candidates(block.view(), k, count);
    for_each_row(rows.size(), [&](std::size_t i) {
      const auto rounding = finds ? finder_->rounding() * length(block.row(i)) : tolerance;
      auto hits = best(block.row(i), std::span(found).subspan(i * count, count), k, rounding);
      open[first + i] = !hits;
      if (hits) answers[rows[i]] = std::move(*hits);
    });
  }
  std::vector<std::size_t> rest;
  for (std::size_t i = 0; i < pending.size(); ++i) {
    if (open[i]) rest.push_back(pending[i]);
  }
  return rest;
}

/// Returns the best `k`, or nothing while a row that was not fetched could be among them.
std::optional<std::vector<Hit>> CandidateIndex::best(std::span<const float> query, std::span<const Candidate> found,
                                                     std::size_t k, double rounding) const {
  std::vector<double> scores(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].row < 0) continue;
    if (std::size_t(found[i].row) >= size())
      fail_search(fmt::format("it answers with row {} of {}", found[i].row, size()));
    scores[i] = score(query, found[i]);
  }
  return certify(found, scores, order_, k, rounding);
}

}  // namespace matcher::index
