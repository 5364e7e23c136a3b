#include "matcher/pipeline/views.hpp"

#include "flags.hpp"

namespace matcher::app {
namespace {

struct Flags {
  pipeline::ViewsOptions views;
  std::vector<std::size_t> ks;
  RunFlags run;
  OutputFlags output;
};

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.output.format);
  auto options = flags.views;
  options.model = or_setting(options.model, session.settings.model);
  options.dataset = or_setting(options.dataset, session.settings.dataset);
  options.ks = flags.ks.empty() ? session.settings.ks : flags.ks;
  options.execution = run_options(flags.run, session.settings);
  const auto views = pipeline::views(session.context, options);
  write_output(flags.output, format == report::Format::json ? report::to_json(views)
                                                            : report::render(report::table_of(views, format), format));
  return 0;
}

void add_flags(CLI::App& command, pipeline::ViewsOptions& views) {
  command.add_option("--model", views.model, "Model name, TorchScript file, or ensemble such as a:0.6+b:0.4");
  command.add_option("--dataset", views.dataset, "Dataset name, dataset.yaml, CSV or folder");
  command.add_option("--side", views.side, "Whose photos are drawn: gallery or queries")->capture_default_str();
  command
      .add_option("--aggregate", views.aggregate,
                  "Score of several photos: best, mean, or best-M for the mean of the best M")
      ->capture_default_str();
  command.add_option("--counts", views.counts, "Numbers of photos (default: 1,2,4,8)")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  command.add_option("--repeats", views.repeats, "Random choices of photos")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command.add_option("--seed", views.seed, "Other numbers choose other photos")->capture_default_str();
}

}  // namespace

void add_views(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      *program.app.add_subcommand("views", "Show how accuracy grows with the number of photos of a product");
  add_flags(command, flags->views);
  command.add_option("--k", flags->ks, "The k of top-k accuracy (default: 1,5,10)")
      ->delimiter(',')
      ->check(CLI::PositiveNumber);
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher views --model mobilenet-v3-small --dataset grocery-store
  matcher views --model mobilenet-v3-small --dataset grocery-store --side queries --aggregate mean --counts 1,2,3
  matcher views --model mobilenet-v3-small --dataset grocery-store --aggregate best-3 --format json)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
