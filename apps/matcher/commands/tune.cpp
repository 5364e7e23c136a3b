#include "matcher/pipeline/tune.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/units.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::TuneOptions tune;
  DatasetFlags dataset;
  std::string time = "10m", folder;
  RunFlags run;
  OutputFlags output;
};

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  auto options = flags.tune;
  options.dataset = dataset_request(session, flags.dataset);
  options.time_s = double(parse_duration(flags.time).count());
  options.output = flags.folder;
  options.execution = run_options(flags.run, session.settings);
  const auto tuning = pipeline::tune(session.context, options);
  write_result(session, flags.output, format, tuning, [&] { return report::to_html(tuning); });
  if (!flags.folder.empty())
    session.terminal.log(LogLevel::info,
                         fmt::format("the result is in {}: manifest.json, table.md and page.html", flags.folder));
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  auto& tune = flags.tune;
  add_dataset_flags(command, flags.dataset, "Use this dataset: a name, dataset.yaml, CSV or folder", Sides::queries);
  command.add_option("--models", tune.models, "Choose from these models, joined by commas; variants as a@flip")
      ->delimiter(',')
      ->required()
      ->group(group::model);
  command.add_option("--max-dimension", tune.max_dimension, "Allow vectors of this many numbers at most")
      ->check(at_least_one())
      ->group(group::model);
  command.add_option("--min-speed", tune.min_speed, "Allow recipes that embed this many images per second or more")
      ->check(number_between(0, 1e9))
      ->group(group::model);
  command.add_option("--time", flags.time, "Begin no trial after this time, e.g. 90s, 10m or 1h")
      ->capture_default_str()
      ->group(group::search);
  command
      .add_option("--trials", tune.max_trials, "Try this many recipes at most; the same number gives the same result")
      ->check(at_least_one())
      ->group(group::search);
  command.add_option("--metric", tune.metric, "Look for the largest value of this metric")
      ->capture_default_str()
      ->group(group::metrics);
  command.add_option("--output", flags.folder, "Write the result to this folder, too: JSON, table and page")
      ->group(group::output);
}

}  // namespace

void add_tune(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("tune", "Search for the best recipe of models, map and variant", flags, run);
  add_flags(command, *flags);
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output, Formats::tables_and_page);
  command.footer(R"(
Examples:
  matcher tune --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store
  matcher tune --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store --max-dimension 256 --min-speed 20
  matcher tune --models dinov2-base,dinov2-base@flip --dataset products --time 30m --output tuned)");
}

}  // namespace matcher::app
