#include "matcher/report/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "matcher/core/csv.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/report/cells.hpp"

namespace matcher::report {
namespace {

/// Columns on a terminal: a byte that continues a UTF-8 character takes no room.
std::size_t width_of(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(const std::string& cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) || cell[0] == '+' || cell[0] == '-');
}

std::string pad(const std::string& cell, std::size_t width) {
  const std::string blanks(width - std::min(width, width_of(cell)), ' ');
  return is_number(cell) ? blanks + cell : cell + blanks;
}

std::vector<std::size_t> widths(const Table& table) {
  std::vector<std::size_t> all;
  for (const auto& column : table.columns) all.push_back(width_of(column));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) all[i] = std::max(all[i], width_of(row[i]));
  }
  return all;
}

std::string join(const std::vector<std::string>& row, const std::vector<std::size_t>& width, const char* between) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(pad(row[i], width[i]));
  return fmt::format("{}", fmt::join(cells, between));
}

std::string as_text(const Table& table) {
  const auto width = widths(table);
  std::string out;
  for (const auto& line : table.caption) out += line + '\n';
  if (!table.caption.empty()) out += '\n';
  const auto add = [&](std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  add(join(table.columns, width, "  "));
  for (const auto& row : table.rows) add(join(row, width, "  "));
  if (!table.notes.empty()) out += '\n';
  for (const auto& line : table.notes) out += line + '\n';
  return out;
}

std::string as_markdown(const Table& table) {
  const auto width = widths(table);
  std::string out;
  for (const auto& line : table.caption) out += line + "\n\n";
  out += "| " + join(table.columns, width, " | ") + " |\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const bool number = !table.rows.empty() && is_number(table.rows.back()[i]);
    out += std::string(width[i] + 1, '-') + (number ? ":|" : "-|");
  }
  out += '\n';
  for (const auto& row : table.rows) out += "| " + join(row, width, " | ") + " |\n";
  for (const auto& line : table.notes) out += "\n" + line + '\n';
  return out;
}

std::string as_csv(const Table& table) {
  std::string out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace

std::string percent(double value) { return fmt::format("{:.1f} %", 100 * value); }
std::string fraction(double value) { return fmt::format("{:.6f}", value); }

/// mrr and map are means of fractions and are shown as such; rates are shown in percent.
bool is_rate(const std::string& metric) { return metric.starts_with("top"); }

std::string shown(const std::string& metric, double value) {
  return is_rate(metric) ? percent(value) : fmt::format("{:.4f}", value);
}

std::string title(const std::string& metric) {
  if (is_rate(metric)) return "top-" + metric.substr(3);
  return metric == "mrr" ? "MRR" : metric == "map" ? "mAP" : metric;
}

std::string rate(double per_second) {
  return per_second >= 100 ? fmt::format("{:.0f}", per_second) : fmt::format("{:.1f}", per_second);
}

Format parse_format(const std::string& name) {
  const std::map<std::string, Format> formats{
      {"table", Format::table}, {"markdown", Format::markdown}, {"csv", Format::csv}, {"json", Format::json}};
  if (const auto found = formats.find(name); found != formats.end()) return found->second;
  throw Error(ErrorCode::usage, fmt::format("unknown format \"{}\"; use table, markdown, csv or json", name));
}

std::string render(const Table& table, Format format) {
  switch (format) {
    case Format::table:
      return as_text(table);
    case Format::markdown:
      return as_markdown(table);
    case Format::csv:
      return as_csv(table);
    case Format::json:
      break;
  }
  throw Error(ErrorCode::unexpected, "a table has no JSON form");
}

std::vector<std::string> describe(const Report& r) {
  const auto& d = r.dataset;
  std::vector<std::string> lines{
      fmt::format("{}: {}", d.name, d.protocol.empty() ? "no protocol named" : d.protocol),
      fmt::format("gallery: {} items of {} labels; queries: {}; search: {}; answers kept: {}", d.gallery, d.labels,
                  d.queries, r.index, r.depth)};
  if (d.unknown_queries) {
    lines.push_back(fmt::format("left out of every metric: {} queries of {} labels that no gallery item has",
                                d.unknown_queries, d.unknown_labels.size()));
  }
  if (d.gallery_failures + d.query_failures) {
    lines.push_back(fmt::format("pictures that could not be used: {} of the gallery, {} of the queries",
                                d.gallery_failures, d.query_failures));
  }
  if (d.self_matches) lines.push_back(fmt::format("left out of the answers as the query itself: {}", d.self_matches));
  return lines;
}

Table table_of(const Report& r, Format format) {
  Table table{describe(r), {"metric", "value", "95 % interval"}, {}, {}};
  table.caption.insert(table.caption.begin(),
                       fmt::format("{} ({}-d, {}, {}, {})", r.model.name, r.model.dimension, r.model.precision,
                                   r.model.device, short_fingerprint(r.model.fingerprint)));
  if (format == Format::csv) table.columns = {"metric", "value", "low", "high"};
  for (const auto& [name, e] : r.metrics) {
    if (format == Format::csv) {
      table.rows.push_back({name, fraction(e.value), fraction(e.low), fraction(e.high)});
    } else {
      table.rows.push_back(
          {title(name), shown(name, e.value), fmt::format("{} to {}", shown(name, e.low), shown(name, e.high))});
    }
  }
  table.notes.push_back(fmt::format("{} images/s embedded; {:.2f} ms a search (median), {:.2f} ms (95th percentile)",
                                    rate(r.speed.images_per_second), r.speed.search_ms_p50, r.speed.search_ms_p95));
  return table;
}

}  // namespace matcher::report
