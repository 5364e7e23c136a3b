#include "matcher/pipeline/publish.hpp"

#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {
namespace {

database::Gallery load_gallery(const Context& context, const PublishOptions& options) {
  auto set = std::make_shared<StoredVectors>(load_or_embed_vectors(context, options.input, options.execution));
  report_cache_use(set->cache, set->manifest.model.name, context.observer);
  store::IndexManifest manifest;
  manifest.model = set->manifest.model;
  manifest.data = set->manifest.data;
  manifest.count = set->items.size();
  manifest.failures = set->failures;
  manifest.images_per_second = set->manifest.images_per_second;
  auto items = set->items;
  return {std::move(set), std::move(items), std::move(manifest)};
}

}  // namespace

database::PublishResult publish(const Context& context, const PublishOptions& options) {
  if (!options.target.backup.empty()) check_folder_place(options.target.backup);
  return database::publish(options.target, database_access(context), context.observer,
                           [&] { return load_gallery(context, options); });
}

report::CollectionCheck check_collection(const Context& context, const std::string& address) {
  auto c = database::check_collection(address, database_access(context));
  return {address,    c.version, c.index,    c.model,           c.dataset,
          c.expected, c.counted, c.searched, std::move(c.lost), c.failure};
}

database::RestoredVersion restore_version(const Context& context, const std::string& address) {
  return database::roll_back(address, database_access(context));
}

}  // namespace matcher::pipeline
