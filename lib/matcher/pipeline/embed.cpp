#include "matcher/pipeline/embed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "matcher/core/error.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/core/names.hpp"
#include "matcher/pipeline/decode.hpp"
#include "matcher/store/writer.hpp"

namespace matcher::pipeline {
namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

std::vector<Work> works_of(const dataset::Dataset& data, const std::string& split) {
  std::vector<Work> works;
  const auto add = [&](const std::vector<dataset::Item>& items, const char* role) {
    for (const auto& item : items) works.push_back({&item, role});
  };
  if (split == "gallery" || split == "all") add(data.gallery, "gallery");
  if (split == "queries" || split == "all") add(data.queries, "queries");
  if (works.empty()) {
    throw Error(ErrorCode::input, fmt::format("dataset \"{}\" has no {}: nothing to embed", data.name,
                                              split == "all" ? "items" : split == "gallery" ? "gallery items" : "queries"));
  }
  return works;
}

/// Texts alone, for a model of pictures, would all be failures.
void check_takes(const std::vector<Work>& works, const model::Embedder& embedder, const std::string& model) {
  const bool only_texts = std::ranges::all_of(works, [](const Work& work) { return work.item->path.empty(); });
  if (!only_texts || embedder.takes_texts()) return;
  throw Error(ErrorCode::usage, fmt::format("the {} items to embed are texts, but model \"{}\" takes pictures only; use a CLIP model that "
                                            "was exported with its vocabulary", works.size(), model));
}

/// Of everything that can be told of the pictures without reading them: ids, paths, labels, sizes, times of change.
std::string source_fingerprint(const std::vector<Work>& works) {
  Hasher hasher;
  for (const auto& [item, role] : works) {
    std::error_code ignored;
    const auto size = fs::file_size(item->path, ignored);
    const auto changed = fs::last_write_time(item->path, ignored).time_since_epoch().count();
    for (const auto& text : {item->id, item->path, item->label, std::string(role), item->split, item->view, item->category, item->text}) {
      hasher.field(text);
    }
    hasher.field(fmt::format("{} {}", size, changed));
  }
  return hasher.hex();
}

/// Gathers prepared pictures into batches and hands them on with everything that failed before them.
class BatchJob {
 public:
  BatchJob(const Context& context, const EmbedOptions& options, model::Embedder& embedder, store::EmbeddingWriter& writer)
      : context_(context), options_(options), embedder_(embedder), writer_(writer), consumed_(writer.consumed()) {}

  void run(const std::vector<Work>& works) {
    context_.observer.begin(fmt::format("embedding {}", options_.dataset), works.size(), consumed_);
    const auto start = Clock::now();
    Decoder decoder(works, consumed_, embedder_, thread_count(options_.run.threads), window());
    while (auto picture = decoder.next()) take(std::move(*picture));
    flush();
    context_.observer.end();
    const auto all = Clock::now() - start;
    context_.observer.log(LogLevel::debug,
                          fmt::format("the network was busy {:.1f} % of {:.2f} s", 100 * seconds(busy_) / seconds(all), seconds(all)));
  }

 private:
  std::size_t window() const { return std::size_t(options_.run.batch_size) * 3; }

  void take(Picture picture) {
    ++consumed_;
    if (picture.reason.empty()) {
      samples_.push_back(std::move(picture.sample));
      items_.push_back(std::move(picture.item));
    } else {
      note_failure(picture);
    }
    if (int(samples_.size()) == options_.run.batch_size) flush();
  }

  void note_failure(const Picture& picture) {
    context_.observer.log(LogLevel::debug, fmt::format("{}: {}", picture.item.path, picture.reason));
    failures_.push_back({picture.item.id, picture.item.path, picture.item.role, picture.reason});
    const auto total = writer_.failures() + failures_.size();
    if (!options_.run.max_failures || total <= *options_.run.max_failures) return;
    throw Error(ErrorCode::input, fmt::format("{} pictures cannot be used, more than --max-failures {} allows; the last: {}: {}",
                                              total, *options_.run.max_failures, picture.item.path, picture.reason));
  }

  void flush() {
    const auto start = Clock::now();
    const Matrix vectors = samples_.empty() ? Matrix(0, embedder_.dimension()) : embedder_.embed(samples_);
    busy_ += Clock::now() - start;
    writer_.append(vectors.view(), items_, failures_, consumed_);
    context_.observer.advance(items_.size() + failures_.size());
    samples_.clear();
    items_.clear();
    failures_.clear();
  }

