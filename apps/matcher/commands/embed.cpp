#include "matcher/pipeline/embed.hpp"

#include <fmt/format.h>

#include "flags.hpp"
#include "matcher/core/file.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, dataset, split = "all", output, shard;
  RunFlags run;
};

int run(Session& session, const Flags& flags) {
  pipeline::EmbedOptions options;
  options.model = or_setting(flags.model, session.settings.model);
  options.dataset = or_setting(flags.dataset, session.settings.dataset);
  options.split = parse_split(flags.split);
  options.output = flags.output;
  options.execution = run_options(flags.run, session.settings);
  if (!flags.shard.empty()) options.shard = pipeline::parse_shard(flags.shard);
  const auto result = pipeline::embed(session.context, options);
  const auto& m = result.manifest;
  if (result.resumed)
    session.terminal.log(LogLevel::info, fmt::format("continued after {} pictures that were done", result.resumed));
  if (m.failures) {
    session.terminal.log(LogLevel::warning, fmt::format("{} pictures could not be used; {} says why", m.failures,
                                                        (result.folder / "failures.csv").string()));
  }
  fmt::print("{}: {} vectors of {} dimensions by {} ({:.1f} images/s){}\n", result.folder.string(), m.count,
             m.model.dimension, m.model.name, m.images_per_second, result.up_to_date ? ", up to date" : "");
  return 0;
}

}  // namespace

void add_embed(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("embed", "Embed a dataset's pictures into an embedding set");
  command.add_option("--model", flags->model, "Model name, TorchScript file, or ensemble such as a:0.6+b:0.4");
  command.add_option("--dataset", flags->dataset, "Dataset name, dataset.yaml, CSV or folder");
  command.add_option("--split", flags->split, "gallery, queries or all")
      ->check(CLI::IsMember({"gallery", "queries", "all"}))
      ->capture_default_str();
  command.add_option("--output", flags->output, "Folder of the embedding set (default: in the work folder)");
  command.add_option("--shard", flags->shard,
                     "Embed one part of several, for example 3/16; index and eval take all as one");
  add_run_flags(command, flags->run);
  command.footer(R"(
Examples:
  matcher embed --model mobilenet-v2 --dataset grocery-store --split gallery --output shelf-vectors
  matcher embed --model a:0.6+b:0.4 --dataset photos/
  matcher embed --model dinov2-large --dataset photos/ --shard 3/16

An interrupted run goes on where it was when the same command is given again.)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
