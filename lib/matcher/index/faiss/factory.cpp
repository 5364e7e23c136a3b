#include "matcher/index/faiss/factory.hpp"

#include <faiss/Index.h>
#include <faiss/index_factory.h>
#include <fmt/format.h>

#include <new>

#include "matcher/core/error.hpp"
#include "matcher/index/file/reason.hpp"

namespace matcher::index {

std::unique_ptr<faiss::Index> make_empty(const std::string& description, std::size_t d) {
  std::unique_ptr<faiss::Index> index;
  try {
    index.reset(faiss::index_factory(int(d), description.c_str(), faiss::METRIC_INNER_PRODUCT));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::resource, fmt::format("not enough memory for an index of type \"{}\"", description));
  } catch (const std::exception& error) {
    throw Error(ErrorCode::usage,
                fmt::format("FAISS refuses index type \"{}\" for {}-d vectors ({})", description, d, reason_of(error)));
  }
  if (index->metric_type == faiss::METRIC_INNER_PRODUCT) return index;
  throw Error(ErrorCode::usage, fmt::format("index type \"{}\" does not rank by inner product", description));
}

}  // namespace matcher::index
