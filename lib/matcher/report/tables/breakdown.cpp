#include "matcher/eval/breakdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/report/tables.hpp"
#include "matcher/report/tables/caption.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {
namespace {

std::string count(std::size_t number) { return fmt::format("{}", number); }

std::vector<std::string> csv_cells(const eval::Group& g) {
  return {count(g.queries),   count(g.gallery), exact(g.top1.value), exact(g.top1.low),
          exact(g.top1.high), exact(g.mrr),     exact(g.map)};
}

std::vector<std::string> cells(const eval::Group& g) {
  return {count(g.queries),    count(g.gallery),   shown("top1", g.top1.value), shown_interval("top1", g.top1),
          shown("mrr", g.mrr), shown("map", g.map)};
}

void add(Table& table, std::vector<std::string> names, const std::vector<std::string>& numbers) {
  names.insert(names.end(), numbers.begin(), numbers.end());
  table.rows.push_back(std::move(names));
}

std::vector<std::string> with(std::vector<std::string> names, Format format) {
  const std::vector<std::string> csv{"queries", "gallery", "top1", "top1_low", "top1_high", "mrr", "map"};
  const std::vector<std::string> text{"queries", "gallery", "top-1", "95 % interval", "MRR", "mAP"};
  const auto& more = format == Format::csv ? csv : text;
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

void note_left_out(Table& table, std::size_t rows, const char* what) {
  if (rows) table.notes.push_back(fmt::format("left out: {} more {}", rows, what));
}

Table by_label(const Report& r, Format format) {
  const bool csv = format == Format::csv;
  Table table{describe(r),
              with(csv ? std::vector<std::string>{"label", "name"} : std::vector<std::string>{"label"}, format),
              {},
              {},
              {"mAP", "MRR", "gallery"}};
  for (const auto& group : r.breakdown.labels) {
    if (csv)
      add(table, {group.key, name_of(r, group.key)}, csv_cells(group));
    else
      add(table, {name_of(r, group.key)}, cells(group));
  }
  if (table.rows.empty()) table.notes.push_back("the labels of the queries are unknown");
  note_left_out(table, r.left_out.labels, "labels, with fewer wrong first answers");
  return table;
}

Table by_category(const Report& r, Format format) {
  Table table{describe(r), with({"category"}, format), {}, {}, {"mAP", "MRR", "gallery"}};
  for (const auto& group : r.breakdown.categories) {
    add(table, {group.key}, format == Format::csv ? csv_cells(group) : cells(group));
  }
  if (table.rows.empty()) table.notes.push_back("no query has a category");
  note_left_out(table, r.left_out.categories, "categories, with fewer wrong first answers");
  return table;
}

std::vector<std::string> confused_row(const Report& r, const eval::Confusion& c) {
  return {name_of(r, c.label), name_of(r, c.answered), count(c.count), count(c.queries),
          shown("top1", double(c.count) / double(c.queries))};
}

Table by_confusion(const Report& r, Format format) {
  Table table{describe(r), {"label", "answered", "queries", "of", "share"}, {}, {}};
  if (format == Format::csv) table.columns = {"label", "name", "answered", "answered_name", "count", "queries"};
  for (const auto& c : r.breakdown.confused) {
    if (format == Format::csv)
      table.rows.push_back(
          {c.label, name_of(r, c.label), c.answered, name_of(r, c.answered), count(c.count), count(c.queries)});
    else
      table.rows.push_back(confused_row(r, c));
  }
  if (table.rows.empty()) table.notes.push_back("no first answer of a known label is wrong");
  note_left_out(table, r.left_out.confused, "pairs, of fewer queries");
  return table;
}

const std::vector<eval::Group>& groups_of(const Report& r, const std::string& by) {
  return by == "category" ? r.breakdown.categories : r.breakdown.labels;
}

/// Top-1 of a group in a report; empty if the report does not list the group.
std::string cell_of(const Report& r, const std::string& by, const std::string& key, Format format) {
  const auto& groups = groups_of(r, by);
  const auto group = std::ranges::find(groups, key, &eval::Group::key);
  if (group == groups.end()) return {};
  return format == Format::csv ? exact(group->top1.value) : shown("top1", group->top1.value);
}

}  // namespace

Table table_by(const Comparison& c, const std::string& by, Format format) {
  const auto& first = c.rows.at(0).report;
  Table table{describe(first), {by}, {}, {}};
  if (format == Format::csv && by == "label") table.columns.emplace_back("name");
  table.columns.emplace_back("queries");
  for (const auto& row : c.rows) table.columns.push_back(name_of(row, c));
  for (const auto& group : groups_of(first, by)) {
    auto& cells = table.rows.emplace_back();
    cells.push_back(format == Format::csv ? group.key : name_of(first, group.key));
    if (format == Format::csv && by == "label") cells.push_back(name_of(first, group.key));
    cells.push_back(count(group.queries));
    for (const auto& row : c.rows) cells.push_back(cell_of(row.report, by, group.key, format));
  }
  table.notes.push_back(table.rows.empty() ? "no query has a " + by : "top-1 of every model");
  note_left_out(table, by == "label" ? first.left_out.labels : first.left_out.categories,
                "rows, with fewer wrong first answers");
  return table;
}

Table table_by(const Report& report, const std::string& by, Format format) {
  if (by == "label") return by_label(report, format);
  if (by == "category") return by_category(report, format);
  if (by == "confused") return by_confusion(report, format);
  throw Error(ErrorCode::usage, fmt::format("there is no table by \"{}\"; use label, category or confused", by));
}

}  // namespace matcher::report
