#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
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

namespace matcher::report {
namespace {

const eval::Gain* find_gain(const Row& row, const std::string& metric) {
  const auto found = std::ranges::find(row.gains, metric, [](const auto& gain) { return gain.first; });
  return found == row.gains.end() ? nullptr : &found->second;
}

std::string first_metric(const Comparison& c) { return c.rows.at(0).report.metrics.at(0).first; }

/// A column of the text table: its name and its cell for a row.
struct Column {
  std::string name;
  std::function<std::string(const Row&)> cell;
};

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

bool has_changes(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) {
    return !row.gains.empty() && (!row.changes.broken.empty() || !row.changes.fixed.empty());
  });
}

/// The number of changed queries; empty for the baseline.
Column change_column(const char* name, std::vector<Change> Changes::*kind) {
  return {name,
          [kind](const Row& row) { return row.gains.empty() ? "" : fmt::format("{}", (row.changes.*kind).size()); }};
}

constexpr const char *batch_speed = "images/s", *image_time = "image, ms (p50 / p95)",
                     *search_time = "search, ms (p50 / p95)", *memory = "peak memory";

std::string batch_speed_of(const Row& row, const Comparison& c) {
  if (!row.report.speed.trial) return "not measured";
  const auto place = std::size_t(&row - c.rows.data());
  return shown(row.report.speed.trial->images_per_second) +
         (doubts(trials_of(c))[place].empty() ? "" : ", not comparable");
}

/// The speed of a row without a trial is empty.
Column speed_column(const char* name, std::string (*cell)(const SpeedTrial&)) {
  return {name,
          [cell](const Row& row) { return row.report.speed.trial ? cell(*row.report.speed.trial) : std::string(); }};
}

void add_speed_columns(std::vector<Column>& all, const Comparison& c) {
  all.push_back({batch_speed, [&c](const Row& row) { return batch_speed_of(row, c); }});
  all.push_back(speed_column(image_time, [](const SpeedTrial& t) {
    return fmt::format("{:.1f} / {:.1f}", t.image_ms_p50.median, t.image_ms_p95.median);
  }));
  all.push_back(speed_column(search_time, [](const SpeedTrial& t) {
    return fmt::format("{:.2f} / {:.2f}", t.search_ms_p50.median, t.search_ms_p95.median);
  }));
  all.push_back(speed_column(memory, [](const SpeedTrial& t) { return human_bytes(t.peak_memory); }));
}

bool has_costs(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) { return row.cost.has_value(); });
}

bool has_prices(const Comparison& c) {
  return std::ranges::any_of(c.rows, [](const Row& row) { return row.cost && row.cost->price_per_million; });
}

constexpr const char *vector_size = "bytes/vector", *million = "1 M vectors", *ten_million = "10 M vectors",
                     *parameters = "parameters", *licence = "licence", *price = "price, 1 M photos";

void add_cost_columns(std::vector<Column>& all, const Comparison& c) {
  const auto add = [&](const char* name, std::string (*cell)(const Cost&)) {
    all.push_back({name, [cell](const Row& row) { return row.cost ? cell(*row.cost) : std::string(); }});
  };
  add(vector_size, [](const Cost& cost) { return fmt::format("{}", cost.vector_bytes); });
  add(million, [](const Cost& cost) { return human_bytes(1'000'000 * cost.vector_bytes); });
  add(ten_million, [](const Cost& cost) { return human_bytes(10'000'000 * cost.vector_bytes); });
  add(parameters, [](const Cost& cost) { return cost.parameters > 0 ? human_count(cost.parameters) : ""; });
  add(licence, [](const Cost& cost) { return cost.license; });
  if (has_prices(c))
    add(price,
        [](const Cost& cost) { return cost.price_per_million ? fmt::format("{:.2f}", *cost.price_per_million) : ""; });
}

/// The answer first, then the cost.
std::vector<Column> text_columns(const Comparison& c) {
  const auto& metrics = c.rows.at(0).report.metrics;
  std::vector<Column> all{{"model", [&c](const Row& row) { return name_of(row, c); }}};
  for (const auto& [name, estimate] : metrics) {
    all.push_back(metric_column(name));
    if (name == metrics[0].first) all.push_back(gain_column(name));
  }
  if (has_changes(c)) {
    all.push_back(change_column("broken", &Changes::broken));
    all.push_back(change_column("fixed", &Changes::fixed));
  }
  if (has_trials(c)) add_speed_columns(all, c);
  if (has_costs(c)) add_cost_columns(all, c);
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
  const auto columns = text_columns(c);
  for (const auto& column : columns) table.columns.push_back(column.name);
  for (const auto i : sorted(c, view.sort)) {
    auto& cells = table.rows.emplace_back();
    for (const auto& column : columns) cells.push_back(column.cell(c.rows[i]));
    mark_gain(table, c.rows[i]);
  }
  table.minor = {"dim", "size"};
  for (std::size_t i = c.rows[0].report.metrics.size(); i-- > 1;)
    table.minor.push_back(eval::metric(c.rows[0].report.metrics[i].first).title);  // the last metric first
  for (const char* name : {"fixed", "broken", licence, parameters, vector_size, ten_million, million, memory,
                           search_time, image_time, batch_speed, price})
    table.minor.emplace_back(name);
}

