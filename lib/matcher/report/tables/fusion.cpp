#include "matcher/report/fusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"
#include "matcher/report/tables/speed.hpp"

namespace matcher::report {
namespace {

/// One line of the table: a member, the ensemble or the ceiling.
struct Line {
  std::string name, weight;
  const Metrics& metrics;
  const FusedMember* member = nullptr;
};

std::vector<Line> lines_of(const Fusion& fusion) {
  std::vector<Line> lines;
  for (const auto& member : fusion.members) {
    lines.push_back({member.report.model.name, fmt::format("{:.4g}", member.weight), member.report.metrics, &member});
  }
  lines.push_back({fusion.ensemble.model.name, "", fusion.ensemble.metrics});
  lines.push_back({"ceiling", "", fusion.ceiling});
  return lines;
}

using Trials = std::vector<std::optional<SpeedTrial>>;

/// The trials of all lines but the ceiling, in their order.
Trials trials_of(const Fusion& fusion) {
  Trials trials;
  for (const auto& member : fusion.members) trials.push_back(member.report.speed.trial);
  trials.push_back(fusion.ensemble.speed.trial);
  return trials;
}

bool has_trials(const Fusion& fusion) {
  const auto trials = trials_of(fusion);
  return std::ranges::any_of(trials, [](const auto& trial) { return trial.has_value(); });
}

/// Adds the speed of every line, in CSV with every digit; the ceiling has none.
void add_speed(Table& table, const Fusion& fusion, Format format) {
  const bool csv = format == Format::csv;
  const auto titles = csv ? exact_speed_titles() : speed_titles();
  table.columns.insert(table.columns.end(), titles.begin(), titles.end());
  const auto trials = trials_of(fusion);
  const auto why_not = doubts(trials);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    std::vector<std::string> cells(titles.size());
    if (i < trials.size())
      cells = csv ? exact_speed_cells(trials[i], why_not[i].empty()) : speed_cells(trials[i], why_not[i].empty());
    table.rows[i].insert(table.rows[i].end(), cells.begin(), cells.end());
  }
  std::vector<std::string> names;
  for (const auto& line : lines_of(fusion)) names.push_back(line.name);
  for (auto& note : speed_notes(trials, names)) table.notes.push_back(std::move(note));
  for (auto& title : minor_speed_titles()) table.minor.push_back(std::move(title));
}

std::vector<std::string> text_row(const Line& line) {
  std::vector<std::string> cells{line.name, line.weight};
  for (const auto& [name, e] : line.metrics)
    cells.push_back(in_percent(name) ? shown_with_interval(name, e) : shown(name, e.value));
  cells.push_back(line.member && !line.member->gains.empty()
                      ? shown_gain(line.member->gains.front().first, line.member->gains.front().second)
                      : "");
  return cells;
}

std::vector<std::string> csv_row(const Line& line) {
  std::vector<std::string> cells{line.name, line.member ? exact(line.member->weight) : ""};
  for (std::size_t i = 0; i < line.metrics.size(); ++i) {
    const auto& e = line.metrics[i].second;
    for (const double value : {e.value, e.low, e.high}) cells.push_back(exact(value));
    const auto gain = line.member ? line.member->gains.at(i).second : eval::Gain{};
    for (const double value : {gain.value, gain.low, gain.high, gain.p, gain.p_corrected}) {
      cells.push_back(line.member ? exact(value) : "");
    }
  }
  return cells;
}

std::vector<std::string> columns(const Fusion& fusion, Format format) {
  std::vector<std::string> all{"model", "weight"};
  for (const auto& [name, estimate] : fusion.ceiling) {
    if (format != Format::csv) {
      all.push_back(eval::metric(name).title);
      continue;
    }
    for (const char* part : {"", "_low", "_high", "_ensemble_gain", "_ensemble_gain_low", "_ensemble_gain_high",
                             "_ensemble_gain_p", "_ensemble_gain_p_corrected"}) {
      all.push_back(name + part);
    }
  }
  if (format != Format::csv)
    all.push_back(fmt::format("{} gain of the ensemble, points", eval::metric(fusion.ceiling[0].first).title));
  return all;
}

std::string sentence(const ErrorOverlap& o, std::size_t k) {
  const auto& c = o.counts;
  return fmt::format(
      "{} and {} at top-{}: both correct {}, only the first {}, only the second {}, both wrong {}; both make {} of "
      "all errors",
      o.a, o.b, k, c.both_right, c.only_a, c.only_b, c.both_wrong, percent(c.jaccard()));
}

std::string sentence(const Tuning& t) {
  auto text = fmt::format("weights: chosen on {} {} (top-1 {}, MRR {} there); this table has {} other queries",
                          t.queries, t.half ? "queries, half of them" : "queries of " + t.dataset,
                          shown("top1", t.top1), shown("mrr", t.mrr), t.reported);
  if (t.left_out) text += fmt::format("; {} queries chose nothing, because this table has the same photos", t.left_out);
  if (t.unread) text += fmt::format("; {} photos are unreadable now and were compared by id only", t.unread);
  return text;
}

std::vector<std::string> notes(const Fusion& fusion) {
  std::vector<std::string> all;
  if (fusion.tuning) all.push_back(sentence(*fusion.tuning));
  if (!fusion.exact)
    all.push_back(
        fmt::format("fused: only the first {} answers of each model, not the whole gallery", fusion.ensemble.depth));
  for (const auto& pair : fusion.overlaps) all.push_back(sentence(pair, fusion.k));
  all.push_back(fmt::format(
      "ceiling: the best model answers each query; gain: of the ensemble over the model of the line, on the same "
      "queries{}",
      fusion.members.size() > 1 ? fmt::format(", p corrected for {} models (Holm)", fusion.members.size()) : ""));
  return all;
}

}  // namespace

Table table_of(const Fusion& fusion, Format format) {
  Table table{describe(fusion.ensemble), columns(fusion, format), {}, notes(fusion)};
  for (std::size_t i = fusion.ceiling.size(); i-- > 1;)
    table.minor.push_back(eval::metric(fusion.ceiling[i].first).title);  // the last metric first
  for (const auto& line : lines_of(fusion))
    table.rows.push_back(format == Format::csv ? csv_row(line) : text_row(line));
  if (has_trials(fusion)) add_speed(table, fusion, format);
  if (format != Format::csv) add_answer(table, sentence(fusion), format);
  return table;
}

}  // namespace matcher::report
