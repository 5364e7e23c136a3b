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

class Parser {
 public:
  Parser(std::string_view text, const std::string& name, const CsvOptions& options)
      : text_(text),
        name_(name),
        trim_(options.trim),
        finds_separator_(options.separator == '\0'),
        separator_(finds_separator_ ? find_separator(text) : options.separator),
        ends_{separator_, '\r', '\n'} {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
    if (finds_separator_ && named_separator(text_) != '\0') next_row();
    while (at_ < text_.size()) {
      auto row = next_row();
      if (row.fields.size() > 1 || !row.fields[0].empty()) all.push_back(std::move(row));
    }
    return all;
  }

 private:
  CsvRow next_row() {
    CsvRow row{line_, {}};
    do row.fields.push_back(next_field());
    while (at_ < text_.size() && text_[at_] == separator_ && ++at_);
    end_line();
    return row;
  }

  std::string next_field() {
    const auto first = trim_ ? std::min(text_.find_first_not_of(blanks(), at_), text_.size()) : at_;
    return first < text_.size() && text_[first] == '"' ? quoted(first) : plain();
  }

  std::string plain() {
    const auto end = std::min(text_.find_first_of(ends_, at_), text_.size());
    auto field = text_.substr(at_, end - at_);
    at_ = end;
    return std::string(trim_ ? trimmed(field) : field);
  }

  /// A tab that separates fields is not a space around one.
  std::string_view blanks() const { return separator_ == '\t' ? " " : " \t"; }

  std::string_view trimmed(std::string_view field) const {
    const auto first = field.find_first_not_of(blanks());
    if (first == std::string_view::npos) return {};
    return field.substr(first, field.find_last_not_of(blanks()) - first + 1);
  }

  std::string quoted(std::size_t open) {
    const auto opened = line_;
    std::string field;
    for (at_ = open + 1; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        field += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        field += text_[at_++];
      } else {
        ++at_;
        return field + plain();
      }
    }
    throw Error(ErrorCode::input, fmt::format("{}:{}: a quote opens here and never closes", name_, opened));
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
  }

  std::string_view text_;
  const std::string& name_;
  bool trim_;
  bool finds_separator_;
  char separator_;
  std::string ends_;  ///< characters that end an unquoted field
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

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

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, const CsvOptions& options) {
  return Parser(text, name, options).rows();
}

std::vector<CsvRow> read_foreign_csv(const fs::path& path, bool trim) {
  return parse_csv(to_utf8(read_text(path), path.string()), path.string(), {trim, '\0'});
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
