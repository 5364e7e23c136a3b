#include "matcher/pipeline/embed.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/files/file.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

struct Flags {
  DatasetFlags dataset;
  std::string model, split = "all", output, shard;
  RunFlags run;
};

int run(Session& session, const Flags& flags) {
  pipeline::EmbedOptions options;
  options.model = session.model(flags.model);
  options.dataset = dataset_request(session, flags.dataset);
  options.split = parse_split(flags.split);
  options.output = flags.output;
  options.execution = run_options(flags.run, session.settings);
  if (!flags.shard.empty()) options.shard = pipeline::parse_shard(flags.shard);
  const auto result = pipeline::embed(session.context, options);
  const auto& m = result.manifest;
  if (result.resumed)
    session.terminal.log(LogLevel::info, fmt::format("continued after {} finished images", result.resumed));
  if (m.failures) {
    session.terminal.log(LogLevel::warning, fmt::format("{} images could not be used; the reasons are in {}",
                                                        m.failures, (result.folder / "failures.csv").string()));
  }
  print_line("{}: {} vectors of {} dimensions by {} ({:.1f} images/s){}", result.folder.string(), m.count,
             m.model.dimension, m.model.name, m.images_per_second, result.up_to_date ? ", up to date" : "");
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  add_dataset_flags(command, flags.dataset, "Embed this dataset: a name, dataset.yaml, CSV or folder", Sides::any);
  command.add_option("--split", flags.split, "Embed the gallery, the queries or all images")
      ->check(one_of({"gallery", "queries", "all"}))
      ->capture_default_str()
      ->group(group::input);
  command.add_option("--shard", flags.shard, "Embed one part of several, e.g. 3/16; index and eval join them")
      ->group(group::input);
  command.add_option("--model", flags.model, "Use this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->group(group::model);
  command.add_option("--output", flags.output, "Write the embedding set to this folder (default: in the work folder)")
      ->group(group::output);
}

}  // namespace

void add_embed(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("embed", "Embed the images of a dataset into an embedding set", flags, run);
  add_flags(command, *flags);
  add_run_flags(command, flags->run);
  command.footer(R"(
Examples:
  matcher embed --model mobilenet-v2 --dataset grocery-store --split gallery --output shelf-vectors
  matcher embed --model a:0.6+b:0.4 --dataset photos/
  matcher embed --model dinov2-large --dataset photos/ --shard 3/16

Run an interrupted command again: it continues where it stopped.)");
}

}  // namespace matcher::app
