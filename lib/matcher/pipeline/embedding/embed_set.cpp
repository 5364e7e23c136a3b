#include "matcher/pipeline/embedding/embed_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "matcher/core/error.hpp"
#include "matcher/core/schemas.hpp"
#include "matcher/files/atomic_folder.hpp"
#include "matcher/files/file.hpp"
#include "matcher/pipeline/embedding/batch_job.hpp"
#include "matcher/pipeline/embedding/request.hpp"
#include "matcher/store/cache.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

/// Throws if all items are texts and the model takes images only: each would be a failure.
void check_takes(const std::vector<Work>& works, const model::Embedder& embedder, const std::string& model) {
  const bool only_texts = std::ranges::all_of(works, [](const Work& work) { return work.item->path.empty(); });
  if (!only_texts || embedder.takes_texts()) return;
  throw Error(ErrorCode::usage,
              fmt::format("the {} items to embed are texts, but model \"{}\" takes images only; use a CLIP or SigLIP "
                          "model that was exported with its vocabulary (tokenizer.json, spiece.model, or vocab.json "
                          "with merges.txt)",
                          works.size(), model));
}

void describe_embedder(store::Manifest& m, const model::Embedder& embedder) {
  const auto size = m.model.size_bytes;
  m.model = identity_of(m.model.name, embedder);
  m.model.size_bytes = size;
  m.libtorch = model::libtorch_version();
}

std::string resume_key(const store::Manifest& m) {
  return fmt::format("{} {} {} {}", m.source_fingerprint, m.model.fingerprint, m.model.device, m.batch_size);
}

void check_not_empty(store::EmbeddingWriter& writer) {
  if (writer.count() > 0) return;
  writer.checkpoint();
  throw Error(ErrorCode::input,
              fmt::format("none of the {} images can be used; {}/failures.csv has the reason for each. Correct "
                          "the paths or the files that it names, and run the command again",
                          writer.failures(), writer.folder().string()));
}

void report_unfinished_work(Observer& observer, const store::EmbeddingWriter& writer) {
  const auto folder = writer.folder().string();
  if (writer.discarded()) {
    observer.log(LogLevel::warning, fmt::format("unfinished work in {} was of other images, another model or another "
                                                "batch size; starting again",
                                                folder));
  }
  if (writer.damaged()) {
    observer.log(LogLevel::warning,
                 fmt::format("unfinished work in {} is damaged after the first {} items; the rest is "
                             "embedded again",
                             folder, writer.consumed()));
  }
}

void report_problem(Observer& observer, store::VectorCache& cache) {
  if (const auto problem = cache.take_problem(); !problem.empty())
    observer.log(LogLevel::warning,
                 fmt::format("new vectors are not cached, and a later run embeds their images again: {}", problem));
}

void report_cache(Observer& observer, store::VectorCache& cache) {
  report_problem(observer, cache);
  if (cache.damaged() > 0) {
    observer.log(LogLevel::warning,
                 fmt::format("{} damaged entries of the cache were not used; their images were embedded again. "
                             "matcher cache --prune removes old entries",
                             cache.damaged()));
  }
}

/// "[2/3] mobilenet-v2, queries"
std::string stage_of(const Context& context, const EmbedOptions& options, const std::string& model) {
  const auto side = options.split == Split::all ? "images" : to_string(options.split);
  const auto part = options.shard.of > 1 ? fmt::format(", shard {}/{}", options.shard.number, options.shard.of) : "";
  return fmt::format("{}{}{}, {}", context.step, model, part, side);
}

/// Images per second through the network. If most vectors came from the cache, the speed that was noted when they were
/// embedded.
double measure_speed(store::VectorCache* cache, std::size_t embedded, std::size_t total, double seconds) {
  const double speed = double(embedded) / std::max(seconds, 1e-9);
  if (!cache) return speed;
  if (embedded > 0 && 2 * embedded >= total) cache->note_speed(speed);
  return cache->speed().value_or(speed);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

EmbedResult embed_set(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                      const ModelChoice& choice) {
  const auto listing = list_works(data, options.split, options.shard);
  const auto output =
      options.output.empty() ? default_output(context, data.name, options, choice.name) : options.output;
  finish_replacement(output);  // of a killed embed: the set may be up to date, but what it replaced is still there
  auto manifest = describe_request(context, options, data, listing, choice);
  if (const auto found = find_up_to_date(output, manifest)) return {output, *found, true};

  const auto embedder = load_embedder(context, choice, options.execution);
  check_takes(listing.works, *embedder, choice.name);
  describe_embedder(manifest, *embedder);
  check_replaceable(output, schema::embeddings);
  store::EmbeddingWriter writer(output, resume_key(manifest), embedder->dimension(), listing.columns);
  report_unfinished_work(context.observer, writer);
  std::optional<store::VectorCache> cache;
  if (options.execution.cache) cache.emplace(vector_cache(context), manifest.model);
  auto* const cache_or_none = cache ? &*cache : nullptr;
  if (cache) report_problem(context.observer, *cache);
  const std::size_t resumed = writer.consumed(), total = listing.works.size() - resumed;
  const auto start = std::chrono::steady_clock::now();
  BatchJob job(context.observer, options.execution, *embedder, writer, cache_or_none);
  job.run(listing.works, stage_of(context, options, choice.name));
  manifest.images_per_second = measure_speed(cache_or_none, total - job.reused(), total, seconds_since(start));
  if (job.lost_alpha() > 0) context.observer.log(LogLevel::warning, describe_lost_alpha(job.lost_alpha(), choice.name));
  if (job.clipped() > 0) context.observer.log(LogLevel::warning, describe_clipped(job.clipped()));
  if (const auto slow = job.describe_slow_decoding(); !slow.empty()) context.observer.log(LogLevel::info, slow);
  if (cache) report_cache(context.observer, *cache);
  check_not_empty(writer);
  writer.finish(manifest);
  return {output, store::EmbeddingSet::open(output).manifest(), false, resumed, job.reused(), total - job.reused()};
}

}  // namespace matcher::pipeline
