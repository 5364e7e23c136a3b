#include "matcher/pipeline/measuring/speed_trial.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "matcher/files/hash.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/pipeline/embedding/resolve.hpp"
#include "matcher/pipeline/measuring/timing.hpp"
#include "matcher/process/memory.hpp"
#include "matcher/process/other_load.hpp"
#include "matcher/process/parallel.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t most_images = 16, repeats = 3;

/// Up to `most_images` of the works, evenly spread.
std::vector<Work> spread(const std::vector<Work>& works) {
  const auto count = std::min(most_images, works.size());
  std::vector<Work> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(works[i * works.size() / count]);
  return some;
}

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// The value at a share of the sorted values, 0 to 1.
double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values.at(std::min(values.size() - 1, std::size_t(share * double(values.size()))));
}

report::Spread spread_of(const std::vector<double>& values) {
  const auto [low, high] = std::ranges::minmax(values);
  return {quantile(values, 0.5), low, high};
}

/// Embeds the photos of a trial again and again.
class Photos {
 public:
  Photos(const std::vector<Work>& works, model::Embedder& embedder, const ExecutionOptions& execution)
      : embedder_(embedder), threads_(thread_count(execution.threads)) {
    Hasher hasher;
    for (const auto& work : works) {
      const auto prepared = prepare(work, embedder);
      if (!prepared.reason.empty()) continue;
      hasher.field(prepared.item.content_hash);
      works_.push_back(work);
    }
    hash_ = hasher.hex();
    batch_size_ = std::min(std::size_t(execution.batch_size), works_.size());
  }

  std::size_t size() const { return works_.size(); }
  std::size_t batch_size() const { return batch_size_; }
  const std::string& hash() const { return hash_; }

  /// Milliseconds of each photo by itself.
  std::vector<double> one_by_one() const {
    std::vector<double> times;
    for (std::size_t i = 0; i < works_.size(); ++i) times.push_back(milliseconds([&] { embed(i, 1); }));
    return times;
  }

  double images_per_second() const {
    const double ms = milliseconds([&] {
      for (std::size_t i = 0; i < works_.size(); i += batch_size_) embed(i, std::min(batch_size_, works_.size() - i));
    });
    return 1000 * double(works_.size()) / ms;
  }

 private:
  void embed(std::size_t first, std::size_t count) const {
    std::vector<model::Sample> samples(count);
    in_parallel(count, std::size_t(threads_),
                [&](std::size_t i) { samples[i] = prepare(works_[first + i], embedder_).sample; });
    embedder_.embed(samples);
  }

  model::Embedder& embedder_;
  int threads_;
  std::vector<Work> works_;
  std::size_t batch_size_ = 0;
  std::string hash_;
};

std::string now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

/// The samples of all repeats, a value per repeat.
struct Samples {
  std::vector<double> images_per_second, image_p50, image_p95, search_p50, search_p95;
};

Samples measure(const Photos& photos, const Sides& sides) {
  Samples all;
  photos.images_per_second();  // the first run fills caches and starts threads
  photos.one_by_one();
  for (std::size_t i = 0; i < repeats; ++i) {
    const auto times = photos.one_by_one();
    all.image_p50.push_back(quantile(times, 0.5));
    all.image_p95.push_back(quantile(times, 0.95));
    all.images_per_second.push_back(photos.images_per_second());
    const auto [p50, p95] = search_times(*sides.gallery.gallery().index, sides.queries.unit.view());
    all.search_p50.push_back(p50);
    all.search_p95.push_back(p95);
  }
  return all;
}

}  // namespace

std::optional<report::SpeedTrial> try_speed(const Context& context, const Sides& sides,
                                            const ExecutionOptions& execution) {
  reset_peak_memory();
  const auto embedder = load_embedder(context, sides.model, execution);
  const Photos photos(spread(list_works(sides.data, Split::queries, {}).works), *embedder, execution);
  if (photos.size() == 0) {
    context.observer.log(LogLevel::warning, "speed is not measured: none of the chosen photos can be read");
    return std::nullopt;
  }
  const auto before = core_times();
  const auto all = measure(photos, sides);
  report::SpeedTrial trial;
  trial.load = other_load(before, core_times());
  trial.images_per_second = spread_of(all.images_per_second);
  trial.image_ms_p50 = spread_of(all.image_p50);
  trial.image_ms_p95 = spread_of(all.image_p95);
  trial.search_ms_p50 = spread_of(all.search_p50);
  trial.search_ms_p95 = spread_of(all.search_p95);
  trial.peak_memory = peak_memory();
  trial.images = photos.size();
  trial.batch_size = photos.batch_size();
  trial.repeats = repeats;
  trial.photos = photos.hash();
  trial.processor = processor_name();
  trial.device = to_string(embedder->device());
  trial.precision = to_string(embedder->precision());
  trial.cores = thread_count(0);
  trial.threads = thread_count(execution.threads);
  trial.created = now();
  return trial;
}

}  // namespace matcher::pipeline
