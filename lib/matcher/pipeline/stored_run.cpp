#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/pipeline/run.hpp"

namespace matcher::pipeline {
namespace {

using nlohmann::json;

void check_complete(const fs::path& folder) {
  if (fs::exists(folder / "manifest.json")) return;
  throw Error(ErrorCode::input,
              fmt::format("{} is no complete run (manifest.json is not there); make one with: matcher eval "
                          "--model M --dataset D --output {}",
                          folder.string(), folder.string()));
}

/// Keeps of the answers the first, so that the rest is not built.
bool is_wanted(int depth, json::parse_event_t event, const json& parsed, std::size_t& answers) {
  if (depth == 1 && event == json::parse_event_t::key && parsed == "answers") answers = 0;
  if (depth == 2 && event == json::parse_event_t::object_start) return ++answers <= 1;
  return true;
}

StoredQuery query_of(const json& line) {
  StoredQuery query{line.at("id"), line.at("label"), line.at("path"), {}, {}};
  if (const auto& answers = line.at("answers"); !answers.empty()) {
    query.first_id = answers[0].at("id");
    query.first_label = answers[0].at("label");
  }
  return query;
}

void add_line(StoredRun& run, const std::string& text) {
  std::size_t answers = 0;
  const auto line = json::parse(text, [&](int depth, json::parse_event_t event, json& parsed) {
    return is_wanted(depth, event, parsed, answers);
  });
  if (!line.at("known").get<bool>()) return;
  run.queries.push_back(query_of(line));
  for (std::size_t m = 0; m < run.metric_values.size(); ++m) {
    run.metric_values[m].push_back(line.at("metrics").at(run.report.metrics[m].first));
  }
}

}  // namespace

StoredRun read_run(const fs::path& folder) {
  check_complete(folder);
  const auto report_file = folder / "report.json", queries_file = folder / "queries.jsonl";
  StoredRun run{folder, report::parse_report(read_text(report_file), report_file.string()), {}, {}};
  run.metric_values.resize(run.report.metrics.size());
  auto lines = open_for_reading(queries_file);
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    try {
      add_line(run, line);
    } catch (const nlohmann::json::exception& error) {
      throw Error(ErrorCode::input,
                  fmt::format("{}:{}: damaged ({}); evaluate again", queries_file.string(), number, error.what()));
    }
  }
  return run;
}

}  // namespace matcher::pipeline
