#include "matcher/pipeline/models.hpp"

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string name;
  OutputFlags output;
};

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  const auto list = pipeline::list_models(session.context, flags.name);
  write_output(flags.output, report::print(list, format, screen_of(flags.output)));
  return 0;
}

}  // namespace

void add_models(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("models", "List the models, and the command that gets each missing one", flags, run);
  command.add_option("model", flags->name, "Show this model only: a name or a file")->group(group::model);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher models
  matcher models dinov2-base

A YAML file in configs/models, or in a folder of $MATCHER_MODELS, describes a model. Its TorchScript
file is in the same folder, or in models/ of the work folder.)");
}

}  // namespace matcher::app
