#include "matcher/report/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/tables.hpp"

namespace matcher::report {
namespace {

std::string verdict_of(const Diagnosis& diagnosis) {
  const auto count = [&](Finding::State state) {
    return std::ranges::count(diagnosis.findings, state, &Finding::state);
  };
  const auto problems = count(Finding::State::broken), warnings = count(Finding::State::slow);
  if (problems + warnings == 0) return "all is well";
  return fmt::format("{} problem{}, {} warning{}", problems, problems == 1 ? "" : "s", warnings,
                     warnings == 1 ? "" : "s");
}

}  // namespace

Table table_of(const Diagnosis& diagnosis, Format format) {
  Table table{{}, {"subject", "state", "found", "next"}, {}, {}};
  for (const auto& found : diagnosis.findings)
    table.rows.push_back({found.subject, to_string(found.state), found.text, found.advice});
  if (format == Format::csv) return table;
  table.notes.push_back(verdict_of(diagnosis));
  return table;
}

}  // namespace matcher::report
