#include "matcher/report/fusion.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"
#include "matcher/report/verdict.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const FusedMember& member) {
  json gain = json::object();
  for (const auto& [name, g] : member.gains) {
    gain[name] = {{"value", g.value},    {"low", g.low}, {"high", g.high}, {"p", g.p}, {"p_corrected", g.p_corrected},
                  {"shown", is_shown(g)}};
  }
  return {{"model", as_json(member.report.model)},
          {"weight", member.weight},
          {"metrics", as_json(member.report.metrics)},
          {"speed", as_json(member.report.speed)},
          {"gain_of_ensemble", gain}};
}

json as_json(const ErrorOverlap& o) {
  return {{"a", o.a},
          {"b", o.b},
          {"both_right", o.counts.both_right},
          {"only_a", o.counts.only_a},
          {"only_b", o.counts.only_b},
          {"both_wrong", o.counts.both_wrong},
          {"jaccard", o.counts.jaccard()}};
}

json as_json(const Tuning& t) {
  return {{"dataset", t.dataset},   {"part", t.half ? "half" : "all"},
          {"queries", t.queries},   {"reported", t.reported},
          {"left_out", t.left_out}, {"unread", t.unread},
          {"top1", t.top1},         {"mrr", t.mrr}};
}

}  // namespace

std::string to_json(const Fusion& f) {
  json members = json::array(), overlaps = json::array();
  for (const auto& member : f.members) members.push_back(as_json(member));
  for (const auto& pair : f.overlaps) overlaps.push_back(as_json(pair));
  const json out = {{"schema", schema::fusion},
                    {"method", eval::name_of(f.method)},
                    {"exact", f.exact},
                    {"depth", f.ensemble.depth},
                    {"dataset", as_json(f.ensemble.dataset)},
                    {"verdict", as_verdict(f.ensemble.metrics.at(0), sentence(f))},
                    {"tuning", f.tuning ? as_json(*f.tuning) : json()},
                    {"members", members},
                    {"ensemble",
                     {{"model", as_json(f.ensemble.model)},
                      {"metrics", as_json(f.ensemble.metrics)},
                      {"speed", as_json(f.ensemble.speed)}}},
                    {"ceiling", as_json(f.ceiling)},
                    {"overlap", {{"k", f.k}, {"pairs", overlaps}}}};
  return to_text(out);
}

}  // namespace matcher::report
