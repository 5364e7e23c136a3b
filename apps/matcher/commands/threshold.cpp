#include "matcher/pipeline/threshold.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "flags.hpp"

namespace matcher::app {
namespace {

struct Flags {
  std::string index, model, dataset, unknown = "auto";
  double false_alarms = 0.01;
  bool dry_run = false;
  RunFlags run;
  OutputFlags output;
};

std::string percent(const eval::Estimate& e) {
  return fmt::format("{:.1f} % [{:.1f}, {:.1f}]", 100 * e.value, 100 * e.low, 100 * e.high);
}

std::string bound(double value) { return std::isfinite(value) ? fmt::format("{:.4f}", value) : "unbounded"; }

report::Table table_of(const pipeline::ThresholdResult& r) {
  report::Table table{
      {fmt::format("{} known and {} unknown queries of {}{}", r.known, r.unknown, r.dataset,
                   r.left_out ? "; unknown: each query with its own product left out" : "")},
      {"model", "threshold", "95 % interval", "false alarms", "answered", "answered rightly", "rightly without it",
       "AUC"},
      {{r.model.name, bound(r.threshold.value),
        fmt::format("[{}, {}]", bound(r.threshold.low), bound(r.threshold.high)), percent(r.false_alarms),
        percent(r.accepted), percent(r.detected), percent(r.top1), fmt::format("{:.4f}", r.area_under_curve)}},
      {}};
  if (!std::isfinite(r.threshold.high))
    table.notes.push_back(fmt::format("{} unknown queries cannot bound a threshold for {:g} % false alarms; {} can",
                                      r.unknown, 100 * r.wanted, r.unknown_needed));
  return table;
}

using json = nlohmann::ordered_json;

json number(double value) { return std::isfinite(value) ? json(value) : json(); }
json estimate(const eval::Estimate& e) { return {{"value", e.value}, {"low", e.low}, {"high", e.high}}; }

std::string json_of(const pipeline::ThresholdResult& r) {
  json curve = json::array();
  for (const auto& p : r.curve)
    curve.push_back({{"threshold", p.threshold},
                     {"false_alarms", p.false_alarms},
                     {"accepted", p.accepted},
                     {"detected", p.detected}});
  const json out = {
      {"schema", "matcher.detection/1"},
      {"model", {{"name", r.model.name}, {"fingerprint", r.model.fingerprint}}},
      {"dataset", r.dataset},
      {"queries",
       {{"known", r.known},
        {"unknown", r.unknown},
        {"unknown_are", r.left_out ? "left-out" : "real"},
        {"unknown_needed", r.unknown_needed}}},
      {"wanted_false_alarms", r.wanted},
      {"threshold",
       {{"value", number(r.threshold.value)}, {"low", number(r.threshold.low)}, {"high", number(r.threshold.high)}}},
      {"false_alarms", estimate(r.false_alarms)},
      {"accepted", estimate(r.accepted)},
      {"detected", estimate(r.detected)},
      {"top1", estimate(r.top1)},
      {"area_under_curve", r.area_under_curve},
      {"curve", curve}};
  return out.dump(2) + '\n';
}

int run(Session& session, const Flags& flags) {
  const auto format = report::parse_format(flags.output.format);
  pipeline::ThresholdOptions options;
  options.index = flags.index;
  options.model = flags.model;
  options.dataset = flags.dataset;
  options.false_alarms = flags.false_alarms;
  options.unknown = pipeline::parse_unknown_queries(flags.unknown);
  options.store = !flags.dry_run;
  options.execution = run_options(flags.run, session.settings);
  const auto result = pipeline::find_threshold(session.context, options);
  if (options.store)
    session.terminal.log(LogLevel::info,
                         fmt::format("the threshold is stored in {}; matcher query applies it", flags.index));
  write_output(flags.output,
               format == report::Format::json ? json_of(result) : report::render(table_of(result), format));
  return 0;
}

}  // namespace

void add_threshold(Program& program) {
  auto flags = std::make_shared<Flags>();
  auto& command =
      *program.app.add_subcommand("threshold", "Find the score below which a product is not in the catalogue");
  command.add_option("--index", flags->index, "Folder of an index; the threshold is stored in it")->required();
  command.add_option("--dataset", flags->dataset, "Dataset with the queries (default: the one the index was built of)");
  command.add_option("--model", flags->model, "Model of the queries (default: the one the index was built by)");
  command.add_option("--false-alarms", flags->false_alarms, "Share of unknown products that may be answered")
      ->capture_default_str();
  command
      .add_option(
          "--unknown", flags->unknown,
          "real: queries whose product the index lacks; left-out: each query with its own product left out; auto: real "
          "ones when there are enough")
      ->check(CLI::IsMember({"auto", "real", "left-out"}))
      ->capture_default_str();
  command.add_flag("--dry-run", flags->dry_run, "Measure, but do not store the threshold");
  add_run_flags(command, flags->run);
  add_output_flags(command, flags->output);
  command.footer(R"(
Examples:
  matcher threshold --index shelf --dataset grocery-store --false-alarms 0.01
  matcher query --index shelf photo.jpg          answers "no match" below it)");
  command.callback([&program, flags] { program.action = [flags](Session& s) { return run(s, *flags); }; });
}

}  // namespace matcher::app
