#include "flags/flags.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "browser.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/units.hpp"
#include "matcher/dataset/columns.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/output_place.hpp"
#include "matcher/report/escape.hpp"
#include "streams/streams.hpp"

namespace matcher::app {

namespace {

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
  Number value{};
  const auto* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc() && result.ptr == end ? std::optional(value) : std::nullopt;
}

const char* describe(Formats formats) {
  if (formats == Formats::tables) return "Print a table, markdown, csv, latex or json";
  if (formats == Formats::tables_and_page) return "Print a table, markdown, csv, latex or json, or write an html page";
  return "Print a table, markdown, csv, latex, json or ndjson (a line per query), or write an html page";
}

report::Format parse_format(const OutputFlags& flags) {
  if (flags.formats == Formats::tables) return report::parse_format(flags.format);
  if (flags.formats == Formats::tables_and_page) return report::parse_format_or_page(flags.format);
  return report::parse_any_format(flags.format);
}

bool is_whole(const std::string& text) { return text.find_first_not_of("-0123456789") == std::string::npos; }

}  // namespace

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const bool has_high = high < std::numeric_limits<std::uint64_t>::max();
  const auto wish = has_high ? fmt::format("from {} to {}", low, high) : fmt::format("{} or more", low);
  return {[low, high, wish](std::string& text) -> std::string {
            const auto value = parse_number<std::uint64_t>(text);
            if (value && *value >= low && *value <= high) return "";
            return fmt::format("must be {}{}, not \"{}\"", is_whole(text) ? "" : "a whole number, ", wish, text);
          },
          "N"};
}

CLI::Validator at_least_one() { return whole_number(1); }

CLI::Validator number_between(double low, double high) {
  const auto wish =
      high < largest_number ? fmt::format(" from {:g} to {:g}", low, high) : fmt::format(", {:g} or more", low);
  return {[low, high, wish](std::string& text) -> std::string {
            const auto value = parse_number<double>(text);
            if (value && *value >= low && *value <= high) return "";
            return fmt::format("must be a number{}, not \"{}\"", wish, text);
          },
          "X"};
}

CLI::Validator one_of(std::vector<std::string> names) {
  const auto list = fmt::format("{}", fmt::join(names, "|"));
  return {[names = std::move(names)](std::string& text) -> std::string {
            if (std::ranges::count(names, text)) return "";
            const auto near = nearest_name(text, names);
            return fmt::format("must be {} or {}, not \"{}\"{}", fmt::join(names.begin(), names.end() - 1, ", "),
                               names.back(), text, near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near));
          },
          list};
}

std::vector<CLI::Option*> add_dataset_flags(CLI::App& command, DatasetFlags& flags, const char* purpose, Sides sides) {
  std::vector<CLI::Option*> options{
      command.add_option("--dataset", flags.name, purpose)->group(group::input),
      command
          .add_option(flags.columns_flag, flags.columns,
                      "Read these columns of a CSV, by name or number, e.g. path=filename,label=sku")
          ->group(group::input),
      command
          .add_option("--crop-margin", flags.crop_margin,
                      "Add this share of a box's width and height on each side, e.g. 0.1 (default: 0)")
          ->check(number_between(0, 10))
          ->group(group::input),
      command
          .add_flag("--fold-labels", flags.fold_labels,
                    "Join labels that differ only in capitals, spaces or their Unicode form")
          ->group(group::input)};
  if (sides == Sides::any) return options;
  options.push_back(command
                        .add_option("--hold-out", flags.hold_out,
                                    "Hold images out as queries, if there are none: 1-per-label, 20% or leave-one-out")
                        ->group(group::input));
  options.push_back(command
                        .add_flag("--leave-one-out", flags.leave_one_out,
                                  "Let every photo ask all others; products with one photo are no queries")
                        ->excludes(options.back())
                        ->group(group::input));
  return options;
}

pipeline::DatasetRequest dataset_request(Session& session, const DatasetFlags& flags) {
  auto request = named_dataset(flags);
  request.name = session.dataset(flags.name);
  return request;
}

