#include "matcher/core/csv.hpp"

#include <fmt/format.h>

#include "matcher/core/error.hpp"

namespace matcher {
namespace {

constexpr std::string_view blanks = " \t";

class Parser {
 public:
  Parser(std::string_view text, const std::string& name, bool trim) : text_(text), name_(name), trim_(trim) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  }

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> all;
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
    while (at_ < text_.size() && text_[at_] == ',' && ++at_);
    end_line();
    return row;
  }

  std::string next_field() {
    const auto first = trim_ ? std::min(text_.find_first_not_of(blanks, at_), text_.size()) : at_;
    return first < text_.size() && text_[first] == '"' ? quoted(first) : plain();
  }

  std::string plain() {
    const auto end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    auto field = text_.substr(at_, end - at_);
    at_ = end;
    return std::string(trim_ ? trimmed(field) : field);
  }

  static std::string_view trimmed(std::string_view field) {
    const auto first = field.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return field.substr(first, field.find_last_not_of(blanks) - first + 1);
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

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& name, bool trim) {
  return Parser(text, name, trim).rows();
}

std::vector<CsvRow> read_csv(const fs::path& path, bool trim) {
  return parse_csv(read_text(path), path.string(), trim);
}

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
