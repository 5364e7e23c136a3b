#include "matcher/report/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "matcher/core/csv.hpp"
#include "matcher/core/error.hpp"
#include "matcher/core/file.hpp"
#include "matcher/core/names.hpp"
#include "matcher/report/tables/cells.hpp"
#include "matcher/report/tables/latex.hpp"

namespace matcher::report {
namespace {

/// Columns on a terminal: a byte that continues a UTF-8 character takes no room.
std::size_t width_of(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool is_number(const std::string& cell) {
  return !cell.empty() && (std::isdigit(static_cast<unsigned char>(cell[0])) || cell[0] == '+' || cell[0] == '-');
}

}  // namespace

bool is_number_column(const Table& table, std::size_t column) {
  const auto fits = [&](const auto& row) { return row[column].empty() || is_number(row[column]); };
  return !table.rows.empty() && std::ranges::all_of(table.rows, fits);
}

namespace {

std::string pad(const std::string& cell, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, width_of(cell)), ' ');
  return right ? blanks + cell : cell + blanks;
}

/// The width of each column, and whether it is set right.
struct Layout {
  std::vector<std::size_t> width;
  std::vector<bool> right;

  explicit Layout(const Table& table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      width.push_back(width_of(table.columns[i]));
      for (const auto& row : table.rows) width[i] = std::max(width[i], width_of(row[i]));
      right.push_back(is_number_column(table, i));
    }
  }

  std::string line(const std::vector<std::string>& row, const char* between, bool header = false) const {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(pad(row[i], width[i], right[i] && !header));
    return fmt::format("{}", fmt::join(cells, between));
  }
};

std::string as_text(const Table& table) {
  const Layout layout(table);
  std::string out;
  for (const auto& line : table.caption) out += line + '\n';
  if (!table.caption.empty()) out += '\n';
  const auto add = [&](std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  };
  add(layout.line(table.columns, "  ", true));
  for (const auto& row : table.rows) add(layout.line(row, "  "));
  if (!table.notes.empty()) out += '\n';
  for (const auto& line : table.notes) out += line + '\n';
  return out;
}

std::string as_markdown(const Table& table) {
  const Layout layout(table);
  std::string out;
  for (const auto& line : table.caption) out += line + "\n\n";
  out += "| " + layout.line(table.columns, " | ", true) + " |\n|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += std::string(layout.width[i] + 1, '-') + (layout.right[i] ? ":|" : "-|");
  }
  out += '\n';
  for (const auto& row : table.rows) out += "| " + layout.line(row, " | ") + " |\n";
  for (const auto& line : table.notes) out += "\n" + line + '\n';
  return out;
}

std::string as_csv(const Table& table) {
  std::string out = csv_line(table.columns);
  for (const auto& row : table.rows) out += csv_line(row);
  return out;
}

}  // namespace

Format parse_format(const std::string& name) {
  const std::map<std::string, Format> formats{{"table", Format::table},
                                              {"markdown", Format::markdown},
                                              {"csv", Format::csv},
                                              {"latex", Format::latex},
                                              {"json", Format::json}};
  if (const auto found = formats.find(name); found != formats.end()) return found->second;
  throw Error(ErrorCode::usage, fmt::format("unknown format \"{}\"; use table, markdown, csv, latex or json", name));
}

std::string render(const Table& table, Format format) {
  switch (format) {
    case Format::table:
      return as_text(table);
    case Format::markdown:
      return as_markdown(table);
    case Format::csv:
      return as_csv(table);
    case Format::latex:
      return as_latex(table);
    case Format::json:
      break;
  }
  throw Error(ErrorCode::unexpected, "a table has no JSON form");
}

