#include "matcher/report/summary.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/escape.hpp"
#include "matcher/report/tables.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t changes_listed = 20;

std::string list(const char* what, const Row& row, const std::vector<Change>& changes, const Comparison& c) {
  if (changes.empty()) return {};
  auto out = fmt::format("\n#### {} newly {} by {}\n\n| query | label | was answered | now |\n|---|---|---|---|\n",
                         changes.size(), what, escape_markdown(name_of(row, c)));
  for (std::size_t i = 0; i < std::min(changes_listed, changes.size()); ++i) {
    const auto& change = changes[i];
    out += fmt::format("| {} | {} | {} | {} |\n", escape_markdown(change.id), escape_markdown(change.name),
                       escape_markdown(change.before.name), escape_markdown(change.after.name));
  }
  if (changes.size() > changes_listed) out += fmt::format("\nand {} more\n", changes.size() - changes_listed);
  return out;
}

Comparison without_details(const Comparison& c) {
  Comparison plain{c.baseline, {}, c.resample, {}};
  plain.verdict = c.verdict;
  for (const auto& row : c.rows) plain.rows.push_back({row.report, row.gains, row.run, {}});
  return plain;
}

}  // namespace

std::string to_summary(const Comparison& c) {
  std::string out =
      fmt::format("### matcher compare{}\n\n", c.gate ? fmt::format(": {}", eval::name_of(c.gate->verdict())) : "");
  if (c.gate) {
    for (const auto& sentence : sentences(*c.gate)) out += fmt::format("* {}\n", escape_markdown(sentence));
    if (c.common) out += fmt::format("* compared on {}\n", escape_markdown(describe_common(c)));
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