constexpr std::array speed_columns{
    "trial_images_per_second", "trial_images_per_second_low", "trial_images_per_second_high",
    "trial_image_ms_p50",      "trial_image_ms_p95",          "trial_search_ms_p50",
    "trial_search_ms_p95",     "trial_peak_memory_bytes",     "trial_comparable"};

void add_speed_cells(std::vector<std::string>& cells, const Row& row, const Comparison& c) {
  const auto& trial = row.report.speed.trial;
  if (!trial) return cells.resize(cells.size() + speed_columns.size());
  const auto& t = *trial;
  const auto& s = t.images_per_second;
  for (const double v : {s.median, s.low, s.high, t.image_ms_p50.median, t.image_ms_p95.median, t.search_ms_p50.median,
                         t.search_ms_p95.median})
    cells.push_back(exact(v));
  cells.push_back(fmt::format("{}", t.peak_memory));
  const auto place = std::size_t(&row - c.rows.data());
  cells.push_back(doubts(trials_of(c))[place].empty() ? "true" : "false");
}

constexpr std::array cost_columns{"vector_bytes", "parameters", "license", "price_per_million"};

void add_cost_cells(std::vector<std::string>& cells, const Row& row) {
  if (!row.cost) return cells.resize(cells.size() + cost_columns.size());
  const auto& cost = *row.cost;
  cells.insert(cells.end(), {fmt::format("{}", cost.vector_bytes), fmt::format("{}", cost.parameters), cost.license,
                             cost.price_per_million ? exact(*cost.price_per_million) : ""});
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
  if (has_trials(c)) add_speed_cells(cells, row, c);
  if (has_costs(c)) add_cost_cells(cells, row);
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
  if (has_trials(c)) columns.insert(columns.end(), speed_columns.begin(), speed_columns.end());
  if (has_costs(c)) columns.insert(columns.end(), cost_columns.begin(), cost_columns.end());
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

/// "8.5", or "3.1 to 8.5" for different texts of the smallest and the largest value.
template <class Values, class Text>
std::string range_of(const Values& values, const Text& text) {
  const auto [low, high] = std::ranges::minmax(values);
  return text(low) == text(high) ? text(low) : fmt::format("{} to {}", text(low), text(high));
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
  return fmt::format(
      "detectable with {} queries (80 % power): differences of about {}{}", data.queries - data.unknown_queries,
      range_of(all, [&](double value) { return amount(metric, value); }), in_percent(metric) ? " points" : "");
}

void list_changes(Table& table, const Row& row, const Comparison& c) {
  const auto list = [&](const char* what, const std::vector<Change>& changes) {
    if (!changes.empty()) table.notes.push_back(fmt::format("{}: {} newly {}", name_of(row, c), changes.size(), what));
    for (const auto& change : changes) {
      table.notes.push_back(fmt::format("  {}: baseline said {}, now says {}", change.id,
                                        change.before.id.empty() ? "nothing" : change.before.name,
                                        change.after.id.empty() ? "nothing" : change.after.name));
    }
  };
  list("broken", row.changes.broken);
  list("fixed", row.changes.fixed);
}

/// Counts, because the columns of a narrow terminal may leave them out.
std::string describe_changes(const Comparison& c) {
  std::vector<std::size_t> broken, fixed;
  for (const auto& row : c.rows) {
    if (row.gains.empty()) continue;
    broken.push_back(row.changes.broken.size());
    fixed.push_back(row.changes.fixed.size());
  }
  const auto text = [](std::size_t count) { return fmt::format("{}", count); };
  return fmt::format("first answers newly broken: {}{}, newly fixed: {}", range_of(broken, text),
                     broken.size() > 1 ? " per model" : "", range_of(fixed, text));
}

void note_changes(Table& table, const Comparison& c, const ComparisonView& view) {
  if (!has_changes(c)) return;
  table.notes.push_back(describe_changes(c) + (view.changes ? "" : "; --changes lists them"));
  if (!view.changes) return;
  for (const auto& row : c.rows) list_changes(table, row, c);
}

void note_speed(Table& table, const Comparison& c) {
  if (!has_trials(c)) return;
  const auto trials = trials_of(c);
  const auto all = doubts(trials);
  table.notes.push_back(
      describe_conditions(**std::ranges::find_if(trials, [](const auto& t) { return t.has_value(); })));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].empty() && trials[i])
      table.notes.push_back(fmt::format("speed of {} is not comparable: {}", name_of(c.rows[i], c), all[i]));
  }
  const auto first = fastest(trials);
  table.notes.push_back(first ? fmt::format("fastest: {} ({} images/s)", name_of(c.rows[*first], c),
                                            rate(trials[*first]->images_per_second.median))
                              : "fastest: none is shown to be");
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
  table.notes.push_back(how_sure(c));
  if (auto note = detectable(c); !note.empty()) table.notes.push_back(std::move(note));
  note_changes(table, c, view);
  note_speed(table, c);
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
