#include "matcher/pipeline/remote_version.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/pipeline/remote_index.hpp"
#include "matcher/pipeline/search/search_device.hpp"

namespace matcher::pipeline {
namespace {

void check_metric(const database::Collection& collection, const std::string& where) {
  if (collection.metric == "cosine") return;
  throw Error(ErrorCode::mismatch,
              fmt::format("collection \"{}\" of {} ranks by {}, but matcher's vectors are compared by "
                          "cosine; delete it there, or choose another name",
                          collection.name, where, collection.metric));
}

RemoteVersion read_version(const database::Collection& collection, const std::string& where) {
  RemoteVersion version{
      collection.name, parse_record(collection.record, fmt::format("collection \"{}\" of {}", collection.name, where))};
  check_metric(collection, where);
  const auto wanted = version.record.manifest.model.dimension;
  if (collection.dimension == 0 || collection.dimension == wanted) return version;
  throw Error(ErrorCode::mismatch,
              fmt::format("collection \"{}\" of {} holds {}-d vectors, but its notes say {}-d, by {}; "
                          "delete it there, and build it again",
                          collection.name, where, collection.dimension, wanted, version.record.manifest.model.name));
}

/// Of a version that holds other rows than its record says: told when it is being changed, refused when it is complete.
void take_as_it_is(const Context& context, LoadedIndex& loaded, const RemoteVersion& version) {
  const auto place = fmt::format("\"{}\" of {}", version.name, loaded.folder.string());
  auto& m = loaded.manifest;
  if (version.record.complete) {
    throw Error(ErrorCode::mismatch,
                fmt::format("{} holds {} items that are not the {} which matcher put there; mend it with: "
                            "matcher index --model {} --dataset {} --to {}",
                            place, loaded.items.size(), m.count, m.model.name, m.data.name, loaded.folder.string()));
  }
  context.observer.log(LogLevel::warning,
                       fmt::format("{} is being changed, or a change was interrupted: it holds {} items of {}", place,
                                   loaded.items.size(), m.count));
  m.data.fingerprint = store::data_fingerprint(loaded.items);
  m.count = loaded.items.size();
}

LoadedIndex load_remote(const Context& context, const std::string& text) {
  const auto address = database::parse_address(text);
  const auto database = database::connect(address, access_of(context.server));
  const bool is_version = !database::name_of_version(address.collection).empty();
  const auto name = is_version ? address.collection : database->live(address.collection);
  const auto version = find_version(*database, name, text);
  if (!version) {
    throw Error(ErrorCode::input,
                fmt::format("{} has no {}; make one with: matcher index --model M --dataset D --to {}", text,
                            is_version ? "such version" : "live version", text));
  }
  std::vector<database::Row> rows;
  database->read(version->name, false, [&](std::span<const database::Row> some, MatrixView) {
    rows.insert(rows.end(), some.begin(), some.end());
  });
  std::ranges::sort(rows, {}, &database::Row::id);
  LoadedIndex loaded{text, version->record.manifest, {}, {}, nullptr};
  for (const auto& row : rows) loaded.items.push_back(item_of(row));
  loaded.ids = ids_of(loaded.items);
  const bool as_noted = items_fingerprint(std::move(rows)) == version->record.items_fingerprint;
  if (!as_noted) take_as_it_is(context, loaded, *version);
  loaded.index = database::open(database, version->name, loaded.manifest.model.dimension, loaded.ids);
  return loaded;
}

}  // namespace

std::optional<RemoteVersion> find_version(database::Database& database, const std::string& name,
                                          const std::string& where) {
  if (name.empty()) return std::nullopt;
  const auto collection = database.describe(name);
  return collection ? std::optional(read_version(*collection, where)) : std::nullopt;
}

LoadedIndex open_index(const Context& context, const fs::path& place, const ExecutionOptions& run) {
  if (database::is_address(place.string())) return load_remote(context, place.string());
  auto loaded = load_index(place);
  search_where_asked(context, run, *loaded.index);
  return loaded;
}

}  // namespace matcher::pipeline
