#include "matcher/report/adaptation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "matcher/core/names.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

/// One line of the table: the base, or the adapted model, under a protocol.
struct Line {
  const AdaptationRow& row;
  const ModelIdentity& model;
  const Metrics& metrics;
  bool is_adapted = false;
};

std::vector<Line> lines_of(const Adaptation& a) {
  std::vector<Line> lines;
  for (const auto& row : a.rows) {
    lines.push_back({row, a.base, row.base});
    lines.push_back({row, a.model, row.adapted, true});
  }
  return lines;
}

std::string describe_settings(const AdaptationSettings& s, const ModelIdentity& model) {
  auto text = s.method;
  if (s.shrinkage) text += fmt::format(", shrinkage {}", *s.shrinkage);
  if (s.power) text += fmt::format(", power {}", *s.power);
  return text + fmt::format(", {} dimensions", model.dimension);
}

std::vector<std::string> caption(const Adaptation& a) {
  return {fmt::format("{}: {} mapped by {}", describe_with_device(a.model), a.base.name,
                      describe_settings(a.settings, a.model)),
          fmt::format("learnt on the gallery of {}: {} photos of {} products (data {})", a.dataset, a.photos,
                      a.products, short_fingerprint(a.data)),
          fmt::format("settings: {}", a.settings.reason)};
}

std::vector<std::string> columns(const Adaptation& a, Format format) {
  std::vector<std::string> all{format == Format::csv ? "protocol" : "queries from", "queries", "model"};
  if (a.rows.empty()) return all;
  for (const auto& [name, estimate] : a.rows[0].base) {
    if (format != Format::csv) {
      all.push_back(eval::metric(name).title);
      continue;
    }
    for (const char* part : {"", "_low", "_high", "_gain", "_gain_low", "_gain_high", "_gain_p", "_gain_p_corrected"})
      all.push_back(name + part);
  }
  if (format != Format::csv) {
    const auto first = a.rows[0].base.at(0).first;
    all.push_back(eval::metric(first).title + (in_percent(first) ? " gain, points" : " gain"));
  }
  return all;
}

std::vector<std::string> text_row(const Line& line) {
  std::vector<std::string> cells{title_of(line.row.protocol), fmt::format("{}", line.row.queries), line.model.name};
  for (const auto& [name, e] : line.metrics)
    cells.push_back(in_percent(name) ? shown_with_interval(name, e) : shown(name, e.value));
  const auto& [metric, gain] = line.row.gains.at(0);
  cells.push_back(line.is_adapted ? shown_gain(metric, gain) : "");
  return cells;
}

std::vector<std::string> csv_row(const Line& line) {
  std::vector<std::string> cells{name_of(line.row.protocol), fmt::format("{}", line.row.queries), line.model.name};
  for (std::size_t m = 0; m < line.metrics.size(); ++m) {
    const auto& e = line.metrics[m].second;
    for (const double value : {e.value, e.low, e.high}) cells.push_back(exact(value));
    const auto& gain = line.row.gains.at(m).second;
    for (const double value : {gain.value, gain.low, gain.high, gain.p, gain.p_corrected})
      cells.push_back(line.is_adapted ? exact(value) : "");
  }
  return cells;
}

std::string describe(const std::string& model, const CurvePoint& point) {
  std::vector<std::string> values;
  for (const auto& [name, e] : point.metrics) values.push_back(eval::metric(name).title + " " + shown(name, e.value));
  return fmt::format("the first {} dimensions of {}, on the dataset's own queries: {}", point.dimension, model,
                     fmt::join(values, ", "));
}

std::string describe(const AdaptationRow& row) {
  const auto queries = row.own_queries ? "the dataset's queries" : "photos of the gallery, searched among other series";
  switch (row.protocol) {
    case Protocol::new_photos:
      return fmt::format("{}: {} maps, each learnt without the series of photos that are its queries",
                         title_of(row.protocol), row.folds);
    case Protocol::new_products:
      return fmt::format("{}: {} maps, each learnt without the products that it is measured on; {}",
                         title_of(row.protocol), row.folds, queries);
    default:
      return fmt::format("{}: the map of this model", title_of(row.protocol));
  }
}

bool has_row(const Adaptation& a, Protocol protocol) {
  return std::ranges::count(a.rows, protocol, &AdaptationRow::protocol) > 0;
}

/// Says why rows are missing.
void note_unmeasured(Table& table, const Adaptation& a) {
  for (const auto protocol : {Protocol::new_photos, Protocol::new_products}) {
    if (has_row(a, protocol)) continue;
    table.notes.push_back(
        fmt::format("{}: not measured, because no product has photos of two series ({} photos, {} "
                    "series; --series)",
                    title_of(protocol), a.sample, a.series));
  }
  if (!has_row(a, Protocol::queries))
    table.notes.push_back(
        fmt::format("{}: not measured, because none has a label of the gallery", title_of(Protocol::queries)));
}

}  // namespace

Table table_of(const Adaptation& a, Format format) {
  Table table{caption(a), columns(a, format), {}, {}};
  for (std::size_t i = table.columns.size(); i-- > 4;)
    table.minor.push_back(table.columns[i]);  // the last metric first
  std::erase(table.minor, table.columns.back());
  for (const auto& line : lines_of(a)) table.rows.push_back(format == Format::csv ? csv_row(line) : text_row(line));
  if (format == Format::csv) return table;
  for (const auto& row : a.rows) table.notes.push_back(describe(row));
  note_unmeasured(table, a);
  for (const auto& point : a.curve) table.notes.push_back(describe(a.model.name, point));
  for (const auto& point : a.base_curve) table.notes.push_back(describe(a.base.name, point));
  if (!a.rows.empty())
    table.notes.push_back(
        fmt::format("gain: over the base on the same queries, products drawn together; p corrected for "
                    "{} rows (Holm)",
                    a.rows.size()));
  add_answer(table, sentence(a), format);
  return table;
}

}  // namespace matcher::report