pipeline::DatasetRequest named_dataset(const DatasetFlags& flags) {
  pipeline::DatasetRequest request(flags.name);
  request.columns = dataset::parse_columns(flags.columns);
  request.crop_margin = flags.crop_margin;
  request.fold_labels = flags.fold_labels;
  if (flags.leave_one_out) request.hold_out = dataset::leave_one_out();
  if (!flags.hold_out.empty()) request.hold_out = dataset::parse_hold_out(flags.hold_out);
  return request;
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
      ->check(one_of({"exact", "fast"}))
      ->group(group::model);
  command.add_option("--threads", flags.threads, "Use this many CPU threads; 0: one per core (default: 0)")
      ->check(whole_number(0, 1024))
      ->group(group::model);
  if (!many) return;
  add_batch_flag(command, flags);
  command.add_flag("--no-cache", flags.no_cache, "Ignore the cache: embed every image again")->group(group::model);
  command
      .add_option("--max-failures", flags.max_failures, "Stop after more unreadable images than this (default: never)")
      ->check(whole_number())
      ->group(group::input);
}

void add_batch_flag(CLI::App& command, RunFlags& flags) {
  command.add_option("--batch-size", flags.batch_size, "Embed this many images per batch (default: 32)")
      ->check(whole_number(1, 4096))
      ->group(group::model);
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

void add_output_flags(CLI::App& command, OutputFlags& flags, Formats formats) {
  flags.formats = formats;
  command.add_option("--format", flags.format, describe(formats))->capture_default_str()->group(group::output);
  command.add_option("--write-to", flags.file, "Write the result to this file; - is stdout")
      ->capture_default_str()
      ->group(group::output);
  if (formats == Formats::tables) return;
  command.add_flag("--open", flags.open, "Open the page of --format html --write-to FILE in the browser")
      ->group(group::output);
}

report::Screen screen_of(const OutputFlags& flags) {
  if (flags.file != "-") return {};
  return {terminal_width(STDOUT_FILENO), takes_colour(STDOUT_FILENO)};
}

report::Format output_format(const OutputFlags& flags) {
  const auto format = parse_format(flags);
  const bool is_page_file = format == report::Format::html && flags.file != "-";
  if (flags.open && !is_page_file)
    throw Error(ErrorCode::usage, "--open shows a page that is a file. Add --format html --write-to page.html");
  if (flags.open) require_browser(flags.file);
  if (flags.file != "-") {
    check_outside_artefact(flags.file);
    check_file_place(flags.file);
  } else if (format == report::Format::html && stdout_is_terminal()) {
    throw Error(ErrorCode::usage,
                "--format html is not printed on a terminal. Write it to a file: --write-to page.html");
  }
  return format;
}

void check_distinct(const std::vector<std::pair<std::string, std::string>>& flags) {
  const auto is_named = [](const std::string& file) { return !file.empty() && file != "-"; };
  for (std::size_t i = 0; i < flags.size(); ++i) {
    for (std::size_t j = i + 1; j < flags.size(); ++j) {
      const auto& [name, file] = flags[i];
      const auto& [other_name, other] = flags[j];
      if (!is_named(file) || !is_named(other) || !is_same_file(file, other)) continue;
      throw Error(ErrorCode::usage,
                  fmt::format("{} and {} name one file, \"{}\". Give each its own", name, other_name, other));
    }
  }
}

void write_output(const OutputFlags& flags, const std::string& text) {
  if (flags.file != "-") return write_atomically(flags.file, text);
  const bool is_data = flags.format != "table";  // a table has colours, and its cells are escaped
  write_stdout(is_data && stdout_is_terminal() ? report::escape_terminal_lines(text) : text);
}

void write_page(Session& session, const OutputFlags& flags, const std::string& html) {
  write_output(flags, html);
  if (flags.file != "-")
    session.terminal.log(LogLevel::info, fmt::format("report: {} ({})", flags.file, human_bytes(html.size())));
  if (flags.open) open_in_browser(flags.file);
}

std::string or_setting(const std::string& given, const std::string& setting) { return given.empty() ? setting : given; }

}  // namespace matcher::app
