#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "command.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, dataset, embeddings, split = "gallery", output, type;
  RunFlags run;
};

int run(Session& session, const Flags& flags) {
  pipeline::IndexOptions options;
  options.embeddings = flags.embeddings;
  options.model = or_setting(flags.model, session.settings.model);
  options.dataset = or_setting(flags.dataset, session.settings.dataset);
  options.split = flags.split;
  options.output = flags.output;
  options.type = or_setting(flags.type, session.settings.index);
  options.run = run_options(flags.run, session.settings);
  const auto result = pipeline::build_index(session.context, options);
  const auto& m = result.manifest;
  fmt::print("{}: {} items, {} dimensions, {} ({}), by {}\n", result.folder.string(), m.count, m.dimension, m.type,
             m.exact ? "exact" : "approximate", m.model);
  return 0;
}

}  // namespace

void add_index(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("index", "Build a searchable index over a gallery");
  auto* embeddings = command.add_option("--embeddings", flags->embeddings, "An embedding set, instead of --model and --dataset");
  command.add_option("--model", flags->model, "Model name, TorchScript file, or ensemble")->excludes(embeddings);
  command.add_option("--dataset", flags->dataset, "Dataset name, dataset.yaml, CSV or folder")->excludes(embeddings);
  command.add_option("--split", flags->split, "gallery, queries or all")
      ->check(CLI::IsMember({"gallery", "queries", "all"}))
      ->capture_default_str();
  command.add_option("--output", flags->output, "Folder of the index; an index that is there is replaced in one step")->required();
  command.add_option("--type", flags->type, "auto, flat, hnsw, ivf-flat, ivf-pq or a FAISS factory string");
  add_run_flags(command, flags->run);
  command.footer(R"(
Examples:
  matcher index --model mobilenet-v2 --dataset grocery-store --output shelf
  matcher index --embeddings shelf-vectors --type hnsw --output shelf

The dimension is that of the embeddings. See also: matcher query --help)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
