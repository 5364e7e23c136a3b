#include "matcher/report/audit.hpp"

#include "matcher/core/schemas.hpp"
#include "matcher/report/json.hpp"
#include "matcher/report/json/parts.hpp"

namespace matcher::report {
namespace {

using report::as_json;

json as_json(const AuditItem& item) {
  return {{"id", item.id}, {"label", item.label}, {"role", item.role}, {"path", item.path}};
}

/// The keys of the photo, then those of `more`.
json with(const AuditItem& item, const json& more) {
  auto out = as_json(item);
  out.update(more);
  return out;
}

json as_json(const Suspect& s) {
  return with(s.item, {{"suggested", s.suggested},
                       {"likely", s.likely},
                       {"margin", s.margin},
                       {"own_neighbours", s.own},
                       {"neighbours", s.seen},
                       {"p", s.p},
                       {"nearest", as_json(s.nearest)},
                       {"cosine", s.cosine}});
}

json as_json(const SamePair& pair) {
  return {{"kind", name_of(pair.likeness)},
          {"two_labels", pair.has_two_labels()},
          {"cosine", pair.cosine},
          {"items", {as_json(pair.a), as_json(pair.b)}}};
}

json as_json(const AuditHub& hub) { return with(hub.item, {{"answers", hub.answers}, {"wrong", hub.wrong}}); }

json as_json(const Unusable& one) { return with(one.item, {{"reason", one.reason}}); }

json as_json(const InseparablePair& pair) {
  return {{"labels", {pair.a, pair.b}},
          {"photos", pair.photos},
          {"own", pair.own},
          {"expected", pair.expected},
          {"p", pair.p}};
}

json as_json(const OddSize& odd) {
  return with(odd.item, {{"width", odd.width}, {"height", odd.height}, {"reason", odd.reason}});
}

json as_json(const Single& single) {
  return with(single.item, {{"nearest", as_json(single.nearest)}, {"cosine", single.cosine}});
}

template <class Rows>
json list(const Rows& rows) {
  json out = json::array();
  for (const auto& row : rows) out.push_back(as_json(row));
  return out;
}

json counts(const Counts& counts) {
  json out = json::object();
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

}  // namespace

std::string to_json(const Audit& a) {
  return to_text({{"schema", schema::audit},
                  {"model", as_json(a.model)},
                  {"dataset",
                   {{"name", a.dataset},
                    {"gallery", a.gallery},
                    {"queries", a.queries},
                    {"products", a.products},
                    {"unlabelled", a.unlabelled},
                    {"looked_at", a.looked_at}}},
                  {"near_duplicate", a.limit},
                  {"limit_separates", a.limit_separates},
                  {"verdict", sentence(a)},
                  {"unusable_kinds", counts(a.unusable_kinds)},
                  {"skipped", counts(a.skipped)},
                  {"unusable", list(a.unusable)},
                  {"suspects", list(a.suspects)},
                  {"duplicates", list(a.duplicates)},
                  {"leaks", list(a.leaks)},
                  {"hubs", list(a.hubs)},
                  {"inseparable", list(a.inseparable)},
                  {"odd_sizes", list(a.odd_sizes)},
                  {"singles", list(a.singles)},
                  {"missing_products", a.missing_products}});
}

}  // namespace matcher::report
