#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/report/json.hpp"
#include "matcher/run/folder/queries_jsonl.hpp"

namespace matcher::run {
namespace {

void check_complete(const fs::path& folder) {
  if (fs::exists(folder / "manifest.json")) return;
  throw Error(ErrorCode::input,
              fmt::format("{} is no complete run (manifest.json is not there); make one with: matcher eval "
                          "--model M --dataset D --output {}",
                          folder.string(), folder.string()));
}

double value_of(const RunLine& line, const std::string& metric) {
  const auto found = std::ranges::find(line.metrics, metric, [](const auto& m) { return m.first; });
  if (found != line.metrics.end()) return found->second;
  throw std::out_of_range(fmt::format("there is no {}", metric));
}

void add(StoredRun& run, RunLine& line) {
  auto& query = line.query;
  if (!query.known) return;
  StoredQuery stored{std::move(query.id), std::move(query.label), std::move(query.path), {}, {}};
  if (!query.answers.empty()) {
    stored.first_id = std::move(query.answers[0].id);
    stored.first_label = std::move(query.answers[0].label);
  }
  run.queries.push_back(std::move(stored));
  for (std::size_t m = 0; m < run.metric_values.size(); ++m) {
    run.metric_values[m].push_back(value_of(line, run.report.metrics[m].first));
  }
}

}  // namespace

StoredRun read_run(const fs::path& folder) {
  check_complete(folder);
  const auto report_file = folder / "report.json";
  StoredRun run{folder, report::parse_report(read_text(report_file), report_file.string()), {}, {}};
  run.metric_values.resize(run.report.metrics.size());
  for_each_query(folder, [&](RunLine& line) { add(run, line); });
  return run;
}

}  // namespace matcher::run
