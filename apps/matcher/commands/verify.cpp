#include "matcher/pipeline/verify.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "flags.hpp"
#include "matcher/core/error.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, expected;
  RunFlags run;
  OutputFlags output;
};

report::Table table_of(const pipeline::VerifyResult& result) {
  return {{},
          {"model", "compared with", "samples", "dim", "cosine", "largest difference", "precision", "device",
           "ms an image", "verdict"},
          {{result.model.name, result.compared, fmt::format("{}", result.samples),
            fmt::format("{}", result.model.dimension), fmt::format("{:.8f}", result.cosine),
            fmt::format("{:.1e}", result.largest_difference), result.model.precision, result.model.device,
            fmt::format("{:.1f}", result.milliseconds), result.passed() ? "the same" : "NOT the same"}},
          {}};
}

std::string json_of(const pipeline::VerifyResult& result) {
  const nlohmann::ordered_json out = {{"schema", "matcher.verification/1"},
                                      {"model", result.model.name},
                                      {"compared_with", result.compared},
                                      {"passed", result.passed()},
                                      {"samples", result.samples},
                                      {"dimension", result.model.dimension},
                                      {"cosine", result.cosine},
                                      {"cosine_at_least", result.wanted_cosine},
                                      {"largest_difference", result.largest_difference},
                                      {"difference_at_most", result.allowed_difference},
                                      {"worst", result.worst},
                                      {"precision", result.model.precision},
                                      {"device", result.model.device},
                                      {"milliseconds_per_image", result.milliseconds}};
  return out.dump(2) + '\n';
}

[[noreturn]] void fail(const pipeline::VerifyResult& result) {
  throw Error(
      ErrorCode::mismatch,
      fmt::format(
          "model \"{}\" does not give the vectors of {}: cosine {:.6f} (at least {}), largest difference {:.1e}{}, "
          "worst for "
          "{}; the weights, the preprocessing or this LibTorch are not those that made them: export the model again",
          result.model.name, result.compared, result.cosine, result.wanted_cosine, result.largest_difference,
          result.allowed_difference > 0 ? fmt::format(" (at most {:.1e})", result.allowed_difference) : "",
          result.worst));
}

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.output.format);
  const auto result =
      pipeline::verify(session.context, {flags.model, flags.expected, run_options(flags.run, session.settings)});
  write_output(flags.output,
               format == report::Format::json ? json_of(result) : report::render(table_of(result), format));
  if (!result.passed()) fail(result);
  return 0;
}

}  // namespace

void add_verify(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("verify", "Prove that a model gives the vectors that it should");
  command.add_option("model", flags->model, "Model name or TorchScript file")->required();
  command.add_option(
      "expected", flags->expected,
      "Folder with pictures and their vectors: a.npy for a.jpg, or one .npy [n, d] for all in the order of "
      "their names (default: the golden sample in the file)");
  add_run_flags(command, flags->run, false);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher verify dinov2-large
  matcher verify dinov2-large --device cuda --precision bf16 --format json
  matcher verify my-model.pt expected/)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
