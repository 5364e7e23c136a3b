#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/units.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"
#include "matcher/report/tables/comparison/changes.hpp"
#include "matcher/report/tables/comparison/cost.hpp"
#include "matcher/report/tables/speed.hpp"

namespace matcher::report {
namespace {

const eval::Gain* find_gain(const Row& row, const std::string& metric) {
  const auto found = std::ranges::find(row.gains, metric, [](const auto& gain) { return gain.first; });
  return found == row.gains.end() ? nullptr : &found->second;
}

std::string first_metric(const Comparison& c) { return c.rows.at(0).report.metrics.at(0).first; }

template <class Item>
void append(std::vector<Item>& all, const std::vector<Item>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

const std::optional<SpeedTrial>& trial_of(const Row& row) { return row.report.speed.trial; }

/// `row` is one of the comparison's.
bool is_comparable(const Row& row, const Comparison& c) {
  return doubts(trials_of(c))[std::size_t(&row - c.rows.data())].empty();
}

Column metric_column(const std::string& name) {
  return {eval::metric(name).title,
          [name](const Row& row) { return shown(name, find_metric(row.report.metrics, name)->value); }};
}

Column gain_column(const std::string& metric) {
  return {eval::metric(metric).title + (in_percent(metric) ? " gain, points" : " gain"), [metric](const Row& row) {
            const auto* gain = find_gain(row, metric);
            return gain ? shown_gain(metric, *gain) : "baseline";
          }};
}

/// A column per title; the cells are those of the trial of a row.
void add_speed_columns(std::vector<Column>& all, const Comparison& c) {
  const auto titles = speed_titles();
  for (std::size_t i = 0; i < titles.size(); ++i)
    all.push_back(
        {titles[i], [&c, i](const Row& row) { return speed_cells(trial_of(row), is_comparable(row, c))[i]; }});
}

/// The answer first, then the cost. Columns that a view names are there even if they have nothing to show.
std::vector<Column> text_columns(const Comparison& c, const ComparisonView& view) {
  const auto& metrics = c.rows.at(0).report.metrics;
  std::vector<Column> all{{"model", [&c](const Row& row) { return name_of(row, c); }}};
  for (const auto& [name, estimate] : metrics) {
    all.push_back(metric_column(name));
    if (name == metrics[0].first) all.push_back(gain_column(name));
  }
  append(all, change_columns(c, !view.columns.empty()));
  if (has_trials(c)) add_speed_columns(all, c);
  append(all, cost_columns(c));
  all.push_back({"size", [](const Row& row) { return human_bytes(row.report.model.size_bytes); }});
  all.push_back({"dim", [](const Row& row) { return fmt::format("{}", row.report.model.dimension); }});
  return all;
}

/// Colours a gain that is shown to be real.
void mark_gain(Table& table, const Row& row) {
  if (row.gains.empty()) return;
  const auto& gain = row.gains[0].second;
  if (!is_shown(gain) || gain.value == 0) return;
  constexpr std::size_t gain_place = 2;
  table.marks.push_back({table.rows.size() - 1, gain_place, gain.value > 0 ? Tone::better : Tone::worse});
}

/// The places of the rows by a metric, the largest first; by all metrics for an empty name.
std::vector<std::size_t> sorted(const Comparison& c, const std::string& metric) {
  auto order = best_first(c.rows);
  if (metric.empty()) return order;
  if (!find_metric(c.rows.at(0).report.metrics, metric)) {
    std::vector<std::string> names;
    for (const auto& [name, estimate] : c.rows[0].report.metrics) names.push_back(name);
    throw Error(ErrorCode::usage, fmt::format("--sort {} is not one of the metrics of this comparison: {}", metric,
                                              fmt::join(names, ", ")));
  }
  std::ranges::stable_sort(order, std::greater(),
                           [&](std::size_t i) { return find_metric(c.rows[i].report.metrics, metric)->value; });
  return order;
}

void add_text_rows(Table& table, const Comparison& c, const ComparisonView& view) {
  const auto columns = text_columns(c, view);
  for (const auto& column : columns) table.columns.push_back(column.name);
  for (const auto i : sorted(c, view.sort)) {
    auto& cells = table.rows.emplace_back();
    for (const auto& column : columns) cells.push_back(column.cell(c.rows[i]));
    mark_gain(table, c.rows[i]);
  }
  table.minor = {"dim", "size"};
  for (std::size_t i = c.rows[0].report.metrics.size(); i-- > 1;)
    table.minor.push_back(eval::metric(c.rows[0].report.metrics[i].first).title);  // the last metric first
  for (const auto& names :
       {minor_change_columns(), minor_cost_columns(), minor_speed_titles(), std::vector<std::string>{price_column()}})
    append(table.minor, names);
}

std::vector<std::string> csv_row(const Row& row, const Comparison& c) {
  const auto& r = row.report;
  std::vector<std::string> cells{name_of(row, c), fmt::format("{}", r.model.dimension), r.model.fingerprint,
                                 fmt::format("{}", r.model.size_bytes), exact(r.speed.images_per_second)};
  for (const auto& [name, e] : r.metrics) {
    for (double v : {e.value, e.low, e.high}) cells.push_back(exact(v));
    const auto* found = find_gain(row, name);
    const auto g = found ? *found : eval::Gain{};
    for (double v : {g.value, g.low, g.high, g.p, g.p_corrected, g.detectable})
      cells.push_back(found && !std::isnan(v) ? exact(v) : "");
  }
  if (has_trials(c)) append(cells, exact_speed_cells(trial_of(row), is_comparable(row, c)));
  append(cells, cost_cells(row, c));
  return cells;
}

std::vector<std::string> csv_columns(const Comparison& c) {
  const auto& metrics = c.rows.at(0).report.metrics;
  std::vector<std::string> columns{"model", "dimension", "fingerprint", "size_bytes", "images_per_second"};
  for (const auto& [name, estimate] : metrics) {
    for (const char* part :
         {"", "_low", "_high", "_gain", "_gain_low", "_gain_high", "_gain_p", "_gain_p_corrected", "_gain_detectable"})
      columns.push_back(name + part);
  }
  if (has_trials(c)) append(columns, exact_speed_titles());
  append(columns, cost_names(c));
  return columns;
}

std::string how_sure(const Comparison& c) {
  const auto models = c.rows.size() - 1;
  const auto* gain = models ? find_gain(c.rows[0].gains.empty() ? c.rows[1] : c.rows[0], first_metric(c)) : nullptr;
  const bool exact = gain && gain->test == "mcnemar";
  return fmt::format("gain: over the baseline on the same queries, with its 95 % interval ({}) and {} p{}",
                     exact                                 ? "Tango's score"
                     : c.resample == eval::Resample::label ? "paired bootstrap by label"
                                                           : "paired bootstrap",
                     exact ? "exact McNemar" : "bootstrap",
                     models > 1 ? fmt::format(", corrected for {} models (Holm)", models) : "");
}

std::string amount(const std::string& metric, double value) {
  return in_percent(metric) ? fmt::format("{:.1f}", 100 * value) : fmt::format("{:.3f}", value);
}

/// The smallest difference that this number of queries shows, by model.
std::string detectable(const Comparison& c) {
  const auto metric = first_metric(c);
  std::vector<double> all;
  for (const auto& row : c.rows) {
    const auto* gain = find_gain(row, metric);
    if (gain && !std::isnan(gain->detectable)) all.push_back(gain->detectable);
  }
  if (all.empty()) return {};
  const auto& data = c.rows[0].report.dataset;
  return fmt::format("with {} queries only differences of about {}{} or more can be detected (80 % power)",
                     data.known_queries(), range_of(all, [&](double value) { return amount(metric, value); }),
                     in_percent(metric) ? " points" : "");
}

std::vector<std::string> names_of(const Comparison& c) {
  std::vector<std::string> names;
  for (const auto& row : c.rows) names.push_back(name_of(row, c));
  return names;
}

/// Models of different names that are the same to the bit.
void note_twins(Table& table, const Comparison& c) {
  for (std::size_t i = 0; i < c.rows.size(); ++i) {
    const auto& one = c.rows[i].report.model;
    for (const auto& other : std::span(c.rows).subspan(i + 1)) {
      const auto& two = other.report.model;
      if (one.fingerprint.empty() || one.fingerprint != two.fingerprint || one.name == two.name) continue;
      table.notes.push_back(
          fmt::format("{} and {} are the same model ({})", one.name, two.name, short_fingerprint(one.fingerprint)));
    }
  }
}

void add_notes(Table& table, const Comparison& c, const ComparisonView& view) {
  if (c.common) table.notes.push_back("compared on " + describe_common(c));
  table.notes.push_back(how_sure(c));
  if (auto note = detectable(c); !note.empty()) table.notes.push_back(std::move(note));
  append(table.notes, change_notes(c, view.changes));
  append(table.notes, speed_notes(trials_of(c), names_of(c)));
  note_twins(table, c);
  if (!c.gate) return;
  for (const auto& sentence : sentences(*c.gate)) table.notes.push_back(sentence);
  table.notes.push_back(fmt::format("gate: {}", eval::name_of(c.gate->verdict())));
}

}  // namespace

Table table_of(const Comparison& c, Format format, const ComparisonView& view) {
  Table table{describe(c.rows.at(0).report), {}, {}, {}};
  if (format == Format::csv) {
    table.columns = csv_columns(c);
    for (const auto& row : c.rows) table.rows.push_back(csv_row(row, c));
    return select_columns(std::move(table), view.columns);
  }
  add_text_rows(table, c, view);
  add_notes(table, c, view);
  if (c.verdict) add_answer(table, sentence(*c.verdict), format);
  return select_columns(std::move(table), view.columns);
}

}  // namespace matcher::report
