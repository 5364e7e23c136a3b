// matcher-demo-photos: draws photos of made-up products, so that matcher can be tried without a download.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "demo-photos/dataset.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/version.hpp"

namespace {

using matcher::ErrorCode;
using matcher::demo::Outcome;
using matcher::demo::Parameters;
using matcher::demo::WriteOptions;

/// A line on the terminal that counts; silent elsewhere.
class TerminalProgress : public matcher::SilentObserver {
 public:
  void begin(std::string_view, std::size_t total, std::size_t done) override {
    total_ = total;
    done_ = done;
  }
  void advance(std::size_t steps) override {
    done_ += steps;
    if (terminal_) fmt::print(stderr, "\r{} of {} products", done_, total_);
  }
  void end() override {
    if (terminal_) fmt::print(stderr, "\r\033[K");
  }

 private:
  bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  std::size_t total_ = 0;
  std::size_t done_ = 0;
};

void add_flags(CLI::App& app, Parameters& parameters, WriteOptions& options) {
  app.set_version_flag("--version", matcher::version);
  app.add_option("--output", options.output, "Folder to make")->required()->type_name("DIR");
  app.add_option("--products", parameters.products, "Products in the gallery")->check(CLI::Range(1, 1000000));
  app.add_option("--gallery-views", parameters.gallery_views, "Studio photos a product")->check(CLI::Range(1, 1000));
  app.add_option("--query-views", parameters.query_views, "Hard photos a product")->check(CLI::Range(1, 1000));
  app.add_option("--unknown", parameters.unknown, "More products, only among the queries")
      ->check(CLI::Range(0, 1000000));
  app.add_option("--size", parameters.size, "Pixels of a photo's side")->check(CLI::Range(32, 2048));
  app.add_option("--seed", parameters.seed, "Other numbers give other products");
  app.add_option("--quality", parameters.quality, "Of the JPEG files")->check(CLI::Range(1, 100));
  app.add_option("--threads", options.threads, "Processor cores to use")->check(CLI::Range(1, 1024));
  app.add_flag("--force", options.force, "Replace what an earlier run left in DIR");
}

void report(const Parameters& parameters, const WriteOptions& options, Outcome outcome) {
  fmt::print("{} products, {} gallery photos, {} query photos in {}{}\n", parameters.products,
             parameters.gallery_photos(), parameters.query_photos(), options.output.string(),
             outcome == Outcome::up_to_date ? " (up to date)" : "");
}

int fail(ErrorCode code, const std::string& message) {
  fmt::print(stderr, "matcher-demo-photos: {}\n", message);
  return static_cast<int>(code);
}

int run(const Parameters& parameters, const WriteOptions& options) {
  try {
    TerminalProgress progress;
    report(parameters, options, matcher::demo::write_dataset(parameters, options, progress));
    return 0;
  } catch (const matcher::Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resource, "memory ran out; try fewer --threads or a smaller --size");
  } catch (const std::exception& error) {
    return fail(ErrorCode::unexpected, error.what());
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Draws photos of made-up products: a gallery, queries, and their labels."};
  Parameters parameters;
  WriteOptions options;
  options.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  app.option_defaults()->always_capture_default();
  add_flags(app, parameters, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wish) {
    return app.exit(wish);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::usage, fmt::format("{}; see --help", error.what()));
  }
  return run(parameters, options);
}
