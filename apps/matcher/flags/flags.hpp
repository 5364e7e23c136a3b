// Flags that several commands share. A flag that is left out takes its value from matcher.yaml.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "matcher/pipeline/dataset_request.hpp"
#include "matcher/report/tables.hpp"
#include "session.hpp"

namespace matcher::app {

/// Headings of the help texts.
namespace group {
inline constexpr const char *input = "Input", *model = "Model", *search = "Search", *metrics = "Metrics",
                            *gate = "Gate", *output = "Output";
}

/// Returns a function that adds an option of one group: add(name, value, text). Borrows `command`.
inline auto options_of_group(CLI::App& command, const char* group) {
  return [&command, group](const char* name, auto& value, const char* text) {
    return command.add_option(name, value, text)->group(group);
  };
}

/// --dataset, --csv-columns and, for commands with queries, --hold-out.
struct DatasetFlags {
  std::string name, columns, hold_out;
  std::optional<double> crop_margin;
  bool fold_labels = false, leave_one_out = false;
  const char* columns_flag = "--columns,--csv-columns";  ///< compare has other --columns
};
enum class Sides { any, queries };
/// `purpose` is the explanation of --dataset. Returns the options.
std::vector<CLI::Option*> add_dataset_flags(CLI::App& command, DatasetFlags& flags, const char* purpose, Sides sides);
/// The dataset of the flags; without a name if they have none.
pipeline::DatasetRequest named_dataset(const DatasetFlags& flags);
/// The dataset of the flags, otherwise that of matcher.yaml.
pipeline::DatasetRequest dataset_request(Session& session, const DatasetFlags& flags);

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
/// Adds --batch-size, which add_run_flags() adds for many images.
void add_batch_flag(CLI::App& command, RunFlags& flags);
pipeline::ExecutionOptions run_options(const RunFlags& flags, const config::Settings& settings);

/// Accepts whole numbers from 1 on.
CLI::Validator at_least_one();

/// Accepts whole numbers from `low` to `high`.
CLI::Validator whole_number(std::uint64_t low = 0, std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

/// Accepts one of `names`, which are two or more.
CLI::Validator one_of(std::vector<std::string> names);

/// Accepts numbers from `low` to `high`; never nan.
inline constexpr double largest_number = 1e9;
CLI::Validator number_between(double low, double high = largest_number);

/// The formats of a command.
enum class Formats { tables, tables_and_page, tables_page_and_lines };

/// --format, --write-to and, for commands with a page, --open.
struct OutputFlags {
  std::string format = "table";
  std::string file = "-";  ///< "-": stdout
  bool open = false;       ///< show the page in the browser
  Formats formats = Formats::tables;
};
void add_output_flags(CLI::App& command, OutputFlags& flags, Formats formats = Formats::tables);
/// The terminal that shows the result; a file has no width and no colours.
report::Screen screen_of(const OutputFlags& flags);
/// Returns the format. Throws Error(usage) for a format that the command does not have, for a page that would be
/// printed on a terminal, and for --open without a file; Error(resource) for a place without write access, and for
/// --open without a browser.
report::Format output_format(const OutputFlags& flags);
/// Throws Error(usage) if two flags name one file: the second output would replace the first. "" and "-" are no files.
void check_distinct(const std::vector<std::pair<std::string, std::string>>& flags);
/// Writes to the file, which appears complete or not at all, or to stdout. Throws Error(resource).
void write_output(const OutputFlags& flags, const std::string& text);
/// Writes a page as write_output() does. Logs the name and size of the file, and opens it if requested.
void write_page(Session& session, const OutputFlags& flags, const std::string& html);
/// Writes a result in `format`; `make_html` makes its page.
template <class Result, class MakeHtml>
void write_result(Session& session, const OutputFlags& flags, report::Format format, const Result& result,
                  MakeHtml make_html) {
  if (format != report::Format::html) return write_output(flags, report::print(result, format, screen_of(flags)));
  write_page(session, flags, make_html());
}

/// The flag's value; the setting if the flag was left out.
std::string or_setting(const std::string& given, const std::string& setting);

}  // namespace matcher::app
