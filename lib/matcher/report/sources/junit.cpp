#include "matcher/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "matcher/core/version.hpp"
#include "matcher/report/escape.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

constexpr std::size_t changes_listed = 20;

enum class Outcome { pass, fail, undecided, error };

struct Case {
  std::string group, name, said;
  Outcome outcome;
  std::string type{};    ///< kind of a failure or an error
  std::string detail{};  ///< lines below what was said
};

using Properties = std::vector<std::pair<std::string, std::string>>;

struct Suite {
  std::string name;
  double seconds = 0;
  Properties properties{};
  std::vector<Case> cases{};
  std::string said{};  ///< output of the whole suite

  auto count(Outcome outcome) const { return std::ranges::count(cases, outcome, &Case::outcome); }
};

Outcome outcome_of(eval::Verdict verdict) {
  if (verdict == eval::Verdict::undecided) return Outcome::undecided;
  return verdict == eval::Verdict::pass ? Outcome::pass : Outcome::fail;
}

std::string inside(const Case& one) {
  const auto message = escape_xml(one.said);
  const auto text = one.detail.empty() ? message : message + '\n' + escape_xml(one.detail);
  switch (one.outcome) {
    case Outcome::fail:
      return fmt::format("<failure message=\"{}\" type=\"{}\">{}</failure>", message, one.type, text);
    case Outcome::error:
      return fmt::format("<error message=\"{}\" type=\"{}\">{}</error>", message, one.type, text);
    case Outcome::undecided:
      return fmt::format("<skipped message=\"{}\" type=\"undecided\"/>", message);
    case Outcome::pass:
      break;
  }
  return fmt::format("<system-out>{}</system-out>", text);
}

std::string written(double seconds) { return seconds == 0 ? "0" : fmt::format("{:.3f}", seconds); }

std::string to_text(const Properties& properties) {
  if (properties.empty()) return {};
  std::string out = "    <properties>\n";
  for (const auto& [name, value] : properties)
    out += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escape_xml(name), escape_xml(value));
  return out + "    </properties>\n";
}

std::string to_text(const Suite& s) {
  const auto counts = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", s.cases.size(), s.count(Outcome::fail),
                                  s.count(Outcome::error));
  const auto name = escape_xml(s.name);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  out += fmt::format("<testsuites name=\"{}\" {} time=\"{}\">\n", name, counts, written(s.seconds));
  out += fmt::format("  <testsuite name=\"{}\" {} skipped=\"{}\" time=\"{}\">\n", name, counts,
                     s.count(Outcome::undecided), written(s.seconds));
  out += to_text(s.properties);
  for (const auto& one : s.cases) {
    out += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\">{}</testcase>\n", escape_xml(one.group),
                       escape_xml(one.name), written(s.seconds / double(s.cases.size())), inside(one));
  }
  if (!s.said.empty()) out += fmt::format("    <system-out>{}</system-out>\n", escape_xml(s.said));
  return out + "  </testsuite>\n</testsuites>\n";
}

/// "Ginger/2.jpg is Ginger: baseline said Ginger, now says Red-Beet"
std::string describe_broken(const Row& row) {
  const auto& broken = row.changes.broken;
  if (broken.empty()) return {};
  auto out = fmt::format("newly broken: {}", broken.size());
  for (std::size_t i = 0; i < std::min(changes_listed, broken.size()); ++i) {
    const auto& change = broken[i];
    const auto now = change.after.name.empty() ? "nothing" : change.after.name;
    out += fmt::format("\n{} is {}: baseline said {}, now says {}", change.id, change.name, change.before.name, now);
  }
  if (broken.size() > changes_listed) out += fmt::format("\nand {} more", broken.size() - changes_listed);
  return out;
}

void describe(Properties& all, const std::string& prefix, const Report& report, const std::string& run) {
  if (!run.empty()) all.emplace_back(prefix + "run", run);
  all.emplace_back(prefix + "model", report.model.name);
  all.emplace_back(prefix + "model.fingerprint", report.model.fingerprint);
  all.emplace_back(prefix + "data.fingerprint", report.dataset.fingerprint);
  all.emplace_back(prefix + "index", report.index);
}

Properties properties_of(const Comparison& c) {
  Properties all{{"matcher", version}, {"dataset", c.rows.at(0).report.dataset.name}};
  for (const auto& row : c.rows) describe(all, row.gains.empty() ? "baseline." : "", row.report, row.run);
  if (c.gate) all.emplace_back("verdict", eval::name_of(c.gate->verdict()));
  if (c.common) all.emplace_back("common.queries", fmt::format("{}", c.common->queries));
  return all;
}

const Row* find_row(const Comparison& c, const GateLine& line) {
  const auto found = std::ranges::find_if(c.rows, [&](const Row& row) {
    return row.run == line.run && row.report.model.name == line.model && !row.gains.empty();
  });
  return found == c.rows.end() ? nullptr : &*found;
}

Case case_of(const Comparison& c, const GateLine& line) {
  Case one{c.rows.at(0).report.dataset.name + '.' + line.model, line.name, line.sentence, outcome_of(line.verdict)};
  one.type = name_of(line.kind);
  const auto* row = find_row(c, line);
  if (row != nullptr && line.verdict == eval::Verdict::fail && line.kind == CheckKind::drop)
    one.detail = describe_broken(*row);
  return one;
}

Case case_of(const Report& report, const LeastValue& limit) {
  const double value = find_metric(report.metrics, limit.metric)->value;
  Case one{report.dataset.name + '.' + report.model.name, fmt::format("{} is at least {}", limit.metric, limit.least),
           fmt::format("{} is {:.4f}, limit {}", limit.metric, value, limit.least),
           value < limit.least ? Outcome::fail : Outcome::pass};
  one.type = "limit";
  return one;
}

}  // namespace

std::string to_junit(const Comparison& comparison, double seconds) {
  Suite suite{"matcher compare", seconds, properties_of(comparison)};
  if (comparison.common) suite.said = "compared on " + describe_common(comparison);
  if (comparison.gate) {
    for (const auto& line : lines(*comparison.gate, Slices::each)) suite.cases.push_back(case_of(comparison, line));
  }
  return to_text(suite);
}

std::string to_junit(const Report& report, std::span<const LeastValue> limits, double seconds) {
  Suite suite{"matcher eval", seconds, {{"matcher", version}, {"dataset", report.dataset.name}}};
  describe(suite.properties, "", report, "");
  suite.cases.push_back(
      {report.dataset.name + '.' + report.model.name, "is evaluated", sentence(report), Outcome::pass});
  for (const auto& limit : limits) suite.cases.push_back(case_of(report, limit));
  return to_text(suite);
}

std::string to_junit(const CommandError& error, const std::string& command, double seconds) {
  Suite suite{command, seconds, {{"matcher", version}, {"exit_code", fmt::format("{}", int(error.code))}}};
  suite.cases.push_back({"matcher", command, error.message, Outcome::error, to_string(error.code)});
  return to_text(suite);
}

}  // namespace matcher::report
