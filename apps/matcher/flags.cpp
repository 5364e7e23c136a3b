#include "flags.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"

namespace matcher::app {
namespace {

std::optional<fs::path> path_or_none(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<fs::path>(text);
}

LogLevel level_of(const GlobalFlags& flags, const config::Settings& settings) {
  if (flags.quiet) return LogLevel::error;
  if (flags.log_level.empty()) return settings.log_level;
  return parse_level(flags.log_level);
}

}  // namespace

Session::Session(const GlobalFlags& flags)
    : settings(config::load_settings(path_or_none(flags.config))),
      terminal(level_of(flags, settings), flags.quiet),
      context{config::find_places(flags.workdir.empty() ? settings.workdir : fs::path(flags.workdir)),
              flags.workdir.empty() ? settings.workdir : fs::path(flags.workdir), terminal, settings.server} {}

void add_run_flags(CLI::App& command, RunFlags& flags, bool many) {
  command.add_option("--device", flags.device, "auto, cpu or cuda[:N[,M]]; a device that is not there is an error");
  command.add_option("--precision", flags.precision, "auto, fp32, bf16 or fp16");
  command.add_option("--threads", flags.threads, "Threads for decoding and for the network; 0: one a core")
      ->check(CLI::Range(0, 1024));
  if (!many) return;
  command.add_option("--batch-size", flags.batch_size, "Pictures a batch")->check(CLI::Range(1, 4096));
  command.add_option("--max-failures", flags.max_failures,
                     "Stop when more pictures than this cannot be used (default: never)");
  command.add_flag("--no-cache", flags.no_cache,
                   "Embed every picture, also those that the cache of the work folder has");
}

pipeline::ExecutionOptions run_options(const RunFlags& flags, const config::Settings& settings) {
  pipeline::ExecutionOptions execution;
  execution.device = flags.device.empty() ? settings.device : parse_device(flags.device);
  execution.precision = flags.precision.empty() ? settings.precision : parse_precision(flags.precision);
  execution.batch_size = flags.batch_size ? flags.batch_size : settings.batch_size;
  execution.threads = flags.threads >= 0 ? flags.threads : settings.threads;
  execution.max_failures = flags.max_failures ? flags.max_failures : settings.max_failures;
  execution.cache = !flags.no_cache;
  return execution;
}

void add_output_flags(CLI::App& command, OutputFlags& flags) {
  command.add_option("--format", flags.format, "table, markdown, csv, latex or json; of eval and compare also html")
      ->capture_default_str();
  command.add_option("--write-to", flags.file, "Where the result goes; - is stdout")->capture_default_str();
}

void write_output(const OutputFlags& flags, const std::string& text) {
  if (flags.file != "-") return write_atomically(flags.file, text);
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw Error(ErrorCode::resource, "cannot write the result to stdout");
}

std::string or_setting(const std::string& given, const std::string& setting) { return given.empty() ? setting : given; }

}  // namespace matcher::app
