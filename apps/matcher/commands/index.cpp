#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/pipeline/plan_index.hpp"
#include "remote_flags.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string model, dataset, split = "gallery", output, type, memory_budget;
  std::vector<std::string> embeddings;
  bool rollback = false, plan = false;
  RunFlags run;
  RemoteFlags remote;
};

pipeline::VectorInput input_of(const Flags& flags, const config::Settings& settings) {
  return {.model = or_setting(flags.model, settings.model),
          .dataset = or_setting(flags.dataset, settings.dataset),
          .embeddings = {flags.embeddings.begin(), flags.embeddings.end()},
          .split = parse_split(flags.split)};
}

pipeline::IndexOptions options_of(const Flags& flags, const config::Settings& settings) {
  pipeline::IndexOptions options;
  options.input = input_of(flags, settings);
  options.output = flags.output;
  options.type = or_setting(flags.type, settings.index);
  if (!flags.memory_budget.empty()) options.memory_budget = parse_bytes(flags.memory_budget);
  options.execution = run_options(flags.run, settings);
  return options;
}

int show_plan(Session& session, const pipeline::IndexOptions& options) {
  const auto [plan, vectors, dimension, item_bytes, seconds] = pipeline::plan_index(session.context, options);
  fmt::print("{} for {} vectors of {} dimensions: {}\n", plan.type, vectors, dimension, plan.reason);
  fmt::print(
      "disk: {}\nmemory to search: {}, and about {} for the items\nmemory to build: at most {}\ntime to build: about "
      "{}, "
      "after embedding\n",
      human_bytes(plan.index_bytes), human_bytes(plan.index_bytes), human_bytes(item_bytes),
      human_bytes(plan.build_bytes), human_seconds(seconds));
  return 0;
}

std::string text_of(const std::optional<store::IndexChanges>& changes) {
  if (!changes) return "";
  const auto counts =
      fmt::format("{} added, {} changed, {} removed", changes->added, changes->changed, changes->removed);
  return fmt::format("; {} since the replaced index{}", counts,
                     changes->other_model ? ", which another model built" : "");
}

void print(Session& session, const pipeline::IndexResult& result, const char* note) {
  const auto& m = result.manifest;
  if (!m.reason.empty()) session.terminal.log(LogLevel::info, fmt::format("{}: {}", m.type, m.reason));
  fmt::print("{}: {} items, {} dimensions, {} ({}), by {}{}{}\n", result.folder.string(), m.count, m.model.dimension,
             m.type, m.exact ? "exact" : fmt::format("recall@10 {:.3f}", m.recall_at_10), m.model.name,
             text_of(result.changes), note);
}

int run(Session& session, const Flags& flags) {
  const auto options = options_of(flags, session.settings);
  if (!flags.remote.target.address.empty()) {
    return flags.rollback ? restore_version(session, flags.remote)
                          : publish(session, flags.remote, options.input, options.execution);
  }
  if (flags.plan) return show_plan(session, options);
  if (flags.output.empty())
    throw Error(ErrorCode::usage, "index needs --output FOLDER, or --to ADDRESS; see matcher index --help");
  if (flags.rollback)
    print(session, pipeline::restore_index(options.output), "; rolled back");
  else
    print(session, pipeline::build_index(session.context, options), "");
  return 0;
}

}  // namespace

void add_index(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("index", "Build a searchable index over a gallery");
  auto* embeddings =
      command.add_option("--embeddings", flags->embeddings, "Embedding sets to join, instead of --model and --dataset");
  command.add_option("--model", flags->model, "Model name, TorchScript file, or ensemble")->excludes(embeddings);
  command.add_option("--dataset", flags->dataset, "Dataset name, dataset.yaml, CSV or folder")->excludes(embeddings);
  command.add_option("--split", flags->split, "gallery, queries or all")
      ->check(CLI::IsMember({"gallery", "queries", "all"}))
      ->capture_default_str();
  auto* output =
      command.add_option("--output", flags->output,
                         "Folder of the index; an existing index is replaced in one step, and kept as FOLDER.previous");
  auto* type = command.add_option("--type", flags->type, index::named_types() + " or a FAISS factory string");
  auto* budget = command.add_option("--memory-budget", flags->memory_budget,
                                    "Memory that the index may take, e.g. 8GiB; --type auto chooses the type by it");
  auto* plan = command.add_flag("--plan", flags->plan, "Print type, disk, memory and time, and build nothing");
  auto* rollback =
      command.add_flag("--rollback", flags->rollback,
                       "Restore the index or version that was replaced; for an index, run it again to undo");
  rollback->excludes(plan);
  add_remote_flags(command, flags->remote, {output, type, budget, plan}, rollback);
  add_run_flags(command, flags->run);
  command.footer(R"(
Examples:
  matcher index --model mobilenet-v2 --dataset grocery-store --output shelf
  matcher index --embeddings shelf-vectors --type hnsw --output shelf
  matcher index --embeddings vectors.shard-* --memory-budget 8GiB --plan
  matcher index --output shelf --rollback
  matcher index --model dinov2-base --dataset shelf --to chroma://127.0.0.1:8000/products
  matcher index --model dinov2-large --dataset shelf --to milvus://127.0.0.1:19530/products --reindex
  matcher index --to milvus://127.0.0.1:19530/products --rollback

The index has the dimension of the embeddings. See also: matcher query --help)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
