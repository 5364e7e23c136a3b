#include "matcher/report/tuning.hpp"

#include <fmt/format.h>

#include "matcher/core/names.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string describe(const char* what, const TuningHalf& half) {
  return fmt::format("{}: {} queries of {} products, {} gallery photos", what, half.queries, half.products,
                     half.photos);
}

std::vector<std::string> caption(const TunedRecipes& t) {
  return {fmt::format("{} recipes tried on one half of {} (data {}){}", t.trials.size(), t.dataset,
                      short_fingerprint(t.data), t.complete ? "" : ", until time or trials were used up"),
          describe("half that decided", t.searched), describe("half that decided nothing, in this table", t.reported)};
}

std::vector<std::string> columns(const TunedRecipes& t, Format format) {
  std::vector<std::string> all{"models", "map", "steps", "dimension",
                               format == Format::csv ? "images_per_second" : "images/s"};
  for (const auto& [name, estimate] : t.rows.at(0).reported) {
    all.push_back(format == Format::csv ? name : eval::metric(name).title);
    if (format != Format::csv) continue;
    for (const char* part : {"_low", "_high", "_gain", "_gain_low", "_gain_high", "_gain_p", "_gain_p_corrected"})
      all.push_back(name + part);
  }
  if (format != Format::csv) {
    const auto& first = t.rows[0].reported.at(0).first;
    all.push_back(eval::metric(first).title + (in_percent(first) ? " gain, points" : " gain"));
  }
  return all;
}

std::string map_of(const Recipe& r) {
  if (r.method.empty()) return "";
  return r.shrinkage ? fmt::format("{}, shrinkage {}", r.method, *r.shrinkage) : r.method;
}

std::vector<std::string> row_of(const TunedRow& row, Format format) {
  const auto& r = row.recipe;
  const bool csv = format == Format::csv;
  std::vector<std::string> cells{r.models, map_of(r), r.steps, fmt::format("{}", r.dimension),
                                 csv ? exact(r.images_per_second) : rate(r.images_per_second)};
  for (std::size_t m = 0; m < row.reported.size(); ++m) {
    const auto& [name, e] = row.reported[m];
    if (!csv) {
      cells.push_back(in_percent(name) ? shown_with_interval(name, e) : shown(name, e.value));
      continue;
    }
    for (const double value : {e.value, e.low, e.high}) cells.push_back(exact(value));
    const auto& gain = row.gains.at(m).second;
    for (const double value : {gain.value, gain.low, gain.high, gain.p, gain.p_corrected})
      cells.push_back(row.is_baseline ? "" : exact(value));
  }
  if (!csv) cells.push_back(row.is_baseline ? "baseline" : shown_gain(row.gains.at(0).first, row.gains[0].second));
  return cells;
}

/// The winner is the first row, and the baseline the last; if the baseline wins, it is the first.
std::vector<std::string> notes_of(const TunedRecipes& t) {
  const bool keeps_baseline = t.rows[0].is_baseline;
  return {
      fmt::format("first row: the best by {} on the half that decided{}; then recipes to which no other is preferable "
                  "in accuracy, dimension and speed together{}",
                  eval::metric(t.metric).title, keeps_baseline ? ", which is the best single model as it is" : "",
                  keeps_baseline ? "" : "; last: the best single model as it is"),
      fmt::format("gain: over the {} row on the same queries, products drawn together; p corrected (Holm)",
                  keeps_baseline ? "first" : "last")};
}

}  // namespace

Table table_of(const TunedRecipes& t, Format format) {
  Table table{caption(t), columns(t, format), {}, {}};
  for (std::size_t i = table.columns.size() - 1; i-- > 6;) table.minor.push_back(table.columns[i]);
  table.minor.push_back(format == Format::csv ? "images_per_second" : "images/s");
  for (const auto& row : t.rows) table.rows.push_back(row_of(row, format));
  if (format == Format::csv) return table;
  for (auto& note : notes_of(t)) table.notes.push_back(std::move(note));
  for (const auto& command : t.commands) table.notes.push_back("  " + command);
  add_answer(table, sentence(t), format);
  return table;
}

}  // namespace matcher::report
