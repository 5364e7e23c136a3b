// Search parameters of FAISS indexes: lists to visit and breadth of the search in graphs.
// They give a recall@10 of 0.95 and better on clustered vectors (docs/reference/index-types.md).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace faiss {
struct Index;
struct IndexIVF;
struct SearchParameters;
}  // namespace faiss

namespace matcher::index {

/// Sets the parameters that an index searches with by default.
void tune(faiss::Index& index);

/// The setting that recall grows with: "ef", "nprobe"; empty if matcher knows none of the index.
std::string effort_name(const faiss::Index& index);
/// Its values, rising from that of tune().
std::vector<std::size_t> efforts(const faiss::Index& index);
void set_effort(faiss::Index& index, std::size_t effort);

/// Lists to visit for the `k` best: enough to hold 2 k vectors on average.
std::size_t probes_of(const faiss::IndexIVF& ivf, std::size_t k);

/// Returns the parameters that grow with `k`. nullptr if the index searches with its own: fast-scan indexes take none.
std::unique_ptr<faiss::SearchParameters> search_parameters(const faiss::Index& index, std::size_t k);

}  // namespace matcher::index
