#include "matcher/pipeline/eval.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "eval_flags.hpp"
#include "matcher/core/error.hpp"

namespace matcher::app {

void add_eval_flags(CLI::App& command, EvalFlags& flags) {
  command.add_option("--dataset", flags.dataset, "Dataset name, dataset.yaml, CSV or folder");
  command.add_option("--k", flags.ks, "The k of top-k accuracy (default: 1,5,10)")->delimiter(',')->check(CLI::PositiveNumber);
  command.add_option("--depth", flags.depth, "Answers kept for each query (default: 100)")->check(CLI::PositiveNumber);
  command.add_option("--query-by", flags.query_by, "image, or text: look up what the text column says of each query")
      ->check(CLI::IsMember({"image", "text"}))
      ->capture_default_str();
  add_run_flags(command, flags.run);
  add_output_flags(command, flags.output);
}

pipeline::EvalOptions eval_options(const EvalFlags& flags, const config::Settings& settings) {
  pipeline::EvalOptions options;
  options.dataset = or_setting(flags.dataset, settings.dataset);
  options.ks = flags.ks.empty() ? settings.ks : flags.ks;
  options.depth = flags.depth ? flags.depth : settings.depth;
  options.by_text = flags.query_by == "text";
  options.run = run_options(flags.run, settings);
  return options;
}

namespace {

struct Flags {
  std::string model, index, output, fail_below;
  EvalFlags common;
};

int report_gates(Session& session, const pipeline::EvalResult& result) {
  for (const auto& sentence : result.failed_gates) session.terminal.log(LogLevel::error, "gate failed: " + sentence);
  return result.failed_gates.empty() ? 0 : int(ErrorCode::gate);
}

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.common.output.format);
  auto options = eval_options(flags.common, session.settings);
  options.model = or_setting(flags.model, session.settings.model);
  options.index = flags.index;
  options.output = flags.output;
  if (!flags.fail_below.empty()) options.fail_below = pipeline::parse_gates(flags.fail_below);
  const auto result = pipeline::evaluate(session.context, options);
  session.terminal.log(LogLevel::info, fmt::format("the run is in {}", result.folder.string()));
  write_output(flags.common.output, format == report::Format::json
                                        ? report::to_json(result.report)
                                        : report::render(report::table_of(result.report, format), format));
  return report_gates(session, result);
}

}  // namespace

void add_eval(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command = *program.app.add_subcommand("eval", "Measure how often a model finds the right product");
  command.add_option("--model", flags->model, "Model name, TorchScript file, or ensemble such as a:0.6+b:0.4");
  command.add_option("--index", flags->index, "Answer with this index instead of exact search");
  command.add_option("--output", flags->output, "Folder of the run (default: in the work folder)");
  command.add_option("--fail-below", flags->fail_below, "End with exit code 6 below, for example top1=0.80,mrr=0.85");
  add_eval_flags(command, flags->common);
  command.footer(R"(
Examples:
  matcher eval --model mobilenet-v2 --dataset grocery-store
  matcher eval --model mobilenet-v2 --dataset grocery-store --fail-below top1=0.80 --format json --quiet
  matcher eval --model mobilenet-v2 --dataset grocery-store --index shelf)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
