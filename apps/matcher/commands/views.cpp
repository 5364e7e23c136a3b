#include "matcher/pipeline/views.hpp"

#include "commands/commands.hpp"
#include "flags/flags.hpp"
#include "matcher/report/html.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::ViewsOptions views;
  DatasetFlags dataset;
  std::string side = "gallery", aggregate = "best";
  std::vector<std::size_t> ks;
  RunFlags run;
  OutputFlags output;
};

int run(Session& session, const Flags& flags) {
  const auto format = output_format(flags.output);
  auto options = flags.views;
  options.model = session.model(options.model);
  options.dataset = dataset_request(session, flags.dataset);
  options.side = parse_role(flags.side, "side");
  options.aggregate = eval::parse_aggregate(flags.aggregate);
  options.ks = flags.ks.empty() ? session.settings.ks : flags.ks;
  options.execution = run_options(flags.run, session.settings);
  const auto views = pipeline::views(session.context, options);
  write_result(session, flags.output, format, views, [&] { return report::to_html(views); });
  return 0;
}

void add_flags(CLI::App& command, Flags& flags) {
  auto& views = flags.views;
  add_dataset_flags(command, flags.dataset, "Use this dataset: a name, dataset.yaml, CSV or folder", Sides::queries);
  command.add_option("--model", views.model, "Use this model: a name, a TorchScript file, or an ensemble a:0.6+b:0.4")
      ->group(group::model);
  command.add_option("--side", flags.side, "Vary the number of photos of the gallery or of the queries")
      ->capture_default_str()
      ->group(group::search);
  command
      .add_option("--aggregate", flags.aggregate,
                  "Combine the scores of several photos by best, mean, or best-M (the mean of the best M)")
      ->capture_default_str()
      ->group(group::search);
  command.add_option("--counts", views.counts, "Measure with these numbers of photos (default: 1,2,4,8)")
      ->delimiter(',')
      ->check(at_least_one())
      ->group(group::search);
  command.add_option("--repeats", views.repeats, "Choose photos at random this many times")
      ->check(whole_number(1, 100000))
      ->capture_default_str()
      ->group(group::search);
  command.add_option("--seed", views.seed, "Start the random choices from this number")
      ->check(whole_number())
      ->capture_default_str()
      ->group(group::search);
  command.add_option("--k", flags.ks, "Measure top-k accuracy for these k (default: 1,5,10)")
      ->delimiter(',')
      ->check(at_least_one())
      ->group(group::metrics);
}

}  // namespace

void add_views(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      program.add_command("views", "Measure how accuracy grows with the number of photos of a product", flags, run);
  add_flags(command, *flags);
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output, Formats::tables_and_page);
  command.footer(R"(
Examples:
  matcher views --model mobilenet-v3-small --dataset grocery-store
  matcher views --model mobilenet-v3-small --dataset grocery-store --side queries --aggregate mean --counts 1,2,3
  matcher views --model mobilenet-v3-small --dataset grocery-store --aggregate best-3 --format json)");
}

}  // namespace matcher::app
