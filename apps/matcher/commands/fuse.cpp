#include "matcher/pipeline/fuse.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/eval_flags.hpp"
#include "matcher/pipeline/page.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::FuseOptions fuse;
  std::vector<std::string> runs;
  std::string method = "score", output;
  EvalFlags common;
};

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.common);
  auto options = flags.fuse;
  options.runs.assign(flags.runs.begin(), flags.runs.end());
  options.method = eval::parse_fusion(flags.method);
  options.output = flags.output;
  if (options.runs.empty()) options.dataset = dataset_request(session, flags.common.dataset);
  options.settings = eval_settings(flags.common, session.settings);
  const auto result = pipeline::fuse(session.context, options);
  session.terminal.log(LogLevel::info, fmt::format("the run is in {}", result.folder.string()));
  write_result(session, flags.common.output, format, result.report, [&] {
    const auto page = pipeline::make_page(result.report.ensemble, result.folder, {.views = flags.common.views});
    return report::to_html(result.report, page);
  });
  return 0;
}

void add_model_flags(CLI::App& command, Flags& flags) {
  auto* models = command.add_option("--models", flags.fuse.models, "Evaluate and fuse these models, joined by commas")
                     ->delimiter(',')
                     ->group(group::model);
  command.add_option("runs", flags.runs, "Folders of stored runs to fuse, instead of --models")->excludes(models);
}

void add_flags(CLI::App& command, Flags& flags) {
  command
      .add_option("--method", flags.method, "Fuse by score (weighted sum of cosines) or rrf (reciprocal ranks, k = 60)")
      ->capture_default_str()
      ->group(group::search);
  auto* weights = command
                      .add_option("--weights", flags.fuse.weights,
                                  "Weigh the models, in their order, e.g. 0.6,0.4 (default: equal)")
                      ->delimiter(',')
                      ->check(number_between(0))
                      ->group(group::search);
  auto* tune =
      command.add_flag("--tune", flags.fuse.tune, "Choose weights on half of the queries, report the other half")
          ->excludes(weights)
          ->group(group::search);
  command.add_option("--tune-on", flags.fuse.tune_on, "Choose weights on the queries of this dataset, report all")
      ->excludes(weights)
      ->excludes(tune)
      ->group(group::search);
  command
      .add_option("--output", flags.output,
                  "Write the run of the ensemble to this folder (default: in the work folder)")
      ->group(group::output);
}

}  // namespace

void add_fuse(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("fuse", "Fuse models, or stored runs, and measure the gain", flags, run);
  add_model_flags(command, *flags);
  add_eval_flags(command, flags->common);
  add_speed_flag(command, flags->common);
  add_flags(command, *flags);
  command.footer(R"(
Examples:
  matcher fuse --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store --tune
  matcher fuse --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store --weights 0.6,0.4 --output fused
  matcher fuse run-a run-b run-c --method rrf --format json)");
}

}  // namespace matcher::app
