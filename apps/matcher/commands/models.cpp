#include "matcher/pipeline/models.hpp"

#include "commands/commands.hpp"
#include "flags.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

int run(Session& session, const OutputFlags& flags) {
  const auto format = report::parse_format(flags.format);
  write_output(flags, report::print(pipeline::list_models(session.context), format, screen_of(flags)));
  return 0;
}

}  // namespace

void add_models(Program& program) {
  auto flags = std::make_shared<OutputFlags>();
  auto& command =
      program.add_command("models", "List the models, and the command that gets each missing one", flags, run);
  add_output_flags(command, *flags);
  command.footer(R"(
Example:
  matcher models

A YAML file in configs/models, or in a folder of $MATCHER_MODELS, describes a model. Its TorchScript
file is in the same folder, or in models/ of the work folder.)");
}

}  // namespace matcher::app
