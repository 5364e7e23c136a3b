#include "matcher/pipeline/embed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/embedding/batch_job.hpp"
#include "matcher/pipeline/embedding/listing.hpp"
#include "matcher/pipeline/embedding/request.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

/// Texts alone, for a model of pictures, would all be failures.
void check_takes(const std::vector<Work>& works, const model::Embedder& embedder, const std::string& model) {
  const bool only_texts = std::ranges::all_of(works, [](const Work& work) { return work.item->path.empty(); });
  if (!only_texts || embedder.takes_texts()) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("the {} items to embed are texts, but model \"{}\" takes pictures only; use a CLIP model that "
                  "was exported with its vocabulary",
                  works.size(), model));
}

fs::path default_output(const Context& context, const std::string& dataset, const EmbedOptions& options,
                        const std::string& model) {
  auto name = file_name_of(fmt::format("{}-{}-{}", dataset, to_string(options.split), model));
  if (options.shard.of > 1) name += fmt::format(".shard-{}-of-{}", options.shard.number, options.shard.of);
  return context.workdir / "embeddings" / name;
}

/// The manifest of a complete set at `folder` made of the same pictures for the same request.
std::optional<store::Manifest> up_to_date(const fs::path& folder, const store::Manifest& wanted) {
  if (!fs::exists(folder / "manifest.json")) return std::nullopt;
  try {
    const auto found = store::EmbeddingSet::open(folder).manifest();
    const bool same = found.request == wanted.request && found.source_fingerprint == wanted.source_fingerprint &&
                      found.model.name == wanted.model.name;
    return same ? std::optional(found) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // damaged: made again
  }
}

/// What is known before a network is loaded.
store::Manifest describe(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                         const Listing& listing, const ModelChoice& choice) {
  store::Manifest m;
  m.model.name = choice.name;
  m.model.size_bytes = size_bytes(choice);
  m.data = {.name = data.name, .fingerprint = {}, .protocol = data.protocol};
  m.split = options.split;
  m.source_fingerprint = listing.source;
  m.listing = listing.whole;
  m.shard = options.shard.number;
  m.shards = options.shard.of;
  m.batch_size = options.execution.batch_size;
  m.request = request_fingerprint(context, choice, options.execution);
  return m;
}

void describe(store::Manifest& m, const model::Embedder& embedder) {
  const auto size = m.model.size_bytes;
  m.model = identity_of(m.model.name, embedder);
  m.model.size_bytes = size;
  m.libtorch = model::libtorch_version();
}

std::string resume_key(const store::Manifest& m) {
  return fmt::format("{} {} {} {}", m.source_fingerprint, m.model.fingerprint, m.model.device, m.batch_size);
}

void refuse_nothing(const store::EmbeddingWriter& writer, const fs::path& output) {
  if (writer.count() > 0) return;
  throw Error(ErrorCode::input, fmt::format("none of the {} pictures can be used; {}.partial/failures.csv has the "
                                            "reason for each; correct the paths or the files that it "
                                            "names, and run the command again",
                                            writer.failures(), output.string()));
}

/// Says what came from the cache, and what of it could not be used.
void tell_of_cache(Observer& observer, const store::VectorCache& cache, std::size_t reused, std::size_t total) {
  if (cache.damaged() > 0) {
    observer.log(LogLevel::warning,
                 fmt::format("{} damaged entries of the cache were not used; their pictures were embedded again. "
                             "matcher cache --prune removes old entries",
                             cache.damaged()));
  }
  if (reused > 0) {
    observer.log(LogLevel::info,
                 fmt::format("{} of {} vectors are from the cache; {} were embedded", reused, total, total - reused));
  }
}

/// Pictures a second through the network; where most came from the cache, as it was when they were embedded.
double speed_of(store::VectorCache* cache, std::size_t embedded, std::size_t total, double seconds) {
  const double speed = double(embedded) / std::max(seconds, 1e-9);
  if (!cache) return speed;
  if (2 * embedded >= total) cache->note_speed(speed);
  return cache->speed().value_or(speed);
}

}  // namespace

EmbedResult embed(const Context& context, const EmbedOptions& options) {
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  return embed(context, options, data, choice);
}

EmbedResult embed(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                  const ModelChoice& choice) {
  const auto listing = listing_of(data, options.split, options.shard);
  const fs::path output =
      options.output.empty() ? default_output(context, data.name, options, choice.name) : options.output;
  auto manifest = describe(context, options, data, listing, choice);
  if (const auto found = up_to_date(output, manifest)) return {output, *found, true, 0};

  const auto embedder = load_embedder(context, choice, options.execution);
  check_takes(listing.works, *embedder, choice.name);
  describe(manifest, *embedder);
  check_replaceable(output, "matcher.embeddings/1");
  store::EmbeddingWriter writer(output, resume_key(manifest), embedder->dimension());
  if (writer.discarded()) {
    context.observer.log(LogLevel::warning,
                         fmt::format("unfinished work in {}.partial was of other pictures, another model or "
                                     "batch size; starting afresh",
                                     output.string()));
  }
  std::optional<store::VectorCache> cache;
  if (options.execution.cache) {
    cache.emplace(vector_cache(context), manifest.model);
  }
  const std::size_t resumed = writer.consumed(), total = listing.works.size() - resumed;
  const auto start = std::chrono::steady_clock::now();
  BatchJob job(context, options, *embedder, writer, cache ? &*cache : nullptr);
  job.run(listing.works);
  manifest.images_per_second =
      speed_of(cache ? &*cache : nullptr, total - job.reused(), total,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  if (cache) tell_of_cache(context.observer, *cache, job.reused(), total);
  refuse_nothing(writer, output);
  writer.finish(manifest);
  return {output, store::EmbeddingSet::open(output).manifest(), false, resumed, job.reused()};
}

}  // namespace matcher::pipeline
