#include "flags/eval_flags.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"
#include "matcher/files/file.hpp"
#include "matcher/files/paths.hpp"
#include "matcher/report/json.hpp"

namespace matcher::app {
namespace {

std::vector<std::string> default_metrics(const std::vector<std::size_t>& ks) {
  std::vector<std::string> names;
  for (const auto k : ks) names.push_back(fmt::format("top{}", k));
  names.insert(names.end(), {"mrr", "map"});
  return names;
}

}  // namespace

void add_eval_flags(CLI::App& command, EvalFlags& flags) {
  add_dataset_flags(command, flags.dataset, "Use this dataset: a name, dataset.yaml, CSV or folder", Sides::queries);
  command.add_option("--query-by", flags.query_by, "Search by each query's image, or by the text of its text column")
      ->check(one_of({"image", "text"}))
      ->capture_default_str()
      ->group(group::input);
  auto* ks = command.add_option("--k", flags.ks, "Measure top-k accuracy, MRR and mAP for these k (default: 1,5,10)")
                 ->delimiter(',')
                 ->allow_extra_args(false)
                 ->check(at_least_one())
                 ->group(group::metrics);
  command
      .add_option("--metrics", flags.metrics,
                  "Measure these metrics, e.g. top1,precision10,recall10,rprec,mrr,map,ndcg,ndcg10")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->excludes(ks)
      ->group(group::metrics);
  command.add_option("--depth", flags.depth, "Keep this many answers per query (default: 100)")
      ->check(at_least_one())
      ->group(group::search);
  add_run_flags(command, flags.run);
  add_output_flags(command, flags.output, Formats::tables_and_page);
  command.add_option("--views", flags.views, "Draw these curves of matcher views --format json in the HTML page")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->group(group::output);
}

CLI::Option* add_speed_flag(CLI::App& command, EvalFlags& flags) {
  return command
      .add_flag("--speed", flags.speed, "Measure speed and memory on 16 photos, three times, without the cache")
      ->group(group::metrics);
}

void add_resample_flag(CLI::App& command, std::string& resample) {
  command
      .add_option("--resample", resample,
                  "Unit for confidence intervals: query (single photos), or label (all photos of a product together)")
      ->check(one_of({"query", "label"}))
      ->capture_default_str()
      ->group(group::metrics);
}

report::Format output_format(const EvalFlags& flags) {
  const auto format = output_format(flags.output);
  if (format != report::Format::html && !flags.views.empty())
    throw Error(ErrorCode::usage, "--views is drawn in the HTML page alone; add --format html");
  for (const auto& file : flags.views) {  // before anything is embedded
    if (path_exists(file)) {
      report::parse_views(read_text(file), file.string());
      continue;
    }
    throw Error(ErrorCode::input,
                fmt::format("--views {} does not exist; make it with: matcher views --model M --dataset D "
                            "--format json --write-to {}",
                            file.string(), file.string()));
  }
  return format;
}

pipeline::EvalSettings eval_settings(const EvalFlags& flags, const config::Settings& settings) {
  pipeline::EvalSettings all;
  const auto& ks = flags.ks.empty() ? settings.ks : flags.ks;
  all.measure.metrics = flags.metrics.empty() ? default_metrics(ks) : flags.metrics;
  all.depth = flags.depth ? flags.depth : settings.depth;
  all.by_text = flags.query_by == "text";
  all.speed = flags.speed;
  all.execution = run_options(flags.run, settings);
  return all;
}

}  // namespace matcher::app
