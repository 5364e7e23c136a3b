#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/pipeline/settings.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

/// The global flags that replace a setting, by the name of the setting.
std::map<std::string, std::string> given_flags(const GlobalFlags& flags) {
  std::map<std::string, std::string> given;
  if (!flags.workdir.empty()) given["workdir"] = flags.workdir;
  if (flags.quiet)
    given["log_level"] = "error";
  else if (!flags.log_level.empty())
    given["log_level"] = flags.log_level;
  return given;
}

}  // namespace

void add_config(Program& program) {
  auto flags = std::make_shared<OutputFlags>();
  auto& command = *program.app.add_subcommand("config", "Show every setting, its value, and where it comes from");
  add_output_flags(command, *flags);
  command.footer("\nExample:\n  matcher config");
  command.callback([&program, flags] {
    program.action = [&program, flags](Session& session) {
      const auto format = output_format(*flags);
      const auto list = pipeline::list_settings(session.context, session.settings, given_flags(program.flags));
      write_output(*flags, report::print(list, format, screen_of(*flags)));
      return 0;
    };
  });
}

}  // namespace matcher::app
