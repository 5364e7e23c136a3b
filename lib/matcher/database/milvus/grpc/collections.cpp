#include "matcher/database/milvus/grpc/collections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "matcher/core/error.hpp"
#include "matcher/database/milvus/grpc/index_parameters.hpp"
#include "matcher/database/milvus/grpc/pairs.hpp"
#include "matcher/database/milvus/grpc/rows.hpp"

namespace matcher::database {
namespace {

using Service = Calls::Service;

constexpr const char* index_key = "matcher.index";  // "hnsw", "ivf-flat 512"
constexpr int finished = 3, failed_state = 4, loaded = 3, not_loaded = 1;

}  // namespace

std::optional<wire::DescribeCollectionAnswer> Collections::find(const std::string& name) const {
  auto answer = calls_.ask("DescribeCollection", &Service::DescribeCollection, named<wire::CollectionRequest>(name));
  if (Calls::is_missing(answer.status())) return std::nullopt;
  calls_.check("DescribeCollection", answer.status());
  return answer;
}

void Collections::set_property(const std::string& collection, const char* key, const std::string& value) const {
  auto request = named<wire::AlterCollectionRequest>(collection);
  add_pair(*request.mutable_properties(), key, value);
  calls_.call("AlterCollection", &Service::AlterCollection, request);
}

void Collections::create(wire::CreateCollectionRequest request, const IndexChoice& index) {
  add_pair(*request.mutable_properties(), index_key, index_text(index));
  calls_.call("CreateCollection", &Service::CreateCollection, request, Repeat::unless_done);
  ensure_loaded(request.collection());
}

void Collections::drop(const std::string& collection) {
  calls_.call("DropCollection", &Service::DropCollection, named<wire::CollectionRequest>(collection),
              Repeat::unless_done);
  const std::lock_guard lock(mutex_);
  loaded_.erase(collection);
}

std::optional<wire::Index> Collections::find_index(const std::string& collection) const {
  auto request = named<wire::DescribeIndexRequest>(collection);
  request.set_field(vector_field);
  auto answer = calls_.ask("DescribeIndex", &Service::DescribeIndex, request);
  if (Calls::is_missing_index(answer.status())) return std::nullopt;
  calls_.check("DescribeIndex", answer.status());
  const auto found = std::ranges::find(answer.indexes(), vector_field, &wire::Index::field);
  return found == answer.indexes().end() ? std::nullopt : std::optional(*found);
}

void Collections::wait_for_index(const std::string& collection) const {
  auto give_up = deadline();
  for (std::int64_t before = -1;;) {
    const auto index = find_index(collection);
    if (!index) return;
    if (index->state() == failed_state)
      throw Error(ErrorCode::resource, fmt::format("{} could not build the index of \"{}\": {}", calls_.server(),
                                                   collection, index->failure()));
    if (index->state() == finished && index->pending_rows() == 0) return;
    if (index->indexed_rows() != before) give_up = deadline();
    before = index->indexed_rows();
    if (std::chrono::steady_clock::now() > give_up)
      throw Error(ErrorCode::resource,
                  fmt::format("{} made no progress with the index of \"{}\" within {} s: {} of {} rows are in it",
                              calls_.server(), collection, timeout_s_, index->indexed_rows(), index->total_rows()));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

IndexChoice Collections::ensure_loaded(const std::string& collection) {
  const std::lock_guard lock(loading_);
  if (const auto known = find_loaded(collection)) return *known;
  const auto found = find(collection);
  if (!found)
    throw Error(ErrorCode::resource, fmt::format("collection \"{}\" of {} is gone", collection, calls_.server()));
  const auto index = parse_index(find_pair(found->properties(), index_key));
  if (!find_index(collection)) create_index(collection, index);
  load(collection);
  const std::lock_guard state(mutex_);
  loaded_[collection] = index;
  return index;
}

std::optional<IndexChoice> Collections::find_loaded(const std::string& collection) {
  const std::lock_guard lock(mutex_);
  const auto known = loaded_.find(collection);
  return known == loaded_.end() ? std::nullopt : std::optional(known->second);
}

void Collections::create_index(const std::string& collection, const IndexChoice& index) const {
  auto request = named<wire::CreateIndexRequest>(collection);
  request.set_field(vector_field);
  request.set_name(vector_field);
  add_index_parameters(request, index);
  calls_.call("CreateIndex", &Service::CreateIndex, request);
}

void Collections::load(const std::string& collection) const {
  wire::LoadStateRequest request;
  request.set_db_name(calls_.database());
  request.set_collection(collection);
  const auto give_up = deadline();
  for (bool asked = false;; asked = true) {
    const auto state = calls_.call("GetLoadState", &Service::GetLoadState, request).state();
    if (state == loaded) return;
    if (!asked && state <= not_loaded)
      calls_.call("LoadCollection", &Service::LoadCollection, named<wire::CollectionRequest>(collection));
    if (std::chrono::steady_clock::now() > give_up)
      throw Error(ErrorCode::resource, fmt::format("{} did not load \"{}\" into memory within {} s", calls_.server(),
                                                   collection, timeout_s_));
    if (asked) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

std::chrono::steady_clock::time_point Collections::deadline() const {
  return std::chrono::steady_clock::now() +
         std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(timeout_s_));
}

}  // namespace matcher::database
