#include "matcher/dataset/formats/csv_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "matcher/core/error.hpp"
#include "matcher/core/names.hpp"
#include "matcher/core/text.hpp"
#include "matcher/files/paths.hpp"

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

/// The character of a key of a dataset.yaml; '\0' if it is "".
char single(const std::string& text, const char* key, const std::string& file) {
  if (text.size() <= 1) return text.empty() ? '\0' : text[0];
  if (text == "space") return ' ';
  if (text == "tab" || text == "\\t") return '\t';
  throw Error(ErrorCode::usage, fmt::format("\"{}\": {} \"{}\" must be one character, tab or space", file, key, text));
}

CsvOptions csv_options(const Table::Options& options, const std::string& file) {
  const auto& style = options.style;
  return {.trim = options.trim,
          .separator = single(style.separator, "delimiter", file),
          .quote = single(style.quote, "quote", file),
          .comment = single(style.comment, "comment", file),
          .skip = style.skip_lines};
}

}  // namespace

CsvText::CsvText(const fs::path& path, const CsvStyle& style) {
  constexpr std::uintmax_t large = 64 << 20;
  const auto encoding = style.encoding.empty() ? Encoding::automatic : parse_encoding(style.encoding);
  std::error_code ignored;
  if (is_file(path) && fs::file_size(path, ignored) >= large && encoding != Encoding::latin1) {
    mapped_ = MappedFile(path);
    text_ = {reinterpret_cast<const char*>(mapped_.bytes().data()), mapped_.bytes().size()};
    refuse_binary(text_.substr(0, 4096), path.string());
    if (text_.substr(0, 4096).find('\0') == std::string_view::npos && !text_.starts_with("\xff\xfe") &&
        !text_.starts_with("\xfe\xff")) {
      check_utf8(text_, path.string());
      return;
    }
  }
  owned_ = to_valid_utf8(read_text(path), path.string(), encoding);
  text_ = owned_;
}

void CsvText::release_before(std::size_t at) {
  constexpr std::size_t step = 32 << 20;
  if (!owned_.empty() || at < released_ + step) return;
  release_pages(mapped_.bytes().subspan(released_, at - released_));
  released_ = at;
}

std::optional<CsvRow> read_first_row(const fs::path& path) {
  constexpr std::size_t most = 1 << 20;
  auto in = open_for_reading(path);
  std::string start(most, '\0');
  in.read(start.data(), std::streamsize(most));
  start.resize(std::size_t(in.gcount()));
  if (start.size() == most) start.resize(std::max<std::size_t>(start.rfind('\n'), 2) / 2 * 2);
  const auto text = to_utf8(std::move(start), path.string());
  const auto name = path.string();
  CsvRow row;
  return CsvReader(text, name, {.trim = true, .separator = '\0'}).next(row) ? std::optional(row) : std::nullopt;
}

Table::Table(const fs::path& path, const Options& options, const std::vector<std::string>& words)
    : name_(path.string()), text_(path, options.style), reader_(text_.text(), name_, csv_options(options, name_)) {
  CsvRow first;
  if (!reader_.next(first)) throw Error(ErrorCode::input, fmt::format("\"{}\" is empty", name_));
  if (options.header) {
    for (const auto& name : first.fields) header_.push_back(without_invisible(name));
  } else {
    first_ = std::move(first);
  }
  for (const auto& word : words) {
    const auto asked = options.columns.find(word);
    if (asked != options.columns.end()) {
      options.header ? bind_name(word, asked->second) : bind_number(word, asked->second);
    } else if (!places_of(word).empty()) {
      bind_name(word, word);
    }
  }
}

bool Table::next(CsvRow& row) {
  while (next_good(row)) {
    if (header_.empty() || !wider_than(row, header_.size())) return true;
    if (wide_.empty()) wide_fields_ = row.fields.size();
    wide_.push_back(row.line);
  }
  if (!wide_.empty()) fail_wide();
  return false;
}

bool Table::next_good(CsvRow& row) {
  if (first_) {
    row = *std::exchange(first_, std::nullopt);
    return true;
  }
  text_.release_before(reader_.at());
  return reader_.next(row);
}

void Table::fail_wide() const {
  constexpr std::size_t most = 5;
  const auto shown = std::min(wide_.size(), most);
  std::string others;
  if (shown > 1) {
    others = fmt::format("; also line{} {}{}", shown > 2 ? "s" : "",
                         fmt::join(wide_.begin() + 1, wide_.begin() + std::ptrdiff_t(shown), ", "),
                         wide_.size() > shown ? fmt::format(" and {} more", wide_.size() - shown) : "");
  }
  throw Error(ErrorCode::input, fmt::format("{}:{}: {} fields, but the header has {}{}. Put quotes around a field that "
                                            "holds a comma",
                                            name_, wide_[0], wide_fields_, header_.size(), others));
}

std::size_t Table::count_lines() const { return std::size_t(std::ranges::count(text_.text(), '\n')); }

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

std::optional<std::size_t> Table::find(const std::string& word) const {
  const auto found = index_.find(word);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::pair<std::size_t, std::string>> Table::unbound() const {
  std::vector<std::pair<std::size_t, std::string>> all;
  for (std::size_t place = 0; place < header_.size(); ++place) {
    if (std::ranges::none_of(index_, [&](const auto& bound) { return bound.second == place; }))
      all.emplace_back(place, header_[place]);
  }
  return all;
}

const std::string& Table::field(const CsvRow& row, const std::optional<std::size_t>& place, const char* word) const {
  static const std::string none;
  if (!place) return none;
  if (*place < row.fields.size()) return row.fields[*place];
  throw Error(ErrorCode::input, fmt::format("{}: too few fields: {}, but \"{}\" is column {}", where(row),
                                            row.fields.size(), word, *place + 1));
}

std::string Table::where(const CsvRow& row) const { return fmt::format("{}:{}", name_, row.line); }

}  // namespace matcher::dataset
