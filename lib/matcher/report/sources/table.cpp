#include "matcher/report/table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"
#include "matcher/report/formats/formats.hpp"

namespace matcher::report {
namespace {

struct Writer {
  const char* name;
  std::string (*write)(const Table&, const Screen&);
};

/// In the order of Format, JSON left out.
#define MATCHER_WRITER(name) Writer{#name, write_##name},
constexpr std::array writers{MATCHER_TABLE_FORMATS(MATCHER_WRITER)};
#undef MATCHER_WRITER

using Names = std::vector<std::pair<std::string, Format>>;

Names table_and_json_names() {
  Names names;
  for (std::size_t i = 0; i < writers.size(); ++i) names.emplace_back(writers[i].name, Format(i));
  names.emplace_back("json", Format::json);
  return names;
}

/// "table, csv or json".
std::string listed(const Names& names) {
  std::string out = names.front().first;
  for (std::size_t i = 1; i < names.size(); ++i) out += (i + 1 < names.size() ? ", " : " or ") + names[i].first;
  return out;
}

Format find_format(const std::string& name, const Names& names) {
  for (const auto& [known, format] : names) {
    if (name == known) return format;
  }
  throw Error(ErrorCode::usage, name == "ndjson"
                                    ? fmt::format("only matcher query has the format ndjson; use {}", listed(names))
                                    : fmt::format("unknown format \"{}\"; use {}", name, listed(names)));
}

/// The letters and digits of a column's name, in small letters, up to a comma or a parenthesis.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : lower_case(name.substr(0, name.find_first_of(",(")))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  return plain;
}

std::string last_word(const std::string& name) {
  const auto end = name.find_first_of(",(");
  const auto whole = name.substr(0, end);
  return plain_name(whole.substr(whole.find_last_of(' ') + 1));
}

std::size_t find_column(const std::vector<std::string>& columns, const std::string& name) {
  const auto plain = plain_name(name);
  auto found = std::ranges::find(columns, name);
  if (found == columns.end()) found = std::ranges::find(columns, plain, plain_name);
  if (found == columns.end()) found = std::ranges::find(columns, plain, last_word);
  if (found != columns.end()) return std::size_t(found - columns.begin());
  throw Error(ErrorCode::usage, fmt::format("there is no column \"{}\". Use {}", name, fmt::join(columns, " | ")));
}

std::vector<std::string> picked(const std::vector<std::string>& cells, const std::vector<std::size_t>& places) {
  std::vector<std::string> some;
  for (const auto place : places) some.push_back(cells.at(place));
  return some;
}

}  // namespace

Format parse_format(const std::string& name) { return find_format(name, table_and_json_names()); }

Format parse_format_or_page(const std::string& name) {
  auto names = table_and_json_names();
  names.emplace_back("html", Format::html);
  return find_format(name, names);
}

Format parse_any_format(const std::string& name) {
  auto names = table_and_json_names();
  names.emplace_back("ndjson", Format::ndjson);
  names.emplace_back("html", Format::html);
  return find_format(name, names);
}

Table select_columns(Table table, const std::vector<std::string>& names) {
  if (names.empty()) return table;
  std::vector<std::size_t> places{0};
  for (const auto& name : names) {
    const auto place = find_column(table.columns, name);
    if (std::ranges::find(places, place) == places.end()) places.push_back(place);
  }
  Table out = table;
  out.columns = picked(table.columns, places);
  out.minor.clear();
  for (auto& row : out.rows) row = picked(row, places);
  std::erase_if(out.marks, [&](const Mark& mark) { return std::ranges::find(places, mark.column) == places.end(); });
  for (auto& mark : out.marks) mark.column = std::size_t(std::ranges::find(places, mark.column) - places.begin());
  return out;
}

std::string render(const Table& table, Format format, const Screen& screen) {
  if (format >= Format::json) throw Error(ErrorCode::unexpected, "a table has no form in JSON or HTML");
  return writers.at(std::size_t(format)).write(table, screen);
}

}  // namespace matcher::report
