// Flags that several commands share. A flag that is left out takes its value from matcher.yaml.
#pragma once

#include <optional>
#include <string>

#include "matcher/report/table.hpp"
#include "session.hpp"

namespace matcher::app {

/// Headings of the help texts.
namespace group {
inline constexpr const char *input = "Input", *model = "Model", *search = "Search", *metrics = "Metrics",
                            *gate = "Gate", *output = "Output";
}

/// --device, --precision, --decode, --threads, --batch-size, --max-failures, --no-cache.
struct RunFlags {
  std::string device, precision, decode;
  int batch_size = 0;                       ///< images; 0: as in matcher.yaml
  int threads = -1;                         ///< -1: as in matcher.yaml
  std::optional<std::size_t> max_failures;  ///< unreadable images; none: as in matcher.yaml
  bool no_cache = false;
};
/// Adds the first four flags, or all if the command embeds many images.
void add_run_flags(CLI::App& command, RunFlags& flags, bool many = true);
pipeline::ExecutionOptions run_options(const RunFlags& flags, const config::Settings& settings);

/// Accepts whole numbers from 1 on.
CLI::Validator at_least_one();

/// Accepts numbers from `low` to `high`; never nan.
CLI::Validator number_between(double low, double high);

/// --format and --write-to.
struct OutputFlags {
  std::string format = "table";
  std::string file = "-";  ///< "-": stdout
};
void add_output_flags(CLI::App& command, OutputFlags& flags);
/// The terminal that shows the result; a file has no width and no colours.
report::Screen screen_of(const OutputFlags& flags);
/// Writes to the file, which appears complete or not at all, or to stdout. Throws Error(resource).
void write_output(const OutputFlags& flags, const std::string& text);

/// The flag's value; the setting if the flag was left out.
std::string or_setting(const std::string& given, const std::string& setting);

}  // namespace matcher::app
