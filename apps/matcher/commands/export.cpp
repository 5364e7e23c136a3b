#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/pipeline/export.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::ExportRequest options;
  std::string precision = "fp32";
};

int run(Session& session, const Flags& flags) {
  auto options = flags.options;
  options.precision = parse_precision(flags.precision);
  print_line("{}", pipeline::export_model(session.context, options).string());
  return 0;
}

}  // namespace

void add_export(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("export", "Write a checkpoint, or a built-in model, as a TorchScript file", flags, run);
  command.add_option("name", flags->options.name, "Name of the model")->required();
  command
      .add_option("--checkpoint", flags->options.checkpoint,
                  "Read this folder: a checkpoint of transformers, timm or open_clip, with its safetensors")
      ->group(group::input);
  command.add_option("--size", flags->options.side, "Prepare images of this side, if the network takes any (pixels)")
      ->check(whole_number(1, 16384))
      ->group(group::input);
  command
      .add_option("--vocabulary", flags->options.vocabulary,
                  "Read this vocabulary, such as bpe_simple_vocab_16e6.txt.gz, if the checkpoint has none")
      ->group(group::input);
  command.add_option("--precision", flags->precision, "Store the weights in fp32, bf16 or fp16")
      ->check(one_of({"fp32", "bf16", "fp16"}))
      ->capture_default_str()
      ->group(group::output);
  command.add_option("--output", flags->options.output, "Write this file (default: models/NAME.pt in the work folder)")
      ->group(group::output);
  command.footer(R"(
Examples:
  matcher export dinov2-large --checkpoint ~/checkpoints/dinov2-large
  matcher export shelf-clip --checkpoint tuned/ --precision fp16 --output shelf-clip.pt
  matcher export colour-layout --output colour-layout.pt)");
}

}  // namespace matcher::app
