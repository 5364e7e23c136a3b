#include "matcher/pipeline/adapt.hpp"

#include <fmt/format.h>

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/core/error.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string name, model, require_gain;
  std::vector<std::string> embeddings, metrics;
  DatasetFlags dataset;
  pipeline::AdaptOptions adapt;
  RunFlags run;
  OutputFlags output;
};

pipeline::AdaptOptions options_of(Session& session, const Flags& flags) {
  auto options = flags.adapt;
  options.name = flags.name;
  options.input.model = flags.model;
  if (flags.embeddings.empty()) {
    options.input.model = session.model(flags.model);
    options.input.dataset = dataset_request(session, flags.dataset);
  }
  options.input.embeddings.assign(flags.embeddings.begin(), flags.embeddings.end());
  if (!flags.metrics.empty()) options.metrics = flags.metrics;
  if (!flags.require_gain.empty()) options.require_gain = run::parse_limits(flags.require_gain, "--require-gain");
  options.execution = run_options(flags.run, session.settings);
  return options;
}

int report_gate(Session& session, const report::Adaptation& adaptation) {
  if (adaptation.required.empty()) return 0;
  const auto verdict = adaptation.verdict();
  const auto level = verdict == eval::Verdict::pass ? LogLevel::info : LogLevel::error;
  for (const auto& sentence : report::sentences(adaptation.required)) session.terminal.log(level, "gate: " + sentence);
  if (verdict == eval::Verdict::pass) return 0;
  return int(verdict == eval::Verdict::fail ? ErrorCode::gate : ErrorCode::undecided);
}

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  const auto adaptation = pipeline::adapt(session.context, options_of(session, flags));
  write_result(session, flags.output, format, adaptation, [&] { return report::to_html(adaptation); });
  session.terminal.log(LogLevel::info, fmt::format("the model is in {}; use it as --model {}", adaptation.file.string(),
                                                   adaptation.model.name));
  return report_gate(session, adaptation);
}

void add_map_flags(CLI::App& command, pipeline::AdaptOptions& adapt) {
  const auto add = options_of_group(command, group::model);
  add("--method", adapt.method, "Learn by lda (needs labels), or without labels by whiten or centre")
      ->check(one_of({"lda", "whiten", "centre"}))
      ->capture_default_str();
  add("--shrinkage", adapt.shrinkage,
      "Add this share of the mean variance to every direction, for lda (default: chosen, or 1)")
      ->check(number_between(0, 1000));
  add("--power", adapt.power, "Divide directions by this power of their variance, for whiten (default: 0.25)")
      ->check(number_between(0, 1));
  add("--dimension", adapt.dimension, "Map to this many dimensions (default: chosen, or 256)")->check(at_least_one());
  options_of_group(command, group::search)(
      "--series", adapt.near_duplicate,
      "Treat photos of a product with this cosine as one series, which is never divided")
      ->check(number_between(-1, 1))
      ->capture_default_str();
}

void add_flags(CLI::App& command, Flags& flags) {
  command.add_option("name", flags.name, "Name of the new model")->required()->group(group::model);
  add_dataset_flags(command, flags.dataset,
                    "Learn from the gallery of this dataset: a name, dataset.yaml, CSV or folder", Sides::queries);
  command
      .add_option("--model", flags.model, "Adapt this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->group(group::model);
  auto* sets = command
                   .add_option("--embeddings", flags.embeddings,
                               "Learn from these embedding sets of gallery and queries, instead of --dataset; --model "
                               "names the base of imported ones")
                   ->group(group::input);
  add_map_flags(command, flags.adapt);
  command.add_option("--metrics", flags.metrics, "Measure these metrics (default: top1,top5,top10,mrr,map)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group::metrics);
  command
      .add_flag("--curve", flags.adapt.curve, "Also measure the first 8, 16, 32, ... dimensions of both models alone")
      ->group(group::metrics);
  command
      .add_option("--require-gain", flags.require_gain,
                  "Least gain over the base, e.g. top1=0.01; exit code 6: missed, 7: too few photos to tell")
      ->group(group::gate);
  add_run_flags(command, flags.run);
  add_output_flags(command, flags.output, Formats::tables_and_page);
  for (const char* other :
       {"--dataset", "--csv-columns", "--hold-out", "--precision", "--decode", "--batch-size", "--max-failures"})
    sets->excludes(command.get_option(other));
}

}  // namespace

void add_adapt(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("adapt", "Learn a better model for your products from the photos of a gallery", flags, run);
  add_flags(command, *flags);
  command.footer(R"(
Examples:
  matcher adapt shop-v2 --model mobilenet-v2 --dataset grocery-store
  matcher adapt shop-v2 --model mobilenet-v2+mobilenet-v3-small --dataset grocery-store --dimension 80
  matcher adapt whitened --model mobilenet-v2 --dataset photos/ --method whiten --require-gain top1=0.01
  matcher eval --model shop-v2 --dataset grocery-store)");
}

}  // namespace matcher::app
