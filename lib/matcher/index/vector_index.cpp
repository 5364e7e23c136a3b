#include "matcher/index/vector_index.hpp"

#include <faiss/Index.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "matcher/core/error.hpp"
#include "matcher/index/candidate_index.hpp"
#include "matcher/index/exact/exact_index.hpp"
#include "matcher/index/faiss/approximate_index.hpp"
#include "matcher/index/faiss/build.hpp"
#include "matcher/index/faiss/factory.hpp"
#include "matcher/index/faiss/factory_string.hpp"
#include "matcher/index/faiss/list_builder.hpp"
#include "matcher/index/file/index_file.hpp"
#include "matcher/index/file/reason.hpp"
#include "matcher/index/gpu/build.hpp"

namespace matcher::index {
namespace {

using Ids = std::span<const std::string>;

/// The classes of indexes. The first whose function takes the FAISS index wraps it; the last takes every index.
constexpr decltype(&wrap_flat) wrappers[] = {wrap_flat, wrap_approximate};

std::unique_ptr<VectorIndex> wrap(std::unique_ptr<faiss::Index> index, const std::string& type, Ids ids) {
  for (const auto& take : wrappers) {
    if (auto wrapped = take(index, type, ids)) return wrapped;
  }
  throw Error(ErrorCode::unexpected, fmt::format("no class of index takes the type \"{}\"", type));
}

void check_count(std::size_t rows, std::size_t cols, Ids ids) {
  if (rows == 0 || cols == 0) {
    throw Error(ErrorCode::input, "there are no vectors to index; embed at least one item of the gallery");
  }
  if (rows != ids.size()) {
    throw Error(ErrorCode::mismatch,
                fmt::format("there are {} vectors, but {} item ids; embed the gallery again", rows, ids.size()));
  }
}

/// `first` is the row of the first of `vectors` among all.
void check_finite(std::size_t first, MatrixView vectors, Ids ids) {
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    if (is_finite(vectors.row(i))) continue;
    throw Error(ErrorCode::input,
                fmt::format("the vector of item \"{}\" contains a value that is not finite; embed the item again, "
                            "or remove it",
                            ids[first + i]));
  }
}

void check_belongs(const std::filesystem::path& file, const faiss::Index& index, Ids ids) {
  if (index.metric_type != faiss::METRIC_INNER_PRODUCT) {
    throw Error(ErrorCode::mismatch,
                fmt::format("index file \"{}\" does not rank by inner product (FAISS metric {}); {}", file.string(),
                            int(index.metric_type), rebuild_hint(file)));
  }
  if (std::size_t(index.ntotal) != ids.size()) {
    throw Error(ErrorCode::mismatch, fmt::format("index file \"{}\" holds {} vectors, but there are {} items; {}",
                                                 file.string(), index.ntotal, ids.size(), rebuild_hint(file)));
  }
}

void fill_index(faiss::Index& index, const std::string& type, const VectorSource& vectors, Ids ids,
                const BuildOptions& options) {
  const auto lists = options.gpu ? build_lists_on_gpu(*options.gpu, index) : build_lists_exactly(index);
  const auto sample = training_size(type, vectors.rows());
  const auto check = [ids](std::size_t first, MatrixView block) { check_finite(first, block, ids); };
  fill(index, vectors, {sample, options.seed, lists.get()}, check);
}

}  // namespace

std::vector<std::vector<Hit>> VectorIndex::search_without(std::span<const std::vector<std::uint32_t>> left_out,
                                                          MatrixView queries, std::size_t k) const {
  std::size_t most = 0;
  for (const auto& rows : left_out) most = std::max(most, rows.size());
  auto all = search(queries, std::min(k + most, size()));
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::erase_if(all[i], [&](const Hit& hit) { return std::ranges::binary_search(left_out[i], hit.row); });
    all[i].resize(std::min(k, all[i].size()));
  }
  return all;
}

void VectorIndex::search_only(const RowFilter&) {
  throw Error(ErrorCode::usage,
              fmt::format("an index of type \"{}\" cannot search some of its items. Build it with --type flat, hnsw, "
                          "ivf-flat or ivf-pq",
                          type()));
}

std::string named_types() { return type_names(); }

std::unique_ptr<VectorIndex> build(MatrixView unit_vectors, Ids ids, const BuildOptions& options) {
  return build(MatrixSource(unit_vectors), ids, options);
}

std::unique_ptr<VectorIndex> build(const VectorSource& vectors, Ids ids, const BuildOptions& options) {
  check_count(vectors.rows(), vectors.cols(), ids);
  const auto type = factory_string(options.type, vectors.rows(), vectors.cols());
  auto index = make_empty(type, vectors.cols());
  try {
    fill_index(*index, type, vectors, ids, options);
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource,
                fmt::format("not enough memory to build an index of type \"{}\" over {} vectors; use "
                            "--type ivf-pq",
                            type, vectors.rows()));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage,
                fmt::format("FAISS cannot build index type \"{}\" over {} {}-d vectors ({}); use --type flat "
                            "or hnsw",
                            type, vectors.rows(), vectors.cols(), reason_of(error)));
  }
  return wrap(std::move(index), type, ids);
}

std::unique_ptr<VectorIndex> load(const std::filesystem::path& file, Ids ids, const std::string& wanted_hash) {
  auto [index, type] = read_index_file(file, wanted_hash);
  check_belongs(file, *index, ids);
  auto loaded = wrap(std::move(index), type, ids);
  if (auto* searched = dynamic_cast<CandidateIndex*>(loaded.get())) searched->read_from(file);
  return loaded;
}

std::unique_ptr<VectorIndex> exact_search(MatrixView unit_vectors, Ids ids) {
  check_count(unit_vectors.rows, unit_vectors.cols, ids);
  check_finite(0, unit_vectors, ids);
  return make_exact(unit_vectors, ids);
}

}  // namespace matcher::index
