#include "matcher/files/csv.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/core/error.hpp"
#include "matcher/core/text.hpp"

namespace matcher {
namespace {

constexpr std::string_view separators = ",;\t|";

/// The separator of a first line such as `sep=;`, which Excel writes; '\0' without one.
char named_separator(std::string_view text) {
  const auto line = text.substr(0, text.find_first_of("\r\n"));
  const bool names_one = line.size() == 5 && lower_case(line).starts_with("sep=");
  return names_one && separators.find(line[4]) != std::string_view::npos ? line[4] : '\0';
}

/// The first line, without its quoted parts.
std::string plain_first_line(std::string_view text) {
  std::string line;
  bool is_quoted = false;
  for (const char c : text) {
    if (c == '"') is_quoted = !is_quoted;
    if (!is_quoted && (c == '\n' || c == '\r')) break;
    if (!is_quoted) line += c;
  }
  return line;
}

std::string quoted_if_needed(const std::string& field) {
  const bool plain = field.find_first_of(",\"\r\n") == std::string::npos &&
                     (field.empty() || (field.front() != ' ' && field.back() != ' '));
  if (plain) return field;
  std::string out = "\"";
  for (char c : field) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + '"';
}

}  // namespace

char find_separator(std::string_view text) {
  if (const char named = named_separator(text); named != '\0') return named;
  const auto line = plain_first_line(text);
  const auto count = [&](char c) { return std::count(line.begin(), line.end(), c); };
  char best = ',';
  for (const char c : separators)
    if (count(c) > count(best) && line.find(c) < line.find(',')) best = c;
  return best;
}

CsvReader::CsvReader(std::string_view text, const std::string& name, const CsvOptions& options)
    : text_(text), name_(name), options_(options) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  skip_lines(options.skip);
  while (options_.comment != '\0' && at_ < text_.size() && text_[at_] == options_.comment) skip_lines(1);
  if (options_.separator != '\0') return;
  const auto rest = text_.substr(at_);
  options_.separator = find_separator(rest);
  if (named_separator(rest) != '\0') skip_lines(1);
}

bool CsvReader::next(CsvRow& row) {
  while (at_ < text_.size()) {
    if (options_.comment != '\0' && text_[at_] == options_.comment) {
      skip_lines(1);
      continue;
    }
    read_row(row);
    if (row.fields.size() > 1 || !row.fields[0].empty()) return true;
  }
  return false;
}

void CsvReader::skip_lines(std::size_t count) {
  for (; count > 0 && at_ < text_.size(); --count) {
    at_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
    end_line();
  }
}

void CsvReader::read_row(CsvRow& row) {
  row.line = line_;
  std::size_t count = 0;
  skip_blanks();
  do {
    if (row.fields.size() == count) row.fields.emplace_back();
    read_field(row.fields[count++]);
    skip_blanks();
  } while (more_fields());
  row.fields.resize(count);
  end_line();
}

/// Blanks that separate fields count as one separator, and not at the ends of a line.
void CsvReader::skip_blanks() {
  if (options_.separator != ' ') return;
  at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
}

bool CsvReader::more_fields() {
  if (at_ == text_.size()) return false;
  if (options_.separator == ' ') return text_[at_] != '\r' && text_[at_] != '\n';
  return text_[at_] == options_.separator && ++at_ > 0;
}

void CsvReader::read_field(std::string& field) {
  const auto first = options_.trim ? std::min(text_.find_first_not_of(blanks(), at_), text_.size()) : at_;
  const bool is_quoted = options_.quote != '\0' && first < text_.size() && text_[first] == options_.quote;
  field.clear();
  is_quoted ? read_quoted(field, first) : read_plain(field);
}

void CsvReader::read_plain(std::string& field) {
  auto end = at_;
  const auto other = options_.separator == ' ' ? '\t' : options_.separator;
  while (end < text_.size() && text_[end] != options_.separator && text_[end] != other && text_[end] != '\n' &&
         text_[end] != '\r')
    ++end;
  const auto found = text_.substr(at_, end - at_);
  at_ = end;
  field += options_.trim ? trimmed(found) : found;
}

/// A tab that separates fields is not a space around one.
std::string_view CsvReader::blanks() const { return options_.separator == '\t' ? " " : " \t"; }

std::string_view CsvReader::trimmed(std::string_view field) const {
  const auto first = field.find_first_not_of(blanks());
  if (first == std::string_view::npos) return {};
  return field.substr(first, field.find_last_not_of(blanks()) - first + 1);
}

void CsvReader::read_quoted(std::string& field, std::size_t open) {
  const auto opened = line_;
  for (at_ = open + 1; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != options_.quote) {
      field += text_[at_];
    } else if (at_ + 1 < text_.size() && text_[at_ + 1] == options_.quote) {
      field += text_[at_++];
    } else {
      ++at_;
      return read_plain(field);
    }
  }
  throw Error(ErrorCode::input, fmt::format("{}:{}: a quote opens here and never closes", name_, opened));
}

void CsvReader::end_line() {
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] == '\n') ++at_;
  ++line_;
}

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  std::vector<CsvRow> rows;
  CsvReader reader(text, name, options);
  for (CsvRow row; reader.next(row);) rows.push_back(row);
  return rows;
}

std::vector<CsvRow> read_foreign_csv(const fs::path& path, bool trim) {
  return parse_csv(to_valid_utf8(read_text(path), path.string(), Encoding::automatic), path.string(), {trim, '\0'});
}

std::vector<CsvRow> read_csv(const fs::path& path) { return parse_csv(read_text(path), path.string()); }

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (const auto& field : fields) {
    if (&field != &fields.front()) line += ',';
    line += quoted_if_needed(field);
  }
  line += '\n';
  return line;
}

}  // namespace matcher
