#include "matcher/run/fusion/ensemble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "matcher/core/schemas.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::run {
namespace {

std::string name_of(std::span<const Run> members, eval::Fusion method, std::span<const double> weights) {
  const bool weighted = std::ranges::any_of(weights, [&](double weight) { return weight != weights[0]; });
  std::vector<std::string> terms;
  for (std::size_t m = 0; m < members.size(); ++m) {
    terms.push_back(members[m].report.model.name + (weighted ? fmt::format(":{:.6g}", weights[m]) : ""));
  }
  return fmt::format("{}({})", eval::name_of(method), fmt::join(terms, ","));
}

/// The different values of a field, joined by "+".
std::string joined(std::span<const Run> members, auto field) {
  std::set<std::string> values;
  for (const auto& member : members) values.insert(field(member.report));
  return fmt::format("{}", fmt::join(values, "+"));
}

ModelIdentity model_of(std::span<const Run> members, eval::Fusion method, std::span<const double> weights) {
  ModelIdentity model;
  model.name = name_of(members, method, weights);
  model.precision = joined(members, [](const report::Report& r) { return r.model.precision; });
  model.device = joined(members, [](const report::Report& r) { return r.model.device; });
  Hasher hasher;
  hasher.field(salt::fused_model).field(eval::name_of(method));
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto& its = members[m].report.model;
    hasher.field(its.fingerprint).field(fmt::format("{:.12g}", weights[m]));
    model.dimension += its.dimension;
    model.size_bytes += its.size_bytes;
  }
  model.fingerprint = hasher.hex();
  return model;
}

/// The members run one after the other.
report::Speed speed_of(std::span<const Run> members) {
  report::Speed sum;
  double seconds = 0;
  for (const auto& member : members) {
    const auto& speed = member.report.speed;
    seconds += 1 / speed.images_per_second;
    sum.search_ms_p50 += speed.search_ms_p50;
    sum.search_ms_p95 += speed.search_ms_p95;
  }
  sum.images_per_second = 1 / seconds;
  return sum;
}

}  // namespace

report::Report ensemble_report(std::span<const Run> members, eval::Fusion method, std::span<const double> weights) {
  report::Report report;
  report.model = model_of(members, method, weights);
  report.dataset = members[0].report.dataset;
  report.index = joined(members, [](const report::Report& r) { return r.index; });
  report.depth = members[0].report.depth;
  report.speed = speed_of(members);
  return report;
}

void describe_part(report::Data& data, const std::vector<RankedQuery>& kept) {
  Hasher hasher;
  hasher.field(data.fingerprint);
  std::set<std::string> unknown;
  data.unknown_queries = 0;
  for (const auto& query : kept) {
    hasher.field(query.id);
    if (query.known()) continue;
    ++data.unknown_queries;
    unknown.insert(query.label);
  }
  data.name += " (reported half)";
  data.fingerprint = hasher.hex();
  data.queries = kept.size();
  data.unknown_labels.assign(unknown.begin(), unknown.end());
}

}  // namespace matcher::run
