#include "matcher/report/gate.hpp"

#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

json as_json(double value, const auto& bounds) {
  return {{"value", value}, {"low", bounds.low}, {"high", bounds.high}};
}

using report::as_json;

json as_json(const Check& c) {
  return {{"model", c.model},
          {"run", c.run},
          {"metric", c.metric},
          {"max_drop", c.max_drop},
          {"drop", as_json(c.test.value, c.bounds)},
          {"p_within", c.test.p_within},
          {"p_beyond", c.test.p_beyond},
          {"p_beyond_corrected", c.p_beyond_corrected},
          {"unchanged", c.unchanged},
          {"verdict", eval::name_of(c.verdict)}};
}

json as_json(const LabelFall& f) {
  return {{"label", f.label},
          {"name", f.name},
          {"queries", f.queries},
          {"drop", f.test.value},
          {"p_beyond", f.test.p_beyond},
          {"p_beyond_corrected", f.p_beyond_corrected},
          {"beyond", f.p_beyond_corrected <= eval::gate_level}};
}

json as_json(const LabelCheck& c) {
  json fell = json::array();
  for (const auto& fall : c.fell) fell.push_back(as_json(fall));
  return {{"model", c.model},   {"run", c.run},       {"metric", c.metric}, {"max_drop", c.max_drop},
          {"labels", c.labels}, {"within", c.within}, {"fell", fell},       {"verdict", eval::name_of(c.verdict)}};
}

json as_json(const Slice& s) {
  return {{"value", s.value},
          {"name", s.name},
          {"queries", s.queries},
          {"drop", as_json(s.test.value, s.bounds)},
          {"p_within", s.test.p_within},
          {"p_beyond", s.test.p_beyond},
          {"p_beyond_corrected", s.p_beyond_corrected},
          {"unchanged", s.unchanged},
          {"too_few", s.too_few},
          {"verdict", eval::name_of(s.verdict)}};
}

json as_json(const SliceCheck& c) {
  json slices = json::array();
  for (const auto& slice : c.slices) slices.push_back(as_json(slice));
  return {{"model", c.model},
          {"run", c.run},
          {"metric", c.metric},
          {"max_drop", c.max_drop},
          {"column", c.column},
          {"fewest", c.fewest},
          {"without_value", c.without_value},
          {"slices", slices},
          {"verdict", eval::name_of(c.verdict)}};
}

json as_json(const SpeedCheck& c) {
  json out = {{"model", c.model}, {"run", c.run}, {"measure", c.measure}, {"max_slowdown", c.max_slowdown}};
  if (c.doubt.empty()) {
    out["before"] = as_json(c.before);
    out["now"] = as_json(c.now);
    out["slowdown"] = as_json(c.slowdown, c);
  } else {
    out["doubt"] = c.doubt;
  }
  out["verdict"] = eval::name_of(c.verdict);
  return out;
}

json as_json(const SpeedLimitCheck& c) {
  json out = {{"model", c.model}, {"run", c.run}, {"measure", c.measure}, {"limit", c.limit}};
  if (c.doubt.empty())
    out["now"] = as_json(c.now);
  else
    out["doubt"] = c.doubt;
  out["verdict"] = eval::name_of(c.verdict);
  return out;
}

json as_json(const DriftCheck& c) {
  json out = {{"model", c.model},
              {"run", c.run},
              {"max_drift", c.max_drift},
              {"queries", c.queries},
              {"baseline_queries", c.baseline_queries}};
  if (c.doubt.empty()) {
    out["distance"] = c.distance;
    out["p"] = c.p;
    out["p_corrected"] = c.p_corrected;
  } else {
    out["doubt"] = c.doubt;
  }
  out["verdict"] = eval::name_of(c.verdict);
  return out;
}

template <class AnyCheck>
json list(const std::vector<AnyCheck>& checks) {
  json all = json::array();
  for (const auto& check : checks) all.push_back(as_json(check));
  return all;
}

}  // namespace

json as_json(const Gate& gate) {
  json out{{"verdict", eval::name_of(gate.verdict())},
           {"level", eval::gate_level},
           {"checks", list(gate.checks)},
           {"labels", list(gate.label_checks)}};
  if (!gate.slice_checks.empty()) out["slices"] = list(gate.slice_checks);
  if (!gate.speed_checks.empty()) out["speed"] = list(gate.speed_checks);
  if (!gate.speed_limits.empty()) out["speed_limits"] = list(gate.speed_limits);
  if (!gate.drift_checks.empty()) out["drift"] = list(gate.drift_checks);
  return out;
}

}  // namespace matcher::report
