#include "matcher/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "matcher/report/escape.hpp"

namespace matcher::report {
namespace {

struct Case {
  std::string group, name, said;
  eval::Verdict verdict;
};

std::string name_of_check(const std::string& metric, double max_drop, const char* by) {
  return fmt::format("{}{} falls by at most {}", metric, by, max_drop);
}

std::vector<Case> cases_of(const Comparison& c) {
  std::vector<Case> cases;
  if (!c.gate) return cases;
  const auto group = [&](const auto& check) { return c.rows.at(0).report.dataset.name + '.' + check.model; };
  for (const auto& k : c.gate->checks)
    cases.push_back({group(k), name_of_check(k.metric, k.max_drop, ""), {}, k.verdict});
  for (const auto& k : c.gate->label_checks)
    cases.push_back({group(k), name_of_check(k.metric, k.max_drop, " by label"), {}, k.verdict});
  const auto said = sentences(*c.gate);
  for (std::size_t i = 0; i < cases.size(); ++i) cases[i].said = said[i];
  return cases;
}

std::string inside(const Case& one) {
  const auto message = escape_xml(one.said);
  if (one.verdict == eval::Verdict::fail)
    return fmt::format("<failure message=\"{0}\" type=\"drop\">{0}</failure>", message);
  if (one.verdict == eval::Verdict::undecided) return fmt::format("<skipped message=\"{}\"/>", message);
  return fmt::format("<system-out>{}</system-out>", message);
}

}  // namespace

std::string to_junit(const Comparison& comparison) {
  const auto cases = cases_of(comparison);
  const auto count = [&](eval::Verdict verdict) { return std::ranges::count(cases, verdict, &Case::verdict); };
  const auto counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\"", cases.size(),
                                  count(eval::Verdict::fail), count(eval::Verdict::undecided));
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"matcher compare\" {}>\n  <testsuite name=\"matcher compare\" {}>\n",
                     counts.substr(0, counts.find(" skipped")) + " time=\"0\"", counts);
  for (const auto& one : cases) {
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">{}</testcase>\n", escape_xml(one.group),
                       escape_xml(one.name), inside(one));
  }
  return out + "  </testsuite>\n</testsuites>\n";
}

}  // namespace matcher::report
