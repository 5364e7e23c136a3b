#include "matcher/database/versions/version.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"

namespace matcher::database {
namespace {

void check_metric(const Collection& collection, const std::string& where) {
  if (collection.metric == "cosine") return;
  throw Error(ErrorCode::mismatch,
              fmt::format("collection \"{}\" of {} ranks by {}, but matcher's vectors are compared by "
                          "cosine; delete it there, or choose another name",
                          collection.name, where, collection.metric));
}

void check_dimension(const Collection& collection, const std::string& where, const ModelIdentity& model) {
  if (collection.dimension == 0 || collection.dimension == model.dimension) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("collection \"{}\" of {} holds {}-d vectors, but its record says {}-d, by {}; "
                          "delete it there, and build it again",
                          collection.name, where, collection.dimension, model.dimension, model.name));
}

}  // namespace

std::optional<Version> find_version(Database& database, const std::string& name, const std::string& where) {
  if (name.empty()) return std::nullopt;
  const auto collection = database.describe(name);
  if (!collection) return std::nullopt;
  Version version{collection->name,
                  parse_record(collection->record, fmt::format("collection \"{}\" of {}", collection->name, where)),
                  collection->index};
  check_metric(*collection, where);
  check_dimension(*collection, where, version.record.manifest.model);
  return version;
}

std::optional<Version> find_live(Database& database, const Address& address) {
  const auto name = database.live(address.collection);
  auto version = find_version(database, name, address.text);
  if (name.empty() || version) return version;
  throw Error(ErrorCode::mismatch,
              fmt::format("the live version \"{}\" of {} is gone; build another with --reindex under "
                          "another name, or restore it",
                          name, address.text));
}

std::vector<Version> find_generations(Database& database, const Address& address, const std::string& fingerprint) {
  std::vector<Version> found;
  for (const auto& collection : database.versions(address.collection)) {
    try {
      Version version{collection.name, parse_record(collection.record, collection.name), collection.index};
      if (version.record.manifest.model.fingerprint == fingerprint) found.push_back(std::move(version));
    } catch (const Error&) {  // damaged, or of a newer matcher
    }
  }
  std::ranges::stable_sort(found, {}, [](const Version& version) { return version.record.generation; });
  return found;
}

Churn churn_of(const VersionRecord& record, std::size_t count) {
  return {record.churn, record.index == IndexType::hnsw && record.churn > 0 && record.churn >= count};
}

RestoredVersion restore_previous(Database& database, const Address& address) {
  const auto live = find_live(database, address);
  if (!live)
    throw Error(ErrorCode::input, fmt::format("{} has no live version: there is nothing to roll back", address.text));
  const auto target = find_version(database, live->record.previous, address.text);
  if (!target || !target->record.complete) {
    throw Error(ErrorCode::input,
                fmt::format("the live version \"{}\" of {} has no earlier one that is complete; nothing "
                            "was changed",
                            live->name, address.text));
  }
  database.make_live(address.collection, target->name);
  return {target->name, live->name};
}

}  // namespace matcher::database