namespace {

std::string describe_unknown(const Data& d) {
  if (d.unknown_labels.empty()) {
    return fmt::format("left out of every metric: {} queries without a right answer in the gallery", d.unknown_queries);
  }
  return fmt::format("left out of every metric: {} queries of {} labels that no gallery item has", d.unknown_queries,
                     d.unknown_labels.size());
}

/// Of a model that another system ran nothing but its name is known.
std::string describe_with_device(const ModelIdentity& m) {
  if (m.fingerprint.empty()) return m.name;
  return fmt::format("{} ({}-d, {}, {}, {})", m.name, m.dimension, m.precision, m.device,
                     short_fingerprint(m.fingerprint));
}

std::string describe(const Speed& s) {
  return fmt::format("{} images/s embedded; {:.2f} ms a search (median), {:.2f} ms (95th percentile)",
                     rate(s.images_per_second), s.search_ms_p50, s.search_ms_p95);
}

/// In points for rates; what rounds to nothing has no sign.
std::string amount(const std::string& metric, double loss) {
  const auto text = is_rate(metric) ? fmt::format("{:.1f}", 100 * loss) : fmt::format("{:.4f}", loss);
  return text.find_first_not_of("-0.") == std::string::npos && text[0] == '-' ? text.substr(1) : text;
}

/// Nothing where all is lost by the model.
void note_losses(Table& table, const Report& r) {
  for (const auto& [name, loss] : r.losses) {
    if (loss.ties == 0 && loss.quantisation == 0 && loss.approximation == 0) continue;
    table.notes.push_back(fmt::format("{} loses {}{}: the model {}, equal scores {}, quantisation {}, approximation {}",
                                      title(name),
                                      amount(name, loss.model + loss.ties + loss.quantisation + loss.approximation),
                                      is_rate(name) ? " points" : "", amount(name, loss.model), amount(name, loss.ties),
                                      amount(name, loss.quantisation), amount(name, loss.approximation)));
  }
}

void note_near_duplicates(Table& table, const NearDuplicates& found) {
  if (found.copies + found.near == 0) return;
  std::vector<std::string> values;
  for (const auto& [name, e] : found.without) values.push_back(title(name) + " " + shown(name, e));
  table.notes.push_back(
      fmt::format("near-duplicates in the gallery: {} queries with the same bytes, {} with a cosine of {} or more; {}",
                  found.copies, found.near, found.limit,
                  found.others == 0 ? std::string("no query is without")
                                    : fmt::format("the {} without: {}", found.others, fmt::join(values, ", "))));
}

}  // namespace

std::vector<std::string> describe(const Report& r) {
  const auto& d = r.dataset;
  std::vector<std::string> lines{fmt::format("{}: {}", d.name, d.protocol.empty() ? "no protocol named" : d.protocol),
                                 fmt::format("gallery: {} items{}; queries: {}{}; answers kept: {}", d.gallery,
                                             d.labels ? fmt::format(" of {} labels", d.labels) : "", d.queries,
                                             r.index.empty() ? "" : "; search: " + r.index, r.depth)};
  if (d.unknown_queries) lines.push_back(describe_unknown(d));
  if (d.gallery_failures + d.query_failures) {
    lines.push_back(fmt::format("pictures that could not be used: {} of the gallery, {} of the queries",
                                d.gallery_failures, d.query_failures));
  }
  if (d.self_matches) lines.push_back(fmt::format("left out of the answers as the query itself: {}", d.self_matches));
  return lines;
}

Table table_of(const Report& r, Format format) {
  Table table{describe(r), {"metric", "value", "95 % interval"}, {}, {}};
  table.caption.insert(table.caption.begin(), describe_with_device(r.model));
  if (format == Format::csv) table.columns = {"metric", "value", "low", "high"};
  for (const auto& [name, e] : r.metrics) {
    if (format == Format::csv) {
      table.rows.push_back({name, exact(e.value), exact(e.low), exact(e.high)});
    } else {
      table.rows.push_back({title(name), shown(name, e), shown_interval(name, e)});
    }
  }
  if (format != Format::csv) note_losses(table, r);
  if (format != Format::csv && r.near_duplicates) note_near_duplicates(table, *r.near_duplicates);
  if (r.speed.search_ms_p50 > 0) table.notes.push_back(describe(r.speed));
  return table;
}

}  // namespace matcher::report
