#include "matcher/pipeline/compare.hpp"

#include "command.hpp"
#include "eval_flags.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::vector<std::string> models, runs;
  std::string baseline;
  EvalFlags common;
};

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.common.output.format);
  pipeline::CompareOptions options;
  options.models = flags.models;
  options.runs.assign(flags.runs.begin(), flags.runs.end());
  options.baseline = flags.baseline;
  options.eval = eval_options(flags.common, session.settings);
  const auto comparison = pipeline::compare(session.context, options);
  write_output(flags.common.output, format == report::Format::json
                                        ? report::to_json(comparison)
                                        : report::render(report::table_of(comparison, format), format));
  return 0;
}

}  // namespace

void add_compare(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("compare", "Compare models, or stored runs, query by query in one table");
  auto* models = command.add_option("--models", flags->models, "Models to evaluate, joined by commas; ensembles as a:0.6+b:0.4")
                     ->delimiter(',');
  command.add_option("runs", flags->runs, "Folders of runs, instead of --models")->excludes(models);
  command.add_option("--baseline", flags->baseline, "The model that gains are counted from (default: the first)");
  add_eval_flags(command, flags->common);
  command.footer(R"(
Examples:
  matcher compare --models mobilenet-v2,mobilenet-v3-small,mobilenet-v2:0.6+mobilenet-v3-small:0.4 --dataset grocery-store
  matcher compare yesterday today --format json)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
