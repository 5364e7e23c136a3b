#include "matcher/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/tables.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t changes_listed = 20;

/// Escapes characters that would end a cell of a Markdown table, format its text, or open a tag.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '`' || c == '*' || c == '_' || c == '\\' || c == '[') out += '\\';
    if (c == '<')
      out += "&lt;";
    else
      out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

std::string list(const char* what, const Row& row, const std::vector<Change>& changes, const Comparison& c) {
  if (changes.empty()) return {};
  auto out = fmt::format("\n#### {} newly {} by {}\n\n| query | label | was answered | now |\n|---|---|---|---|\n",
                         changes.size(), what, cell(name_of(row, c)));
  for (std::size_t i = 0; i < std::min(changes_listed, changes.size()); ++i) {
    const auto& change = changes[i];
    out += fmt::format("| {} | {} | {} | {} |\n", cell(change.id), cell(change.label), cell(change.before.label),
                       cell(change.after.label));
  }
  if (changes.size() > changes_listed) out += fmt::format("\nand {} more\n", changes.size() - changes_listed);
  return out;
}

Comparison without_details(const Comparison& c) {
  Comparison plain{c.baseline, {}, c.resample, {}};
  for (const auto& row : c.rows) {
    plain.rows.push_back({row.report, row.gains, row.run, {}});
    plain.rows.back().report.model.name = cell(row.report.model.name);
  }
  return plain;
}

}  // namespace

std::string to_summary(const Comparison& c) {
  std::string out =
      fmt::format("### matcher compare{}\n\n", c.gate ? fmt::format(": {}", eval::name_of(c.gate->verdict())) : "");
  if (c.gate) {
    for (const auto& sentence : sentences(*c.gate)) out += fmt::format("* {}\n", cell(sentence));
    out += '\n';
  }
  out += render(table_of(without_details(c), Format::markdown), Format::markdown);
  for (const auto& row : c.rows) {
    out += list("broken", row, row.changes.broken, c);
    out += list("fixed", row, row.changes.fixed, c);
  }
  return out;
}

}  // namespace matcher::report
