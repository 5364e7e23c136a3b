#include "matcher/report/detection.hpp"

#include <cmath>

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

/// JSON has no infinity: null.
json finite_or_null(double value) { return std::isfinite(value) ? json(value) : json(); }

json as_json(const eval::Threshold& t) {
  return {{"value", finite_or_null(t.value)}, {"low", finite_or_null(t.low)}, {"high", finite_or_null(t.high)}};
}

json as_json(const eval::OperatingPoint& p) {
  return {{"threshold", finite_or_null(p.threshold)},
          {"false_alarms", p.false_alarms},
          {"accepted", p.accepted},
          {"detected", p.detected}};
}

json as_json(const std::vector<eval::OperatingPoint>& curve) {
  json points = json::array();
  for (const auto& point : curve) points.push_back(as_json(point));
  return points;
}

json as_json(const std::vector<DetectionChoice>& choices) {
  json all = json::array();
  for (const auto& [wanted, point] : choices) {
    json one = {{"wanted_false_alarms", wanted}};
    one.update(as_json(point));
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace

std::string to_json(const Detection& d) {
  return to_text({{"schema", schema::detection},
                  {"model", {{"name", d.model.name}, {"fingerprint", d.model.fingerprint}}},
                  {"dataset", d.dataset},
                  {"score", to_string(d.score)},
                  {"queries",
                   {{"known", d.known},
                    {"unknown", d.unknown},
                    {"unknown_are", d.left_out ? "left-out" : "real"},
                    {"unknown_needed", d.unknown_needed},
                    {"known_products", d.known_products},
                    {"unknown_products", d.unknown_products}}},
                  {"wanted_false_alarms", d.wanted_false_alarms},
                  {"threshold", as_json(d.threshold)},
                  {"false_alarms", as_json(d.false_alarms)},
                  {"accepted", as_json(d.accepted)},
                  {"detected", as_json(d.detected)},
                  {"top1", as_json(d.top1)},
                  {"area_under_curve", d.area_under_curve},
                  {"choices", as_json(d.choices)},
                  {"curve", as_json(d.curve)}});
}

}  // namespace matcher::report
