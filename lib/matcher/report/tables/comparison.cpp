#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "matcher/core/units.hpp"
#include "matcher/files/file.hpp"
#include "matcher/report/comparison.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t changes_named = 5;  ///< per model in the table; JSON has all

const eval::Gain* find_gain(const Row& row, const std::string& metric) {
  const auto found = std::ranges::find(row.gains, metric, [](const auto& gain) { return gain.first; });
  return found == row.gains.end() ? nullptr : &found->second;
}

std::string first_metric(const Comparison& c) { return c.rows.at(0).report.metrics.at(0).first; }

std::vector<std::string> text_row(const Row& row, const Comparison& c) {
  const auto& r = row.report;
  std::vector<std::string> cells{name_of(row, c), fmt::format("{}", r.model.dimension), human_bytes(r.model.size_bytes),
                                 rate(r.speed.images_per_second)};
  for (const auto& [name, e] : r.metrics) cells.push_back(shown(name, e));
  const auto* gain = find_gain(row, first_metric(c));
  cells.push_back(gain ? shown_gain(first_metric(c), *gain) : "baseline");
  return cells;
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
  return cells;
}

std::vector<std::string> csv_columns(const Metrics& metrics) {
  std::vector<std::string> columns{"model", "dimension", "fingerprint", "size_bytes", "images_per_second"};
  for (const auto& [name, estimate] : metrics) {
    for (const char* part :
         {"", "_low", "_high", "_gain", "_gain_low", "_gain_high", "_gain_p", "_gain_p_corrected", "_gain_detectable"})
      columns.push_back(name + part);
  }
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

std::string could_show(const Row& row, const Comparison& c) {
  const auto metric = first_metric(c);
  const auto* gain = find_gain(row, metric);
  if (!gain || std::isnan(gain->detectable)) return {};
  const auto size = in_percent(metric) ? fmt::format("{:.1f} points", 100 * gain->detectable)
                                       : fmt::format("{:.4f}", gain->detectable);
  return fmt::format("{}: the smallest difference that this number of queries shows in 80 of 100 cases is {}",
                     name_of(row, c), size);
}

std::string named(const std::vector<Change>& changes) {
  std::vector<std::string> first;
  for (std::size_t i = 0; i < std::min(changes_named, changes.size()); ++i) {
    const auto& c = changes[i];
    first.push_back(fmt::format("{} (is {}, was answered {}, now {})", c.id, c.label, c.before.label, c.after.label));
  }
  if (changes.size() > changes_named)
    first.push_back(fmt::format("and {} more (--format json has all)", changes.size() - changes_named));
  return fmt::format("{}", fmt::join(first, "; "));
}

void note_changes(Table& table, const Row& row, const Comparison& c) {
  const auto& [broken, fixed] = row.changes;
  const auto note = [&](const char* what, const std::vector<Change>& changes) {
    if (!changes.empty())
      table.notes.push_back(fmt::format("{}: {} newly {}: {}", name_of(row, c), changes.size(), what, named(changes)));
  };
  note("broken", broken);
  note("fixed", fixed);
}

void add_notes(Table& table, const Comparison& c) {
  table.notes.push_back(how_sure(c));
  for (const auto& row : c.rows) {
    if (auto note = could_show(row, c); !note.empty()) table.notes.push_back(std::move(note));
  }
  for (const auto& row : c.rows) note_changes(table, row, c);
  if (!c.gate) return;
  for (const auto& sentence : sentences(*c.gate)) table.notes.push_back(sentence);
  table.notes.push_back(fmt::format("gate: {}", eval::name_of(c.gate->verdict())));
}

/// The verdict is what people look for: the first line of a document, the last line on a terminal.
void add_verdict(Table& table, const Comparison& c, Format format) {
  if (!c.verdict) return;
  if (format == Format::markdown)
    table.caption.insert(table.caption.begin(), sentence(*c.verdict));
  else
    table.notes.push_back(sentence(*c.verdict));
}

void add_rows(Table& table, const Comparison& c, Format format) {
  if (format == Format::csv) {
    for (const auto& row : c.rows) table.rows.push_back(csv_row(row, c));
  } else {
    for (const auto i : best_first(c.rows)) table.rows.push_back(text_row(c.rows[i], c));
  }
}

}  // namespace

Table table_of(const Comparison& c, Format format) {
  const auto& metrics = c.rows.at(0).report.metrics;
  Table table{describe(c.rows[0].report), {"model", "dim", "size", "images/s"}, {}, {}};
  if (format == Format::csv) {
    table.columns = csv_columns(metrics);
  } else {
    for (const auto& [name, estimate] : metrics) table.columns.push_back(eval::metric(name).title);
    table.columns.push_back(eval::metric(first_metric(c)).title +
                            (in_percent(first_metric(c)) ? " gain, points" : " gain"));
    add_notes(table, c);
    add_verdict(table, c, format);
  }
  add_rows(table, c, format);
  return table;
}

}  // namespace matcher::report
