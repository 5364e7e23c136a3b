#include "matcher/dataset/formats/csv_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/text.hpp"

namespace matcher::dataset {
namespace {

/// Converts the number of a column, from 1, to its index.
std::optional<std::size_t> numbered(const std::string& text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0) return std::nullopt;
  return number - 1;
}

/// Without a byte order mark, a space of no width, or a space that does not break, at either end: programs that join
/// or format tables leave them in headers, where nobody sees them.
std::string without_invisible(std::string_view name) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view mark : {"\ufeff", "\u200b", "\u00a0", " "}) {
      if (name.starts_with(mark)) name.remove_prefix(mark.size()), again = true;
      if (name.ends_with(mark)) name.remove_suffix(mark.size()), again = true;
    }
  }
  return std::string(name);
}

bool wider_than(const CsvRow& row, std::size_t width) {
  return row.fields.size() > width &&
         std::any_of(row.fields.begin() + std::ptrdiff_t(width), row.fields.end(), [](auto& f) { return !f.empty(); });
}

}  // namespace

Table::Table(const fs::path& path, const Options& options, const std::vector<std::string>& words)
    : name_(path.string()), rows_(read_foreign_csv(path, options.trim)) {
  if (rows_.empty()) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", name_));
  if (options.header) take_header();
  for (const auto& word : words) {
    const auto asked = options.columns.find(word);
    if (asked != options.columns.end()) {
      options.header ? bind_name(word, asked->second) : bind_number(word, asked->second);
    } else if (!places_of(word).empty()) {
      bind_name(word, word);
    }
  }
}

void Table::take_header() {
  header_ = std::move(rows_.front().fields);
  for (auto& name : header_) name = without_invisible(name);
  rows_.erase(rows_.begin());
  const auto wide =
      std::find_if(rows_.begin(), rows_.end(), [&](auto& row) { return wider_than(row, header_.size()); });
  if (wide == rows_.end()) return;
  throw Error(ErrorCode::input,
              fmt::format("{}: {} fields, but the header has {}. Put quotes around a field that holds a comma",
                          where(*wide), wide->fields.size(), header_.size()));
}

/// The places of a name in the header; without an exact match, in any case.
std::vector<std::size_t> Table::places_of(const std::string& column) const {
  std::vector<std::size_t> exact, similar;
  for (std::size_t i = 0; i < header_.size(); ++i) {
    if (header_[i] == column) exact.push_back(i);
    if (lower_case(header_[i]) == lower_case(column)) similar.push_back(i);
  }
  return exact.empty() ? similar : exact;
}

void Table::bind_name(const std::string& word, const std::string& column) {
  const auto places = places_of(column);
  if (places.size() > 1) {
    throw Error(ErrorCode::input,
                fmt::format("{}:1: the column \"{}\" comes twice. Rename or remove one, or give its number in a "
                            "dataset.yaml: columns: {{{}: {}}}",
                            name_, column, word, places[0] + 1));
  }
  if (places.size() == 1) {
    index_[word] = places[0];
  } else if (const auto number = numbered(column); number && *number < header_.size()) {
    index_[word] = *number;
  } else {
    fail_column(column);
  }
}

void Table::bind_number(const std::string& word, const std::string& column) {
  const auto number = numbered(column);
  if (!number) {
    throw Error(ErrorCode::input,
                fmt::format("{} has no header, so the column of \"{}\" must be a number from 1, not \"{}\"", name_,
                            word, column));
  }
  index_[word] = *number;
}

void Table::fail_column(const std::string& column) const {
  if (header_.empty()) {
    throw Error(ErrorCode::input,
                fmt::format("{} has no header. Give the number of the column \"{}\" under \"columns\"", name_, column));
  }
  const auto near = nearest_name(column, header_);
  throw Error(ErrorCode::input,
              fmt::format("{}:1: no column \"{}\". The columns are: {}{}", name_, column, fmt::join(header_, ", "),
                          near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

void Table::require(const std::string& word) const {
  if (!has(word)) fail_column(word);
}

std::string Table::value(const CsvRow& row, const std::string& word) const {
  const auto found = index_.find(word);
  if (found == index_.end()) return {};
  if (found->second < row.fields.size()) return row.fields[found->second];
  throw Error(ErrorCode::input, fmt::format("{}: too few fields: {}, but \"{}\" is column {}", where(row),
                                            row.fields.size(), word, found->second + 1));
}

std::string Table::where(const CsvRow& row) const { return fmt::format("{}:{}", name_, row.line); }

}  // namespace matcher::dataset
