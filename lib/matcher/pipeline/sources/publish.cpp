#include "matcher/pipeline/publish.hpp"

#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/vectors/vector_set.hpp"

namespace matcher::pipeline {
namespace {

database::Gallery load_gallery(const Context& context, const PublishOptions& options) {
  auto set = load_into_memory(load_or_embed_vectors(context, options.input, options.execution));
  report_cache_use(set.cache, set.manifest.model.name, context.observer);
  store::IndexManifest manifest;
  manifest.model = set.manifest.model;
  manifest.data = set.manifest.data;
  manifest.count = set.items.size();
  manifest.failures = set.failures;
  manifest.images_per_second = set.manifest.images_per_second;
  return {std::move(set.unit), std::move(set.items), std::move(manifest)};
}

}  // namespace

database::PublishResult publish(const Context& context, const PublishOptions& options) {
  if (!options.target.backup.empty()) check_folder_place(options.target.backup);
  return database::publish(options.target, database_access(context), context.observer,
                           [&] { return load_gallery(context, options); });
}

database::RestoredVersion restore_version(const Context& context, const std::string& address) {
  return database::roll_back(address, database_access(context));
}

}  // namespace matcher::pipeline
