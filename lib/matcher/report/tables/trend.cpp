#include "matcher/report/trend.hpp"

#include <fmt/format.h>

#include "matcher/eval/metrics.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

bool is_reference(const Night& night, const Trend& trend) { return night.run == trend.reference; }

std::vector<std::string> csv_row(const Night& night, const Trend& trend) {
  std::vector<std::string> cells{night.created, night.run, night.model, night.fingerprint, night.host};
  for (const double value : {night.value.value, night.value.low, night.value.high}) cells.push_back(exact(value));
  cells.push_back(fmt::format("{}", night.queries));
  cells.push_back(fmt::format("{}", night.common));
  const auto& gain = night.gain;
  for (const double value : {gain.value, gain.low, gain.high, gain.p, gain.p_corrected})
    cells.push_back(is_reference(night, trend) ? "" : exact(value));
  cells.emplace_back(is_reference(night, trend) ? "reference" : eval::name_of(night.verdict));
  return cells;
}

std::vector<std::string> csv_columns(const Trend& trend) {
  const auto& m = trend.metric;
  return {"created",   "run",           "model",          "fingerprint", "host",
          m,           m + "_low",      m + "_high",      "queries",     "common",
          m + "_gain", m + "_gain_low", m + "_gain_high", m + "_gain_p", m + "_gain_p_corrected",
          "verdict"};
}

std::vector<std::string> text_row(const Night& night, const Trend& trend) {
  const bool is_it = is_reference(night, trend);
  return {day_of(night),
          night.run,
          night.model,
          shown_with_interval(trend.metric, night.value),
          is_it ? "reference" : shown_gain(trend.metric, night.gain),
          is_it ? "" : eval::name_of(night.verdict),
          fmt::format("{}", night.queries),
          is_it ? "" : fmt::format("{}", night.common)};
}

void add_notes(Table& table, const Trend& trend) {
  table.notes.push_back(fmt::format("reference: {}, {} of {} {}", trend.reference,
                                    shown_with_interval(trend.metric, trend.reference_value), trend.reference_queries,
                                    plural_of(trend.queries_are)));
  table.notes.emplace_back(
      "change: against the reference on the queries that both runs have (common), with its 95 % interval; p is "
      "corrected "
      "for the number of runs (Holm)");
  if (!trend.max_drop) return;
  table.notes.push_back(in_percent(trend.metric) ? fmt::format("limit: a drop of {:.1f} points", 100 * *trend.max_drop)
                                                 : fmt::format("limit: a drop of {:.3f}", *trend.max_drop));
}

}  // namespace

Table table_of(const Trend& trend, Format format) {
  Table table;
  if (format == Format::csv) {
    table.columns = csv_columns(trend);
    for (const auto& night : trend.nights) table.rows.push_back(csv_row(night, trend));
    return table;
  }
  table.columns = {"day", "run", "model", eval::metric(trend.metric).title, "change", "verdict", "queries", "common"};
  table.minor = {"model", "queries", "common", "verdict"};
  for (const auto& night : trend.nights) {
    table.rows.push_back(text_row(night, trend));
    if (night.verdict == eval::Verdict::fail) table.marks.push_back({table.rows.size() - 1, 4, Tone::worse});
  }
  add_notes(table, trend);
  add_answer(table, sentence(trend), format);
  return table;
}

}  // namespace matcher::report
