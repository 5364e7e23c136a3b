#include "matcher/database/publish/backup.hpp"

#include <fmt/format.h>

#include <chrono>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/file.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::database {
namespace {

store::Manifest embedding_manifest(const store::IndexManifest& m) {
  store::Manifest manifest;
  manifest.model = m.model;
  manifest.data = m.data;
  manifest.split = Split::gallery;
  manifest.images_per_second = m.images_per_second;
  return manifest;
}

/// Prevents that an earlier backup is continued: the server may return rows in another order.
std::string fresh_key(const std::string& version) {
  return fmt::format("{} {}", version, std::chrono::system_clock::now().time_since_epoch().count());
}

}  // namespace

std::size_t back_up(Database& database, const Version& version, const fs::path& folder, Observer& observer) {
  check_replaceable(folder, schema::embeddings);
  const auto& manifest = version.record.manifest;
  store::EmbeddingWriter writer(folder, fresh_key(version.name), manifest.model.dimension);
  observer.begin(fmt::format("backing up {}", version.name), manifest.count, 0);
  database.read(version.name, true, [&](std::span<const Row> rows, MatrixView vectors) {
    std::vector<store::ItemRow> items;
    for (const auto& row : rows) items.push_back(to_item(row));
    writer.append(vectors, items, {}, writer.consumed() + rows.size());
    observer.advance(rows.size());
  });
  observer.end();
  const auto counted = database.count(version.name);
  if (writer.count() != counted) {
    throw Error(ErrorCode::mismatch,
                fmt::format("\"{}\" returned {} items, but holds {}: it was changed meanwhile; run "
                            "the command again",
                            version.name, writer.count(), counted));
  }
  writer.finish(embedding_manifest(manifest));
  return counted;
}

}  // namespace matcher::database
