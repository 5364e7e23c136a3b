#include "matcher/pipeline/publish.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/pipeline/vectors/joined_sets.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

/// A database answers by itself, from the vectors that it has.
void check_can_be_stored(const ModelChoice& choice) {
  for (const auto& given : choice.steps) {
    const auto& step = *given.step;
    const auto fail = [&](const std::string& why) {
      throw Error(ErrorCode::usage, fmt::format("\"{}\": a vector database cannot store step {}: {}", choice.name,
                                                refine::to_string(given), why));
    };
    if (step.stage == refine::Stage::search)
      fail("it searches by itself. Leave the step out, or use an index folder (--output)");
    if (step.fit != nullptr)
      fail(
          "queries need its map, which was learnt from the gallery. Make the map a model, with: matcher adapt NAME "
          "--method whiten (or centre), and publish NAME; or use an index folder (--output)");
  }
}

struct Input {
  StoredVectors set;
  std::vector<std::string> steps;
};

/// Estimates the items of all shards from `given` of them.
std::size_t expected_count(const StoredVectors& set, std::size_t given) {
  const auto shards = set.manifest.shards;
  return set.items.size() * shards / std::min(shards, given);
}

Input load_vectors(const Context& context, const PublishOptions& options) {
  const auto& input = options.input;
  if (!input.embeddings.empty()) return {join_sets(input.embeddings, input.split), {}};
  const auto choice = choose_model(context, input.model, options.execution);
  const auto data = load_dataset(context, input.dataset);
  return {open_gallery(context, choice, data, input.split, options.execution), refine::to_strings(choice.steps)};
}

database::Gallery to_gallery(const Context& context, Input input) {
  auto set = std::make_shared<StoredVectors>(std::move(input.set));
  report_cache_use(set->cache, set->manifest.model.name, context.observer);
  store::IndexManifest manifest;
  manifest.model = set->manifest.model;
  manifest.data = set->manifest.data;
  manifest.count = set->items.size();
  manifest.failures = set->failures;
  manifest.images_per_second = set->manifest.images_per_second;
  manifest.steps = std::move(input.steps);
  auto items = set->items;
  return {std::move(set), std::move(items), std::move(manifest), 0};
}

}  // namespace

database::PublishResult publish(const Context& context, const PublishOptions& options) {
  if (options.input.embeddings.empty())
    check_can_be_stored(choose_model(context, options.input.model, options.execution));
  if (!options.target.backup.empty()) check_folder_place(options.target.backup);
  return database::publish(options.target, database_access(context), context.observer,
                           [&] { return to_gallery(context, load_vectors(context, options)); });
}

database::PartResult publish_part(const Context& context, const PublishOptions& options) {
  const auto& input = options.input;
  if (input.embeddings.empty())
    throw Error(ErrorCode::usage, "--part sends some of several embedding sets; name them with --embeddings");
  return database::publish_part(options.target, database_access(context), context.observer, [&] {
    auto set = join_sets(input.embeddings, input.split, Shards::some);
    const auto expected = expected_count(set, input.embeddings.size());
    auto gallery = to_gallery(context, {std::move(set), {}});
    gallery.expected = expected;
    return gallery;
  });
}

report::CollectionCheck check_collection(const Context& context, const std::string& address) {
  auto c = database::check_collection(address, database_access(context));
  return {address,   c.version,  c.index,           c.model,         c.dataset,       c.expected,
          c.counted, c.searched, std::move(c.lost), c.churn.records, c.churn.is_high, c.failure};
}

database::RestoredVersion restore_version(const Context& context, const std::string& address) {
  return database::roll_back(address, database_access(context));
}

}  // namespace matcher::pipeline
