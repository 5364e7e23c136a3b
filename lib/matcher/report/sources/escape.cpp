#include "matcher/report/escape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>

#include "matcher/core/text.hpp"

namespace matcher::report {
namespace {

using namespace std::string_view_literals;

/// The code point of a valid sequence.
char32_t point_of(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return lead;
  char32_t point = lead & (0x7fU >> sequence.size());
  for (const char c : sequence.substr(1)) point = point << 6 | (static_cast<unsigned char>(c) & 0x3fU);
  return point;
}

bool is_within(char32_t point, char32_t first, char32_t last) { return point >= first && point <= last; }

/// True for characters that move the cursor, end the line, turn the direction of text or cannot be seen.
bool is_hidden(char32_t point) {
  const bool is_control = point < 0x20 || is_within(point, 0x7f, 0x9f);
  const bool is_direction = point == 0x61c || is_within(point, 0x200e, 0x200f) || is_within(point, 0x2028, 0x202e) ||
                            is_within(point, 0x2060, 0x206f);
  const bool is_nothing =
      point == 0x200b || point == 0xfeff || is_within(point, 0xfff9, 0xfffb) || (point & 0xfffe) == 0xfffe;
  return is_control || is_direction || is_nothing;
}

std::string shown(char32_t point) {
  if (point == '\n') return "\\n";
  if (point == '\r') return "\\r";
  if (point == '\t') return "\\t";
  if (point < 0x80) return fmt::format("\\x{:02x}", std::uint32_t(point));
  return fmt::format("\\u{:04x}", std::uint32_t(point));
}

/// Appends each character of `text`: as it is, as `escape` writes it, or by its number if it is hidden. `escape`
/// returns an empty text to leave a character to the other rules.
std::string escape_each(std::string_view text, const std::function<std::string(char)>& escape) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto first = text.substr(0, std::max<std::size_t>(length, 1));
    const auto own = first.size() == 1 ? escape(first[0]) : std::string();
    if (!own.empty())
      out += own;
    else if (length == 0)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(first[0]));
    else
      out += is_hidden(point_of(first)) ? shown(point_of(first)) : std::string(first);
    text.remove_prefix(first.size());
  }
  return out;
}

/// For documents, in which a line break within a cell is a space.
std::string in_one_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return escape_terminal(line);
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
}

/// True if the character at `i` has a meaning in Markdown there. An underscore within a word has none, and a bracket
/// only before the target of its link.
bool is_markup(std::string_view text, std::size_t i) {
  const auto at = [&](std::size_t j) { return j < text.size() ? text[j] : ' '; };
  if (text[i] == '_') return i == 0 || !is_word(at(i - 1)) || !is_word(at(i + 1));
  if (text[i] == ']') return "([:"sv.find(at(i + 1)) != std::string_view::npos;
  return "\\|`*~$"sv.find(text[i]) != std::string_view::npos;
}

bool is_entity(std::string_view text) {
  const auto end = text.find_first_not_of("#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 1);
  return end != std::string_view::npos && end > 1 && text[end] == ';';
}

bool is_number(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0;
  const auto* const end = cell.data() + cell.size();
  const auto result = std::from_chars(cell.data(), end, value);
  return result.ec != std::errc::invalid_argument && result.ptr == end;
}

std::string latex(char c) {
  switch (c) {
    case '\\':
      return "\\textbackslash{}";
    case '~':
      return "\\textasciitilde{}";
    case '^':
      return "\\textasciicircum{}";
    case '<':
      return "\\textless{}";
    case '>':
      return "\\textgreater{}";
    case '|':
      return "\\textbar{}";
    default:
      return "&%$#_{}"sv.find(c) == std::string_view::npos ? std::string(1, c) : std::string{'\\', c};
  }
}

}  // namespace

std::string escape_terminal(std::string_view text) {
  return escape_each(text, [](char) { return std::string(); });
}

std::string escape_terminal_lines(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += escape_terminal(text.substr(0, end));
    if (end < text.size()) out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string escape_markdown(std::string_view text) {
  const auto line = in_one_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (is_markup(line, i)) out += '\\';
    if (line[i] == '<')
      out += "&lt;";
    else if (line[i] == '&' && is_entity(std::string_view(line).substr(i)))
      out += "&amp;";
    else
      out += line[i];
  }
  return out;
}

std::string escape_markdown_line(std::string_view text) {
  auto line = escape_markdown(text);
  line.erase(0, line.find_first_not_of(' '));
  const auto number = std::min(line.find_first_not_of("0123456789"), line.size());
  const bool is_item = number > 0 && number < line.size() && (line[number] == '.' || line[number] == ')');
  const bool is_block = !line.empty() && "#>+-="sv.find(line[0]) != std::string_view::npos;
  if (is_item || is_block) line.insert(is_item ? number : 0, 1, '\\');
  return line;
}

std::string escape_csv(std::string_view cell) {
  const bool is_formula = !cell.empty() && "=+-@\t\r\n"sv.find(cell[0]) != std::string_view::npos && !is_number(cell);
  const auto starts = [&](std::string_view sign) { return cell.starts_with(sign); };
  return is_formula || starts("＝") || starts("＋") || starts("－") || starts("＠") ? "'" + std::string(cell)
                                                                                    : std::string(cell);
}

std::string escape_latex(std::string_view text) {
  std::string out;
  for (const char c : in_one_line(text)) out += latex(c);
  const bool is_option = !out.empty() && (out[0] == '[' || out[0] == '*');  // an option of the \\ before it
  return is_option ? fmt::format("{{{}}}{}", out[0], out.substr(1)) : out;
}

std::string escape_xml(std::string_view text) {
  return escape_each(text, [](char c) -> std::string {
    if (c == '&') return "&amp;";
    if (c == '<') return "&lt;";
    if (c == '>') return "&gt;";
    if (c == '"') return "&quot;";
    return c == '\n' || c == '\t' || c == '\r' ? fmt::format("&#{};", int(c)) : "";
  });
}

}  // namespace matcher::report
