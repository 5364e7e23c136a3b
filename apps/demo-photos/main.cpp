// matcher-demo-photos: draws photos of made-up products, so that matcher can be tried without a download.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <sstream>
#include <thread>

#include "demo-photos/dataset.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/version.hpp"
#include "streams/streams.hpp"

using namespace matcher;

namespace {

/// Digits only: CLI11 lets "-1" wrap around, and cuts too large a number off.
CLI::Validator whole_number(std::uint64_t least, std::uint64_t most) {
  return {[least, most](std::string& text) -> std::string {
            std::uint64_t value = 0;
            const auto* end = text.data() + text.size();
            const auto result = std::from_chars(text.data(), end, value);
            const bool fits = result.ec == std::errc() && result.ptr == end && value >= least && value <= most;
            return fits ? "" : fmt::format("must be a whole number from {} to {}, not \"{}\"", least, most, text);
          },
          "N"};
}

}  // namespace

int main(int argc, char** argv) {
  app::prepare_streams();
  CLI::App cli{"Draws photos of made-up products: a gallery, queries, and their labels."};
  demo::Parameters parameters;
  demo::WriteOptions options;
  options.threads = std::max(1U, std::thread::hardware_concurrency());
  options.progress = ::isatty(STDERR_FILENO) != 0;
  cli.option_defaults()->always_capture_default();
  cli.set_version_flag("--version", version);
  cli.add_option("--output", options.output, "Folder to make")->required()->type_name("DIR");
  for (const demo::Flag& flag : demo::flags) {
    cli.add_option(fmt::format("--{}", flag.name), parameters.*flag.value, flag.help)
        ->check(whole_number(flag.least, flag.most));
  }
  cli.add_option("--threads", options.threads, "Processor cores to use")->check(whole_number(1, 1024));
  cli.add_flag("--force", options.force, "Replace what an earlier run left in DIR");
  const auto fail = [](ErrorCode code, const std::string& message) {
    app::write_error(fmt::format("matcher-demo-photos: {}", message));
    return int(code);
  };
  try {
    cli.parse(argc, argv);
    const auto outcome = demo::write_dataset(parameters, options);
    app::print_line("{} products, {} gallery photos, {} query photos in {}{}", parameters.products,
                    parameters.products * parameters.gallery_views,
                    (parameters.products + parameters.unknown) * parameters.query_views, options.output.string(),
                    outcome == demo::Outcome::up_to_date ? " (up to date)" : "");
    return 0;
  } catch (const CLI::Success& wish) {
    std::ostringstream text;
    cli.exit(wish, text);
    app::write_stdout(text.str());
    return 0;
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::usage, fmt::format("{}; see --help", error.what()));
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::resource, "memory ran out; try fewer --threads or a smaller --size");
  } catch (const std::exception& error) {
    return fail(ErrorCode::unexpected, error.what());
  }
}
