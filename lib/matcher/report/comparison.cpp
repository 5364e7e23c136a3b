#include "matcher/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "matcher/report/json/parts.hpp"
#include "matcher/report/tables/cells.hpp"

namespace matcher::report {

namespace {

using report::of;  // beside those below

constexpr const char* comparison_schema = "matcher.comparison/1";

json of(const eval::Gain& g) {
  return {{"value", g.value},
          {"low", g.low},
          {"high", g.high},
          {"p", g.p},
          {"p_corrected", g.p_corrected},
          {"shown", g.p_corrected <= shown_level},
          {"detectable", g.detectable},
          {"test", g.test}};  // not a number is null
}

json of(const Answered& a) { return {{"id", a.id}, {"label", a.label}}; }

json of(const std::vector<Change>& changes) {
  json all = json::array();
  for (const auto& c : changes)
    all.push_back(
        {{"id", c.id}, {"path", c.path}, {"label", c.label}, {"before", of(c.before)}, {"after", of(c.after)}});
  return all;
}

json of(const Row& row) {
  json gain = json::object();
  for (const auto& [name, g] : row.gains) gain[name] = of(g);
  const auto& r = row.report;
  json out = {{"model", of(r.model)}, {"run", row.run}, {"metrics", of(r.metrics)}, {"speed", of(r.speed)}};
  if (!r.losses.empty()) out["losses"] = of(r.losses);
  if (r.near_duplicates) out["near_duplicates"] = of(*r.near_duplicates);
  out["gain"] = gain;
  out["broken"] = of(row.changes.broken);
  out["fixed"] = of(row.changes.fixed);
  return out;
}

json of(const Check& c) {
  return {{"model", c.model},
          {"run", c.run},
          {"metric", c.metric},
          {"max_drop", c.max_drop},
          {"drop", {{"value", c.test.value}, {"low", c.bounds.low}, {"high", c.bounds.high}}},
          {"p_within", c.test.p_within},
          {"p_beyond", c.test.p_beyond},
          {"p_beyond_corrected", c.p_beyond_corrected},
          {"unchanged", c.unchanged},
          {"verdict", eval::name_of(c.verdict)}};
}

json of(const LabelFall& f) {
  return {{"label", f.label},
          {"queries", f.queries},
          {"drop", f.test.value},
          {"p_beyond", f.test.p_beyond},
          {"p_beyond_corrected", f.p_beyond_corrected},
          {"beyond", f.p_beyond_corrected <= eval::gate_level}};
}

json of(const LabelCheck& c) {
  json fell = json::array();
  for (const auto& fall : c.fell) fell.push_back(of(fall));
  return {{"model", c.model},   {"run", c.run},       {"metric", c.metric}, {"max_drop", c.max_drop},
          {"labels", c.labels}, {"within", c.within}, {"fell", fell},       {"verdict", eval::name_of(c.verdict)}};
}

json of(const Gate& gate) {
  json checks = json::array(), labels = json::array();
  for (const auto& check : gate.checks) checks.push_back(of(check));
  for (const auto& check : gate.label_checks) labels.push_back(of(check));
  return {
      {"verdict", eval::name_of(gate.verdict())}, {"level", eval::gate_level}, {"checks", checks}, {"labels", labels}};
}

/// "3.1 points" of a rate, "0.0310" of a mean.
std::string amount(const std::string& metric, double value) {
  return is_rate(metric) ? fmt::format("{:.1f} points", 100 * value) : fmt::format("{:.4f}", value);
}

std::string sentence(const Check& c) {
  const auto subject = fmt::format("{} of {} ({})", title(c.metric), c.model, c.run);
  if (c.unchanged) return fmt::format("{} is unchanged for every query: {}", subject, eval::name_of(c.verdict));
  return fmt::format("{} {} by {} (it fell by at least {}, at most {}, each 95 % sure), {} allowed: {}", subject,
                     c.test.value < 0 ? "rose" : "fell", amount(c.metric, std::abs(c.test.value)),
                     amount(c.metric, c.bounds.low), amount(c.metric, c.bounds.high), amount(c.metric, c.max_drop),
                     eval::name_of(c.verdict));
}

std::string sentence(const LabelCheck& c) {
  std::string out = fmt::format("{} of {} ({}) by label, {} allowed: {} of {} labels shown to have fallen further: {}",
                                title(c.metric), c.model, c.run, amount(c.metric, c.max_drop), c.beyond().size(),
                                c.labels, eval::name_of(c.verdict));
  for (const auto& fall : c.beyond())
    out += fmt::format("; label {} by {} of {} queries", fall.label, amount(c.metric, fall.test.value), fall.queries);
  return out;
}

}  // namespace

std::vector<LabelFall> LabelCheck::beyond() const {
  std::vector<LabelFall> all;
  std::ranges::copy_if(fell, std::back_inserter(all),
                       [](const LabelFall& f) { return f.p_beyond_corrected <= eval::gate_level; });
  return all;
}

eval::Verdict Gate::verdict() const {
  std::vector<eval::Verdict> all;
  for (const auto& check : checks) all.push_back(check.verdict);
  for (const auto& check : label_checks) all.push_back(check.verdict);
  return eval::worst(all);
}

std::vector<std::string> sentences(const Gate& gate) {
  std::vector<std::string> all;
  for (const auto& check : gate.checks) all.push_back(sentence(check));
  for (const auto& check : gate.label_checks) all.push_back(sentence(check));
  return all;
}

std::string name_of(const Row& row, const Comparison& comparison) {
  const auto& name = row.report.model.name;
  const auto same = std::ranges::count_if(comparison.rows, [&](const Row& r) { return r.report.model.name == name; });
  return same > 1 && !row.run.empty() ? fmt::format("{} ({})", name, row.run) : name;
}

std::string to_json(const Comparison& c) {
  json rows = json::array();
  for (const auto& row : c.rows) rows.push_back(of(row));
  const auto dataset = c.rows.empty() ? json::object() : json::parse(to_json(c.rows[0].report))["dataset"];
  json out{{"schema", comparison_schema},
           {"baseline", c.baseline},
           {"dataset", dataset},
           {"resample", c.resample},
           {"rows", rows}};
  if (c.gate) out["gate"] = of(*c.gate);
  return out.dump(2) + '\n';
}

}  // namespace matcher::report
