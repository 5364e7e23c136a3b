#include "matcher/report/fusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

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
      "{} and {} at top-{}: both right {}, only the first {}, only the second {}, both wrong {}; of all "
      "errors {:.0f} % are of both",
      o.a, o.b, k, c.both_right, c.only_a, c.only_b, c.both_wrong, 100 * c.jaccard());
}

std::string sentence(const Tuning& t) {
  auto text = t.half ? fmt::format(
                           "weights: chosen on {} queries, a half by hash of their ids, none of which is among "
                           "the {} of this table",
                           t.queries, t.reported)
                     : fmt::format("weights: chosen on {} queries of {}, none of which is among the {} of this table",
                                   t.queries, t.dataset, t.reported);
  text += fmt::format("; there the ensemble has top-1 {} and MRR {}", shown("top1", t.top1), shown("mrr", t.mrr));
  if (t.left_out) text += fmt::format("; left out because they are photos of this table too: {}", t.left_out);
  if (t.unread) text += fmt::format("; photos that are unreadable now, compared by id only: {}", t.unread);
  return text;
}

std::vector<std::string> notes(const Fusion& fusion) {
  std::vector<std::string> all;
  if (fusion.tuning) all.push_back(sentence(*fusion.tuning));
  if (!fusion.exact)
    all.push_back(
        fmt::format("fused: the first {} answers of each model, not the whole gallery", fusion.ensemble.depth));
  for (const auto& pair : fusion.overlaps) all.push_back(sentence(pair, fusion.k));
  all.push_back(fmt::format(
      "ceiling: the best model of each query, so right in any of them; gain: over the model of its line, on "
      "the same queries{}",
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
  return table;
}

}  // namespace matcher::report
