#include "matcher/pipeline/doctor.hpp"

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

int run(Session& session, const OutputFlags& flags) {
  const auto format = output_format(flags);
  const auto diagnosis = pipeline::diagnose(session.context);
  write_output(flags, report::print(diagnosis, format, screen_of(flags)));
  return diagnosis.is_broken() ? int(ErrorCode::resource) : 0;
}

}  // namespace

void add_doctor(Program& program) {
  auto flags = std::make_shared<OutputFlags>();
  auto& command = program.add_command(
      "doctor", "Examine processor, libraries, models and disk, and say what is slow or broken", flags, run);
  add_output_flags(command, *flags);
  command.footer("\nExample:\n  matcher doctor");
}

}  // namespace matcher::app
