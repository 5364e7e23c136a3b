#include "matcher/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "matcher/core/file.hpp"
#include "matcher/report/cells.hpp"

namespace matcher::report {

using json = nlohmann::ordered_json;

namespace {

constexpr const char* comparison_schema = "matcher.comparison/1";

json of(const Row& row) {
  json gain = json::object();
  for (const auto& [name, g] : row.gains) gain[name] = {{"value", g.value}, {"low", g.low}, {"high", g.high}, {"p", g.p}};
  const auto report = json::parse(to_json(row.report));
  return {{"model", report["model"]}, {"metrics", report["metrics"]}, {"speed", report["speed"]}, {"gain", gain}};
}

std::string points(const eval::Gain& gain) {
  return fmt::format("{:+.1f} [{:+.1f}, {:+.1f}] p={:.2g}", 100 * gain.value, 100 * gain.low, 100 * gain.high, gain.p);
}

 std::vector<std::string> text_row(const Row& row, const std::string& baseline) {
  const auto& r = row.report;
  std::vector<std::string> cells{r.model.name, fmt::format("{}", r.model.dimension), human_bytes(r.model.size_bytes),
                                 rate(r.speed.images_per_second)};
  for (const auto& [name, e] : r.metrics) cells.push_back(shown(name, e.value));
  const auto gain = std::find_if(row.gains.begin(), row.gains.end(), [](const auto& g) { return g.first == "top1"; });
  const bool is_baseline = r.model.name == baseline && row.gains.empty();
  cells.push_back(is_baseline ? "baseline" : gain == row.gains.end() ? "" : points(gain->second));
  return cells;
}

std::vector<std::string> csv_row(const Row& row) {
  const auto& r = row.report;
  std::vector<std::string> cells{r.model.name, fmt::format("{}", r.model.dimension), r.model.fingerprint,
                                 fmt::format("{}", r.model.size_bytes),
                                 fmt::format("{:.3f}", r.speed.images_per_second)};
  for (const auto& [name, e] : r.metrics) {
    for (double v : {e.value, e.low, e.high}) cells.push_back(fraction(v));
    const auto gain =
        std::find_if(row.gains.begin(), row.gains.end(), [&name = name](const auto& g) { return g.first == name; });
    const eval::Gain g = gain == row.gains.end() ? eval::Gain{} : gain->second;
    for (double v : {g.value, g.low, g.high, g.p}) cells.push_back(row.gains.empty() ? "" : fraction(v));
  }
  return cells;
}

std::vector<std::string> csv_columns(const Metrics& metrics) {
  std::vector<std::string> columns{"model", "dimension", "fingerprint", "size_bytes", "images_per_second"};
  for (const auto& [name, estimate] : metrics) {
    for (const char* part : {"", "_low", "_high", "_gain", "_gain_low", "_gain_high", "_gain_p"})
      columns.push_back(name + part);
  }
  return columns;
}

}  // namespace

std::string to_json(const Comparison& c) {
  json rows = json::array();
  for (const auto& row : c.rows) rows.push_back(of(row));
  const auto dataset = c.rows.empty() ? json::object() : json::parse(to_json(c.rows[0].report))["dataset"];
  return json{{"schema", comparison_schema}, {"baseline", c.baseline}, {"dataset", dataset}, {"rows", rows}}.dump(2) + '\n';
}

Table table_of(const Comparison& c, Format format) {
  const auto& metrics = c.rows.at(0).report.metrics;
  Table table{describe(c.rows[0].report), {"model", "dim", "size", "images/s"}, {}, {}};
  if (format == Format::csv)
    table.columns = csv_columns(metrics);
  else {
    for (const auto& [name, estimate] : metrics) table.columns.push_back(title(name));
    table.columns.push_back("top-1 gain, points");
    table.notes.push_back(
        "gain: over the baseline on the same queries, with its 95 % interval (paired bootstrap) and exact McNemar p");
  }
  for (const auto& row : c.rows) table.rows.push_back(format == Format::csv ? csv_row(row) : text_row(row, c.baseline));
  return table;
}

}  // namespace matcher::report
