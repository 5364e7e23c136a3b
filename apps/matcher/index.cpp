#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "index_remote.hpp"
#include "matcher/core/error.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, dataset, embeddings, split = "gallery", output, type;
  RunFlags run;
  RemoteFlags remote;
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
  if (!flags.remote.to.empty()) return index_remotely(session, flags.remote, options);
  if (flags.output.empty()) throw Error(ErrorCode::usage, "index needs --output FOLDER, or --to ADDRESS; see matcher index --help");
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
  auto* output = command.add_option("--output", flags->output, "Folder of the index; an index that is there is replaced in one step");
  auto* type = command.add_option("--type", flags->type, "auto, flat, hnsw, ivf-flat, ivf-pq or a FAISS factory string");
  add_remote_flags(command, flags->remote, {output, type});
  add_run_flags(command, flags->run);
  command.footer(R"(
Examples:
  matcher index --model mobilenet-v2 --dataset grocery-store --output shelf
  matcher index --embeddings shelf-vectors --type hnsw --output shelf
  matcher index --model dinov2-base --dataset shelf --to chroma://127.0.0.1:8000/products
  matcher index --model dinov2-large --dataset shelf --to milvus://127.0.0.1:19530/products --reindex
  matcher index --to milvus://127.0.0.1:19530/products --rollback

The dimension is that of the embeddings. See also: matcher query --help)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
