#include "matcher/index/faiss/list_scan.hpp"

#include <faiss/IndexIVF.h>
#include <faiss/utils/Heap.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "matcher/index/exact/threads.hpp"

namespace matcher::index {
namespace {

using faiss::Index;

constexpr std::size_t block = 64;  ///< queries that share one read of a list

struct Visit {
  Index::idx_t list;
  std::size_t query;
  float coarse;  ///< score of the list's centroid
};

/// Finds the lists that each query visits, ordered by list. Searches the quantiser one query at a time: in a batch of
/// 20 and more it uses BLAS, whose rounding could send a query to another list.
std::vector<Visit> find_visits(const faiss::IndexIVF& ivf, MatrixView queries, std::size_t probes) {
  std::vector<Visit> visits;
  visits.reserve(queries.rows * probes);
  std::vector<float> coarse(probes);
  std::vector<Index::idx_t> lists(probes);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    ivf.quantizer->search(1, queries.row(q).data(), Index::idx_t(probes), coarse.data(), lists.data());
    for (std::size_t i = 0; i < probes; ++i) {
      if (lists[i] >= 0) visits.push_back({lists[i], q, coarse[i]});
    }
  }
  std::ranges::sort(visits, {}, [](const Visit& visit) { return std::pair(visit.list, visit.query); });
  return visits;
}

void scan_block(const faiss::IndexIVF& ivf, MatrixView queries, std::size_t probes, std::size_t count, float* scores,
                std::int64_t* rows) {
  for (std::size_t q = 0; q < queries.rows; ++q) faiss::minheap_heapify(count, scores + q * count, rows + q * count);
  const std::unique_ptr<faiss::InvertedListScanner> scanner(ivf.get_InvertedListScanner());
  for (const auto& [list, query, coarse] : find_visits(ivf, queries, probes)) {
    faiss::InvertedLists::ScopedCodes codes(ivf.invlists, std::size_t(list));
    faiss::InvertedLists::ScopedIds ids(ivf.invlists, std::size_t(list));
    scanner->set_query(queries.row(query).data());
    scanner->set_list(list, coarse);
    scanner->scan_codes(ivf.invlists->list_size(std::size_t(list)), codes.get(), ids.get(), scores + query * count,
                        rows + query * count, count);
  }
  for (std::size_t q = 0; q < queries.rows; ++q) faiss::minheap_reorder(count, scores + q * count, rows + q * count);
}

}  // namespace

void scan_lists(const faiss::IndexIVF& ivf, MatrixView queries, std::size_t probes, std::size_t count, float* scores,
                std::int64_t* rows) {
  const auto blocks = (queries.rows + block - 1) / block;
  for_each_row(blocks, [&](std::size_t b) {
    const auto first = b * queries.rows / blocks, n = (b + 1) * queries.rows / blocks - first;
    scan_block(ivf, queries.slice(first, n), probes, count, scores + first * count, rows + first * count);
  });
}

}  // namespace matcher::index
