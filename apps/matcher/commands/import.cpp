#include "matcher/pipeline/import.hpp"

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/dataset/columns.hpp"
#include "streams/streams.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string vectors, items, columns, name, note, dataset, protocol, same_model_as, output;
};

int run(Session& session, const Flags& flags) {
  pipeline::ImportOptions options;
  options.vectors = flags.vectors;
  options.items = flags.items;
  options.columns = dataset::parse_columns(flags.columns);
  options.name = flags.name;
  options.note = flags.note;
  options.dataset = flags.dataset;
  options.protocol = flags.protocol;
  options.same_model_as = flags.same_model_as;
  options.output = flags.output;
  const auto result = pipeline::import_vectors(session.context, options);
  const auto& m = result.manifest;
  print_line(
      "{}: {} vectors of {} dimensions as {}, matched with the items by {}; scaled to length 1 (they were {:.4g} "
      "to {:.4g} long)",
      result.folder.string(), m.count, m.model.dimension, m.model.name, result.by_id ? "id" : "order", result.shortest,
      result.longest);
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  const auto add_input = options_of_group(command, group::input);
  add_input("vectors", flags.vectors,
            "Vectors: .npy, .npz, .jsonl, .fvecs, .ivecs, .parquet, .arrow, a folder of such files, or a folder of "
            "clip-retrieval")
      ->required();
  add_input("--items", flags.items,
            "CSV with a row per vector: id or path, label, and optionally split or role, category, view, text")
      ->required();
  add_input("--columns,--csv-columns", flags.columns,
            "Read these columns of the CSV, by name or number, e.g. id=sku,label=product");
  add_input("--dataset-name", flags.dataset, "Name of the data, for reports (default: that of the CSV)");
  add_input("--protocol", flags.protocol, "Name the protocol of gallery and queries, for reports");
  const auto add_model = options_of_group(command, group::model);
  add_model("--name", flags.name, "Name of the model that made the vectors")->required();
  add_model("--model-note", flags.note, "Version or settings of that model; part of its fingerprint");
  add_model("--same-model-as", flags.same_model_as, "Join with this imported set: you assert that one model made both");
  options_of_group(command, group::output)("--output", flags.output,
                                           "Write the embedding set to this folder (default: in the work folder)");
}

}  // namespace

void add_import(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("import", "Make an embedding set of vectors that another program made", flags, run);
  add_flags(command, *flags);
  command.footer(R"(
Examples:
  matcher import vectors.npy --items items.csv --name my-model --output set
  matcher import clip-folder/ --items items.csv --name clip-l14 --model-note "laion2b, fp16"
  matcher eval --embeddings set)");
}

}  // namespace matcher::app
