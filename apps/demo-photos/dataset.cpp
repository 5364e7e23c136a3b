#include "demo-photos/dataset.hpp"

#include <fmt/format.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "demo-photos/description.hpp"
#include "demo-photos/studio.hpp"
#include "matcher/core/error.hpp"

namespace matcher::demo {
namespace {

/// Calls `job(i)` for i from 0 to count - 1. The first exception ends the rest and is thrown here.
template <class Job>
void run_parallel(int count, int threads, Job job) {
  std::atomic<int> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    try {
      for (int i = next++; i < count; i = next++) job(i);
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (int i = 1; i < std::min(threads, count); ++i) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

class Painter {
 public:
  Painter(const Parameters& parameters, fs::path folder)
      : parameters_(parameters), folder_(std::move(folder)), studio_(parameters.seed, parameters.size) {}

  /// Known products come first, then the unknown ones.
  void draw_product(int index) const {
    const bool known = index < parameters_.products;
    const Package package =
        known ? studio_.package(Range::known, index) : studio_.package(Range::unknown, index - parameters_.products);
    if (known) draw_views("gallery", package, parameters_.gallery_views, &Studio::gallery_photo);
    draw_views("queries", package, parameters_.query_views, &Studio::query_photo);
  }

 private:
  using Take = image::Image (Studio::*)(const Package&, int) const;

  void draw_views(const std::string& split, const Package& package, int views, Take take) const {
    make_folder(folder_ / split / package.product.label);
    for (int view = 0; view < views; ++view) {
      OutputFile file(folder_ / photo_path(split, package.product.label, view));
      file.write(image::encode_jpeg((studio_.*take)(package, view), parameters_.quality));
      file.close();
    }
  }

  Parameters parameters_;
  fs::path folder_;
  Studio studio_;
};

void draw_products(const Parameters& parameters, const fs::path& folder, int threads, Observer& observer) {
  const Painter painter(parameters, folder);
  const int count = parameters.products + parameters.unknown;
  std::mutex mutex;
  observer.begin("draw products", static_cast<std::size_t>(count), 0);
  run_parallel(count, threads, [&](int index) {
    painter.draw_product(index);
    const std::lock_guard lock(mutex);
    observer.advance(1);
  });
  observer.end();
}

void write_texts(const Parameters& parameters, const fs::path& folder) {
  const auto write = [&](const char* name, const std::string& text) {
    OutputFile file(folder / name);
    file.write(text);
    file.close();
  };
  write("items.csv", items_csv(parameters));
  write("labels.csv", labels_csv(parameters));
  write("dataset.yaml", dataset_yaml(parameters, "."));
  write(manifest_name, manifest_json(parameters));
}

[[noreturn]] void refuse(const fs::path& output, Manifest found) {
  const char* reason = found == Manifest::none
                           ? "exists and was not made by matcher-demo-photos; give --output a folder that is new"
                           : "holds photos with other parameters; replace them with --force, or give another --output";
  throw Error(ErrorCode::input, fmt::format("{} {}", output.string(), reason));
}

/// True when there is nothing to do.
bool settle_existing(const Parameters& parameters, const WriteOptions& options) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(options.output, ignored))) return false;
  const Manifest found = check_manifest(options.output, parameters);
  if (found == Manifest::none || (found == Manifest::other && !options.force)) refuse(options.output, found);
  return found == Manifest::same && !options.force;
}

}  // namespace

Outcome write_dataset(const Parameters& parameters, const WriteOptions& options, Observer& observer) {
  if (settle_existing(parameters, options)) return Outcome::up_to_date;
  AtomicFolder folder(options.output);
  draw_products(parameters, folder.path(), options.threads, observer);
  write_texts(parameters, folder.path());
  folder.commit();
  return Outcome::drawn;
}

}  // namespace matcher::demo
