#include "matcher/pipeline/index.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "flags/remote_flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/units.hpp"
#include "matcher/index/vector_index.hpp"
#include "matcher/pipeline/plan_index.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

struct Flags {
  DatasetFlags dataset;
  std::string model, split = "gallery", output, type, memory_budget;
  std::vector<std::string> embeddings;
  bool rollback = false, plan = false;
  std::optional<double> recall;
  RunFlags run;
  RemoteFlags remote;
};

pipeline::VectorInput input_of(Session& session, const Flags& flags) {
  const auto split = parse_split(flags.split);
  if (!flags.embeddings.empty())
    return {
        .model = {}, .dataset = {}, .embeddings = {flags.embeddings.begin(), flags.embeddings.end()}, .split = split};
  return {.model = session.model(flags.model), .dataset = dataset_request(session, flags.dataset), .split = split};
}

pipeline::IndexOptions options_of(Session& session, const Flags& flags) {
  const auto& settings = session.settings;
  pipeline::IndexOptions options;
  options.input = input_of(session, flags);
  options.output = flags.output;
  options.type = or_setting(flags.type, settings.index);
  if (!flags.memory_budget.empty()) options.memory_budget = parse_bytes(flags.memory_budget);
  options.recall = flags.recall;
  options.execution = run_options(flags.run, settings);
  return options;
}

/// A row per type; the planned one has a mark.
report::Table table_of(const pipeline::IndexPlan& plan) {
  report::Table table{{},
                      {"type", "memory", "ms per query", "recall@10", "build", "planned"},
                      {},
                      {"estimates for one core; recall@10 is "
                       "that of clustered vectors, and matcher index measures it"}};
  for (const auto& [type, bytes, query_ms, recall, seconds] : plan.alternatives) {
    table.rows.push_back({type, human_bytes(bytes), fmt::format("{:.3g}", query_ms),
                          recall > 0 ? fmt::format("{:.2f}", recall) : "", human_seconds(seconds),
                          type == plan.plan.type ? "*" : ""});
  }
  return table;
}

int show_plan(Session& session, const pipeline::IndexOptions& options) {
  const auto planned = pipeline::plan_index(session.context, options);
  const auto& [plan, vectors, dimension, item_bytes, build_bytes, seconds, alternatives] = planned;
  print_line("{} for {} vectors of {} dimensions: {}", plan.type, vectors, dimension, plan.reason);
  print_line("disk: {}", human_bytes(plan.index_bytes));
  print_line("memory to search: {}, and about {} for the items", human_bytes(plan.index_bytes + plan.copy_bytes),
             human_bytes(item_bytes));
  print_line("memory to build: at most {}, items included", human_bytes(build_bytes));
  print_line("time to build: about {}, after embedding", human_seconds(seconds));
  write_stdout("\n" + report::render(table_of(planned), report::Format::table, screen_of({})));
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
  if (!m.reason.empty()) session.terminal.log(LogLevel::info, fmt::format("index type {} ({})", m.type, m.reason));
  print_line("{}: {} items, {} dimensions, {} ({}), by {}{}{}", result.folder.string(), m.count, m.model.dimension,
             m.type, m.exact ? "exact" : fmt::format("recall@10 {:.3f}", m.recall_at_10), m.model.name,
             text_of(result.changes), note);
  if (result.tuning) print_tuning(*result.tuning);
}

int restore(Session& session, const Flags& flags) {
  if (!flags.remote.target.address.empty()) return restore_version(session, flags.remote);
  print(session, pipeline::restore_index(flags.output), "; rolled back");
  return 0;
}

/// The type of the settings is one of FAISS; servers have few of them.
RemoteFlags remote_flags(const Flags& flags, const pipeline::IndexOptions& options) {
  auto remote = flags.remote;
  if (!flags.type.empty()) remote.target.type = flags.type;
  remote.target.memory_budget = options.memory_budget;
  remote.target.recall = flags.recall;
  return remote;
}

int run(Session& session, const Flags& flags) {
  const bool is_remote = !flags.remote.target.address.empty();
  if (flags.output.empty() && !is_remote && !flags.plan)
    throw Error(ErrorCode::usage, "index needs --output FOLDER, or --to ADDRESS; see matcher index --help");
  if (flags.rollback) return restore(session, flags);
  if (flags.remote.check) return check_collection(session, flags.remote);
  const auto options = options_of(session, flags);
  if (flags.remote.part) return publish_part(session, remote_flags(flags, options), options.input);
  if (is_remote) return publish(session, remote_flags(flags, options), options.input, options.execution);
  if (flags.plan) return show_plan(session, options);
  print(session, pipeline::build_index(session.context, options), "");
  return 0;
}

void add_input_flags(CLI::App& command, Flags& flags) {
  auto* embeddings =
      command
          .add_option("--embeddings", flags.embeddings, "Join these embedding sets, instead of --model and --dataset")
          ->group(group::input);
  const auto* purpose = "Index this dataset: a name, dataset.yaml, CSV or folder";
  for (auto* option : add_dataset_flags(command, flags.dataset, purpose, Sides::any)) option->excludes(embeddings);
  command.add_option("--split", flags.split, "Index the gallery, the queries or all images")
      ->check(one_of({"gallery", "queries", "all"}))
      ->capture_default_str()
      ->group(group::input);
  command.add_option("--model", flags.model, "Use this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->excludes(embeddings)
      ->group(group::model);
}

void add_target_flags(CLI::App& command, Flags& flags) {
  command
      .add_option("--type", flags.type, "Build " + index::named_types() + " or a FAISS factory string (default: auto)")
      ->group(group::search);
  command
      .add_option("--memory-budget", flags.memory_budget, "Limit the memory of the index for --type auto, e.g. 8GiB")
      ->group(group::search);
  auto* output = command
                     .add_option("--output", flags.output,
                                 "Write the index to this folder; an existing index is kept as FOLDER.previous")
                     ->group(group::output);
  auto* plan = command.add_flag("--plan", flags.plan, "Estimate type, disk, memory and time, and build nothing")
                   ->group(group::output);
  auto* rollback = command
                       .add_flag("--rollback", flags.rollback,
                                 "Restore the previous index or version; for an index, run it again to undo")
                       ->group(group::output);
  rollback->excludes(plan);
  command.add_option("--recall", flags.recall, "Raise the breadth of searches until recall@10 reaches this, e.g. 0.99")
      ->check(number_between(0, 1))
      ->group(group::search);
  add_remote_flags(command, flags.remote, {output, plan}, rollback, plan);
}

}  // namespace

void add_index(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = program.add_command("index", "Build a searchable index of a gallery", flags, run);
  add_input_flags(command, *flags);
  add_run_flags(command, flags->run);
  add_target_flags(command, *flags);
  command.footer(R"(
Examples:
  matcher index --model mobilenet-v2 --dataset grocery-store --output shelf
  matcher index --embeddings shelf-vectors --type hnsw --output shelf
  matcher index --embeddings vectors.shard-* --memory-budget 8GiB --plan
  matcher index --output shelf --rollback
  matcher index --model dinov2-base --dataset shelf --to chroma://127.0.0.1:8000/products
  matcher index --model dinov2-large --dataset shelf --to milvus://127.0.0.1:19530/products --reindex
  matcher index --to milvus://127.0.0.1:19530/products --rollback
  matcher index --to milvus://127.0.0.1:19530/products --check --format json

Search the index with: matcher query --help)");
}

}  // namespace matcher::app
