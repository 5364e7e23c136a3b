#include "flags.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "matcher/files/file.hpp"
#include "streams/streams.hpp"

namespace matcher::app {

CLI::Validator at_least_one() {
  return {[](std::string& text) -> std::string {
            std::size_t value = 0;
            const auto* end = text.data() + text.size();
            const auto result = std::from_chars(text.data(), end, value);
            if (result.ec == std::errc() && result.ptr == end && value > 0) return "";
            return "must be a whole number from 1 on, not \"" + text + "\"";
          },
          "POSITIVE"};
}

CLI::Validator number_between(double low, double high) {
  return {[low, high](std::string& text) -> std::string {
            double value = 0;
            const auto* end = text.data() + text.size();
            const auto result = std::from_chars(text.data(), end, value);
            if (result.ec == std::errc() && result.ptr == end && value >= low && value <= high) return "";
            return fmt::format("must be a number from {:g} to {:g}, not \"{}\"", low, high, text);
          },
          fmt::format("FLOAT in [{:g} - {:g}]", low, high)};
}

void add_run_flags(CLI::App& command, RunFlags& flags, bool many) {
  command
      .add_option("--device", flags.device,
                  "Run on auto, cpu or cuda[:N[,M]]; a missing GPU is an error (default: auto)")
      ->group(group::model);
  command.add_option("--precision", flags.precision, "Compute in auto, fp32, bf16 or fp16 (default: auto)")
      ->group(group::model);
  command
      .add_option("--decode", flags.decode,
                  "Decode JPEGs exactly, or fast at a reduced size; NAME@fast does it for one model (default: exact)")
      ->check(CLI::IsMember({"exact", "fast"}))
      ->group(group::model);
  command.add_option("--threads", flags.threads, "Use this many CPU threads; 0: one per core (default: 0)")
      ->check(CLI::Range(0, 1024))
      ->group(group::model);
  if (!many) return;
  command.add_option("--batch-size", flags.batch_size, "Embed this many images per batch (default: 32)")
      ->check(CLI::Range(1, 4096))
      ->group(group::model);
  command.add_flag("--no-cache", flags.no_cache, "Embed every image again, also those in the cache")
      ->group(group::model);
  command
      .add_option("--max-failures", flags.max_failures, "Stop after more unreadable images than this (default: never)")
      ->group(group::input);
}

pipeline::ExecutionOptions run_options(const RunFlags& flags, const config::Settings& settings) {
  pipeline::ExecutionOptions execution;
  execution.device = flags.device.empty() ? settings.device : parse_device(flags.device);
  execution.precision = flags.precision.empty() ? settings.precision : parse_precision(flags.precision);
  execution.decode = flags.decode.empty() ? settings.decode : image::find_decode(flags.decode);
  execution.batch_size = flags.batch_size ? flags.batch_size : settings.batch_size;
  execution.threads = flags.threads >= 0 ? flags.threads : settings.threads;
  execution.max_failures = flags.max_failures ? flags.max_failures : settings.max_failures;
  execution.cache = !flags.no_cache;
  return execution;
}

void add_output_flags(CLI::App& command, OutputFlags& flags) {
  command
      .add_option("--format", flags.format, "Print a table, markdown, csv, latex or json; eval and compare also html")
      ->capture_default_str()
      ->group(group::output);
  command.add_option("--write-to", flags.file, "Write the result to this file; - is stdout")
      ->capture_default_str()
      ->group(group::output);
}

report::Screen screen_of(const OutputFlags& flags) {
  if (flags.file != "-") return {};
  return {terminal_width(STDOUT_FILENO), takes_colour(STDOUT_FILENO)};
}

void write_output(const OutputFlags& flags, const std::string& text) {
  if (flags.file != "-") return write_atomically(flags.file, text);
  write_stdout(text);
}

std::string or_setting(const std::string& given, const std::string& setting) { return given.empty() ? setting : given; }

}  // namespace matcher::app
