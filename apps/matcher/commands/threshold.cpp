#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string index, model, dataset, unknown = "auto";
  double false_alarms = 0.01;
  bool dry_run = false;
  RunFlags run;
  OutputFlags output;
};

pipeline::ThresholdOptions threshold_options(const Flags& flags, const config::Settings& settings) {
  pipeline::ThresholdOptions options;
  options.index = flags.index;
  options.model = flags.model;
  options.dataset = flags.dataset;
  options.false_alarms = flags.false_alarms;
  options.unknown = pipeline::parse_unknown_queries(flags.unknown);
  options.store = !flags.dry_run;
  options.execution = run_options(flags.run, settings);
  return options;
}

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.output.format);
  const auto options = threshold_options(flags, session.settings);
  const auto detection = pipeline::find_threshold(session.context, options);
  if (options.store)
    session.terminal.log(LogLevel::info,
                         fmt::format("the threshold is stored in {}; matcher query applies it", flags.index));
  write_output(flags.output, report::print(detection, format));
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  command.add_option("--index", flags.index, "Search this folder of an index, and store the threshold in it")
      ->required()
      ->group(group::search);
  command.add_option("--dataset", flags.dataset, "Take the queries of this dataset (default: the one of the index)")
      ->group(group::input);
  command
      .add_option(
          "--unknown", flags.unknown,
          "Use unknown queries that are real, left-out (each without its own product) or auto (real, if enough)")
      ->check(CLI::IsMember({"auto", "real", "left-out"}))
      ->capture_default_str()
      ->group(group::input);
  command
      .add_option("--model", flags.model, "Embed the queries with this model (default: the one that built the index)")
      ->group(group::model);
  command.add_option("--false-alarms", flags.false_alarms, "Allow answers to this share of the unknown queries")
      ->capture_default_str()
      ->group(group::search);
  command.add_flag("--dry-run", flags.dry_run, "Measure, but do not store the threshold")->group(group::output);
}

}  // namespace

void add_threshold(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("threshold", "Find the score below which a product is not in the catalogue", flags, run);
  add_flags(command, *flags);
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher threshold --index shelf --dataset grocery-store --false-alarms 0.01
  matcher query --index shelf photo.jpg          prints "no match" below the threshold)");
}

}  // namespace matcher::app
