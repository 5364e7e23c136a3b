#include "matcher/pipeline/fuse.hpp"

#include <fmt/format.h>

#include "eval_flags.hpp"
#include "flags.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::FuseOptions fuse;
  std::vector<std::string> runs;
  std::string output;
  EvalFlags common;
};

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.common.output.format);
  auto options = flags.fuse;
  options.runs.assign(flags.runs.begin(), flags.runs.end());
  options.output = flags.output;
  options.eval = eval_options(flags.common, session.settings);
  const auto result = pipeline::fuse(session.context, options);
  session.terminal.log(LogLevel::info, fmt::format("the run is in {}", result.folder.string()));
  write_output(flags.common.output, format == report::Format::json
                                        ? report::to_json(result.report)
                                        : report::render(report::table_of(result.report, format), format));
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  auto* models = command.add_option("--models", flags.fuse.models, "Models to fuse, joined by commas")->delimiter(',');
  command.add_option("runs", flags.runs, "Folders of runs, instead of --models")->excludes(models);
  command.add_option("--method", flags.fuse.method, "score: weighted sum of cosines; rrf: reciprocal ranks (k = 60)")
      ->capture_default_str();
  auto* weights =
      command.add_option("--weights", flags.fuse.weights, "One a model, for example 0.6,0.4 (default: equal)")
          ->delimiter(',');
  auto* tune =
      command.add_flag("--tune", flags.fuse.tune, "Choose weights on a half of the queries, report the other half")
          ->excludes(weights);
  command.add_option("--tune-on", flags.fuse.tune_on, "Choose weights on this dataset's queries, report all")
      ->excludes(weights)
      ->excludes(tune);
  command.add_option("--output", flags.output, "Folder of the ensemble's run (default: in the work folder)");
}

}  // namespace

void add_fuse(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("fuse", "Fuse models, or stored runs, and tell whether it pays");
  add_flags(command, *flags);
  add_eval_flags(command, flags->common);
  command.footer(R"(
Examples:
  matcher fuse --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store --tune
  matcher fuse --models mobilenet-v2,mobilenet-v3-small --dataset grocery-store --weights 0.6,0.4 --output fused
  matcher fuse run-a run-b run-c --method rrf --format json)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