  const Context& context_;
  const EmbedOptions& options_;
  model::Embedder& embedder_;
  store::EmbeddingWriter& writer_;
  std::size_t consumed_;
  Clock::duration busy_{};  ///< of the network
  std::vector<model::Sample> samples_;
  std::vector<store::ItemRow> items_;
  std::vector<store::FailureRow> failures_;
};

fs::path default_output(const Context& context, const std::string& dataset, const std::string& split,
                        const std::string& model) {
  return context.workdir / "embeddings" / file_name_of(fmt::format("{}-{}-{}", dataset, split, model));
}

/// The manifest of a complete set at `folder` made of the same pictures by the same model.
std::optional<store::Manifest> up_to_date(const fs::path& folder, const store::Manifest& wanted) {
  if (!fs::exists(folder / "manifest.json")) return std::nullopt;
  try {
    const auto found = store::EmbeddingSet::open(folder).manifest();
    const bool same = found.model_fingerprint == wanted.model_fingerprint && found.device == wanted.device &&
                      found.source_fingerprint == wanted.source_fingerprint && found.model == wanted.model;
    return same ? std::optional(found) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;  // damaged: made again
  }
}

store::Manifest describe(const EmbedOptions& options, const dataset::Dataset& data, const std::vector<Work>& works,
                         const model::Embedder& embedder, const std::string& model_name, std::uintmax_t model_size) {
  store::Manifest m;
  m.model = model_name;
  m.model_fingerprint = embedder.fingerprint();
  m.model_size_bytes = model_size;
  m.dataset = data.name;
  m.protocol = data.protocol;
  m.split = options.split;
  m.source_fingerprint = source_fingerprint(works);
  m.precision = to_string(embedder.precision());
  m.device = to_string(embedder.device());
  m.dimension = embedder.dimension();
  m.batch_size = options.run.batch_size;
  m.libtorch = model::libtorch_version();
  return m;
}

std::string resume_key(const store::Manifest& m) {
  return fmt::format("{} {} {} {}", m.source_fingerprint, m.model_fingerprint, m.device, m.batch_size);
}

void refuse_nothing(const store::EmbeddingWriter& writer, const fs::path& output) {
  if (writer.count() > 0) return;
  throw Error(ErrorCode::input, fmt::format("none of the {} pictures can be used; the reasons are in {}.partial/failures.csv",
                                            writer.failures(), output.string()));
}

}  // namespace

EmbedResult embed(const Context& context, const EmbedOptions& options) {
  const auto choice = choose_model(context, options.model);
  const auto data = load_dataset(context, options.dataset);
  const auto embedder = load_embedder(context, choice, options.run);
  return embed(context, options, data, *embedder, choice.name, size_bytes(choice));
}

EmbedResult embed(const Context& context, const EmbedOptions& options, const dataset::Dataset& data,
                  model::Embedder& embedder, const std::string& model_name, std::uintmax_t model_size) {
  const auto works = works_of(data, options.split);
  check_takes(works, embedder, model_name);
  const fs::path output = options.output.empty() ? default_output(context, data.name, options.split, model_name) : options.output;
  auto manifest = describe(options, data, works, embedder, model_name, model_size);
  if (const auto found = up_to_date(output, manifest)) return {output, *found, true, 0};

  check_replaceable(output, "matcher.embeddings/1");
  store::EmbeddingWriter writer(output, resume_key(manifest), embedder.dimension());
  if (writer.discarded()) {
    context.observer.log(LogLevel::warning, fmt::format("unfinished work in {}.partial was of other pictures, another model or "
                                                        "batch size; starting afresh", output.string()));
  }
  const std::size_t resumed = writer.consumed();
  const auto start = Clock::now();
  BatchJob(context, options, embedder, writer).run(works);
  manifest.images_per_second = double(works.size() - resumed) / std::max(seconds(Clock::now() - start), 1e-9);
  refuse_nothing(writer, output);
  writer.finish(manifest);
  return {output, store::EmbeddingSet::open(output).manifest(), false, resumed};
}

VectorSet embedded(const Context& context, const ModelChoice& choice, const std::string& dataset_name,
                   const dataset::Dataset& data, const std::string& split, const RunOptions& run) {
  std::vector<store::EmbeddingSet> sets;
  std::vector<double> weights;
  for (const auto& [bundle, weight] : choice.members) {
    const auto embedder = load_embedder(context, bundle, run);
    const auto result = embed(context, {bundle.name, dataset_name, split, {}, run}, data, *embedder, bundle.name, model::size_bytes(bundle));
    sets.push_back(store::EmbeddingSet::open(result.folder));
    weights.push_back(weight);
  }
  VectorSet all{{}, sets[0].items(), sets[0].failures().size(), sets[0].manifest()};
  if (sets.size() == 1) {
    all.unit = normalised(sets[0].vectors());
    return all;
  }
  std::vector<MatrixView> parts;
  std::vector<std::string> fingerprints;
  double seconds_per_image = 0;
  for (const auto& set : sets) {
    if (set.items() != all.items) {
      throw Error(ErrorCode::mismatch, fmt::format("{} and {} embedded different pictures of \"{}\"; embed both again",
                                                   choice.members[0].bundle.name, set.manifest().model, data.name));
    }
    parts.push_back(set.vectors());
    fingerprints.push_back(set.manifest().model_fingerprint);
    seconds_per_image += 1 / set.manifest().images_per_second;
  }
  all.unit = normalised(model::concatenate(parts, weights).view());
  all.manifest.model = choice.name;
  all.manifest.model_fingerprint = model::ensemble_fingerprint(fingerprints, weights);
  all.manifest.dimension = all.unit.cols;
  all.manifest.model_size_bytes = size_bytes(choice);
  all.manifest.images_per_second = 1 / seconds_per_image;
  return all;
}

std::vector<std::string> ids_of(const std::vector<store::ItemRow>& items) {
  std::vector<std::string> ids;
  for (const auto& item : items) ids.push_back(item.id);
  return ids;
}

}  // namespace matcher::pipeline
