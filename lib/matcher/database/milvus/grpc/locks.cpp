#include "matcher/database/milvus/grpc/locks.hpp"

#include "matcher/database/milvus/grpc/pairs.hpp"
#include "matcher/database/milvus/grpc/rows.hpp"

namespace matcher::database {
namespace {

using Service = Calls::Service;

constexpr const char* lock_key = "matcher.lock";

}  // namespace

bool Locks::create(const std::string& name, const std::string& text) const {
  const auto collection = lock_name(name);
  auto request = collections_.named<wire::CreateCollectionRequest>(collection);
  request.set_schema(lock_schema(collection, text).SerializeAsString());
  add_pair(*request.mutable_properties(), lock_key, text);
  const auto status = calls_.ask("CreateCollection", &Service::CreateCollection, request, Repeat::unless_done);
  if (!Calls::is_success(status) && !collections_.find(collection)) calls_.check("CreateCollection", status);
  return Calls::is_success(status);
}

std::optional<std::string> Locks::read(const std::string& name) const {
  const auto found = collections_.find(lock_name(name));
  return found ? std::optional(find_pair(found->properties(), lock_key)) : std::nullopt;
}

void Locks::write(const std::string& name, const std::string& text) const {
  collections_.set_property(lock_name(name), lock_key, text);
}

void Locks::drop(const std::string& name) const {
  const auto request = collections_.named<wire::CollectionRequest>(lock_name(name));
  const auto status = calls_.ask("DropCollection", &Service::DropCollection, request, Repeat::unless_done);
  if (!Calls::is_missing(status)) calls_.check("DropCollection", status);
}

}  // namespace matcher::database
