#include "matcher/pipeline/verify.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, expected;
  RunFlags run;
  OutputFlags output;
};

[[noreturn]] void fail(const report::Verification& v) {
  const auto limit = v.allowed_difference > 0 ? fmt::format(" (at most {:.1e})", v.allowed_difference) : "";
  throw Error(
      ErrorCode::mismatch,
      fmt::format("model \"{}\" does not return the vectors of {}: cosine {:.6f} (at least {}), largest difference "
                  "{:.1e}{}, worst for {}. Its weights, its preprocessing or LibTorch have changed: export the model "
                  "again",
                  v.model.name, v.compared_with, v.cosine, v.smallest_cosine, v.largest_difference, limit, v.worst));
}

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  const auto result =
      pipeline::verify(session.context, {flags.model, flags.expected, run_options(flags.run, session.settings)});
  write_output(flags.output, report::print(result, format, screen_of(flags.output)));
  if (!result.passed()) fail(result);
  return 0;
}

}  // namespace

void add_verify(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("verify", "Prove that a model returns the expected vectors", flags, run);
  command.add_option("model", flags->model, "Model name or TorchScript file")->required();
  command.add_option(
      "expected", flags->expected,
      "Folder with images and vectors: a.npy for a.jpg, or one .npy [n, d] (default: the golden sample in the model)");
  add_run_flags(command, flags->run, false);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher verify dinov2-large
  matcher verify dinov2-large --device cuda --precision bf16 --format json
  matcher verify my-model.pt expected/)");
}

}  // namespace matcher::app
