#include "matcher/pipeline/remote_backup.hpp"

#include <fmt/format.h>

#include <chrono>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

store::Manifest manifest_of(const store::IndexManifest& m) {
  store::Manifest manifest;
  manifest.model = m.model;
  manifest.data = m.data;
  manifest.split = Split::gallery;
  manifest.images_per_second = m.images_per_second;
  return manifest;
}

/// What was begun by an earlier backup is not continued: the server may hand rows over in another order.
std::string fresh_key(const std::string& version) {
  return fmt::format("{} {}", version, std::chrono::system_clock::now().time_since_epoch().count());
}

}  // namespace

std::size_t back_up(const Context& context, database::Database& database, const std::string& version,
                    const RemoteRecord& record, const fs::path& folder) {
  check_replaceable(folder, "matcher.embeddings/1");
  store::EmbeddingWriter writer(folder, fresh_key(version), record.manifest.model.dimension);
  context.observer.begin(fmt::format("backing up {}", version), record.manifest.count, 0);
  database.read(version, true, [&](std::span<const database::Row> rows, MatrixView vectors) {
    std::vector<store::ItemRow> items;
    for (const auto& row : rows) items.push_back(item_of(row));
    writer.append(vectors, items, {}, writer.consumed() + rows.size());
    context.observer.advance(rows.size());
  });
  context.observer.end();
  const auto counted = database.count(version);
  if (writer.count() != counted) {
    throw Error(ErrorCode::mismatch,
                fmt::format("\"{}\" handed over {} items but holds {}: it was changed meanwhile; run "
                            "the command again",
                            version, writer.count(), counted));
  }
  writer.finish(manifest_of(record.manifest));
  return counted;
}

}  // namespace matcher::pipeline
