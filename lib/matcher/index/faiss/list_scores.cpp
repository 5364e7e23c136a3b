#include "matcher/index/faiss/list_scores.hpp"

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <unordered_map>

#include "matcher/core/matrix.hpp"
#include "matcher/index/exact/rounding.hpp"

namespace matcher::index {
namespace {

std::vector<std::uint64_t> find_places(const faiss::IndexIVF& ivf) {
  std::vector<std::uint64_t> places(std::size_t(ivf.ntotal));
  for (std::size_t list = 0; list < ivf.nlist; ++list) {
    faiss::InvertedLists::ScopedIds ids(ivf.invlists, list);
    for (std::size_t offset = 0; offset < ivf.invlists->list_size(list); ++offset)
      places[std::size_t(ids[offset])] = faiss::lo_build(list, offset);
  }
  return places;
}

/// Returns the length of the longest vector, whole or decoded from `codes`.
double largest_stored(const faiss::IndexIVF& ivf, const faiss::ScalarQuantizer* codes) {
  double largest = 0;
  for (std::size_t list = 0; list < ivf.nlist; ++list) {
    const auto n = ivf.invlists->list_size(list);
    faiss::InvertedLists::ScopedCodes stored(ivf.invlists, list);
    Matrix vectors(n, std::size_t(ivf.d));
    if (codes) codes->decode(stored.get(), vectors.data.data(), n);
    const auto* whole = codes ? vectors.data.data() : reinterpret_cast<const float*>(stored.get());
    largest = std::max(largest, find_largest_length({whole, n, std::size_t(ivf.d)}));
  }
  return largest;
}

/// Bounds the length of any code by the longest code word of each part.
double largest_code(const faiss::ProductQuantizer& pq) {
  double squares = 0;
  for (std::size_t m = 0; m < pq.M; ++m) {
    const double longest = find_largest_length({pq.get_centroids(m, 0), pq.ksub, pq.dsub});
    squares += longest * longest;
  }
  return std::sqrt(squares);
}

/// Bounds the length of any code by the smallest value and the range of each dimension.
double largest_code(const faiss::IndexIVFScalarQuantizer& index) {
  const auto d = std::size_t(index.d);
  const auto& trained = index.sq.trained;
  if (trained.empty()) return largest_stored(index, &index.sq);
  if (trained.size() != 2 * d) return INFINITY;  // no index that matcher builds
  double squares = 0;
  for (std::size_t i = 0; i < d; ++i) {
    const double largest = std::abs(double(trained[i])) + std::abs(double(trained[d + i]));
    squares += largest * largest;
  }
  return std::sqrt(squares);
}

double largest_centroid(const faiss::IndexIVF& ivf) {
  const auto* flat = dynamic_cast<const faiss::IndexFlat*>(ivf.quantizer);
  return flat ? find_largest_length({flat->get_xb(), std::size_t(flat->ntotal), std::size_t(flat->d)}) : INFINITY;
}

/// Bounds the distance between two sums of a score. Whole vectors are scored again in double. Codes are scored twice in
/// float: a centroid's part, a code's part of at most d products (each code word has a few roundings), and d sums.
double bound_distance(const faiss::IndexIVF& ivf) {
  const auto d = std::size_t(ivf.d);
  if (dynamic_cast<const faiss::IndexIVFFlat*>(&ivf)) return rounding_of_sums(d + 1) * largest_stored(ivf, nullptr);
  const auto twice = 2 * rounding_of_sums(2 * d + 8);
  if (const auto* pq = dynamic_cast<const faiss::IndexIVFPQ*>(&ivf))
    return twice * (largest_centroid(ivf) + largest_code(pq->pq));
  if (const auto* sq = dynamic_cast<const faiss::IndexIVFScalarQuantizer*>(&ivf))
    return twice * (largest_centroid(ivf) + largest_code(*sq));
  return INFINITY;
}

}  // namespace

ListScores::ListScores(const faiss::IndexIVF& ivf)
    : ivf_(ivf), places_(find_places(ivf)), rounding_(bound_distance(ivf)) {}

void ListScores::rescore(std::span<const float> query, std::span<const std::int64_t> lists,
                         std::span<const float> coarse, std::span<Candidate> candidates) const {
  std::unordered_map<std::int64_t, float> visited;
  for (std::size_t i = 0; i < lists.size(); ++i) visited.emplace(lists[i], coarse[i]);
  const std::unique_ptr<faiss::InvertedListScanner> scanner(ivf_.get_InvertedListScanner());
  scanner->set_query(query.data());
  for (auto& candidate : candidates) {
    if (candidate.row < 0) continue;
    const auto place = places_[std::size_t(candidate.row)];
    const auto found = visited.find(std::int64_t(faiss::lo_listno(std::int64_t(place))));
    candidate.score = std::numeric_limits<float>::quiet_NaN();
    if (found == visited.end()) continue;
    const auto list = std::size_t(found->first), offset = std::size_t(faiss::lo_offset(std::int64_t(place)));
    faiss::InvertedLists::ScopedCodes codes(ivf_.invlists, list);
    // Score one code in the search's own loop: distance_to_code() of FAISS adds in another order.
    float score = -std::numeric_limits<float>::infinity();
    faiss::Index::idx_t row = -1;
    scanner->set_list(found->first, found->second);
    scanner->scan_codes(1, codes.get() + offset * ivf_.code_size, &candidate.row, &score, &row, 1);
    candidate.score = score;
  }
}

}  // namespace matcher::index
