#include "matcher/run/fusion.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/core/hash.hpp"
#include "matcher/eval/measures.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/run/ranking.hpp"

namespace matcher::run {
namespace {

/// Values by query of the queries that have a right answer.
struct Measured {
  std::vector<std::string> names;
  std::vector<std::vector<double>> values;  ///< [metric][query]
};

Measured measured(const Run& run, std::span<const eval::Measure> measures) {
  Measured all;
  all.values.resize(measures.size());
  for (const auto& measure : measures) all.names.push_back(measure.name);
  for (const auto& query : run.queries) {
    if (!query.known) continue;
    const auto ranking = ranking_of(query);
    for (std::size_t m = 0; m < measures.size(); ++m) all.values[m].push_back(measures[m](ranking));
  }
  return all;
}

/// The metric that says of a query whether it was answered rightly.
std::size_t first_rate(std::span<const eval::Measure> measures) {
  const auto rate = std::ranges::find_if(measures, &eval::Measure::rate);
  if (rate != measures.end()) return std::size_t(rate - measures.begin());
  throw Error(ErrorCode::usage,
              "fuse counts right and wrong answers; add a top-k accuracy to --metrics, for example top1");
}

report::Metrics metrics_of(const Measured& all) {
  report::Metrics metrics;
  for (std::size_t m = 0; m < all.names.size(); ++m)
    metrics.push_back({all.names[m], eval::estimate_of(all.values[m], eval::measure_of(all.names[m]).rate)});
  return metrics;
}

report::Metrics ceiling_of(std::span<const Measured> members) {
  Measured best{members[0].names, {}};
  for (std::size_t m = 0; m < best.names.size(); ++m) {
    std::vector<std::vector<double>> values;
    for (const auto& member : members) values.push_back(member.values[m]);
    best.values.push_back(eval::ceiling(values));
  }
  return metrics_of(best);
}

std::vector<std::pair<std::string, eval::Gain>> gains_of(const Measured& ensemble, const Measured& member) {
  const auto all = eval::paired_gains(ensemble.values, member.values);
  std::vector<std::pair<std::string, eval::Gain>> gains;
  for (std::size_t m = 0; m < all.size(); ++m) gains.emplace_back(member.names[m], all[m]);
  return gains;
}

/// Holm over the members, for each metric by itself.
void correct(std::vector<report::FusedMember>& members) {
  for (std::size_t m = 0; m < members.at(0).gains.size(); ++m) {
    std::vector<eval::Gain*> family;
    for (auto& member : members) family.push_back(&member.gains[m].second);
    eval::correct(family);
  }
}

std::vector<report::ErrorOverlap> overlaps_of(std::span<const Run> members, std::span<const Measured> values,
                                              std::size_t rate) {
  std::vector<report::ErrorOverlap> all;
  for (std::size_t a = 0; a < members.size(); ++a) {
    for (std::size_t b = a + 1; b < members.size(); ++b) {
      all.push_back({members[a].report.model.name, members[b].report.model.name,
                     eval::overlap(values[a].values[rate], values[b].values[rate])});
    }
  }
  return all;
}

void check_known(const Run& run) {
  if (std::ranges::any_of(run.queries, &RankedQuery::known)) return;
  throw Error(
      ErrorCode::input,
      fmt::format("none of the {} queries of \"{}\" has a label that a gallery item has; check the label column",
                  run.queries.size(), run.report.dataset.name));
}

std::string name_of(std::span<const Run> members, const std::string& method, std::span<const double> weights) {
  const bool weighted = std::ranges::any_of(weights, [&](double weight) { return weight != weights[0]; });
  std::vector<std::string> terms;
  for (std::size_t m = 0; m < members.size(); ++m) {
    terms.push_back(members[m].report.model.name + (weighted ? fmt::format(":{:.6g}", weights[m]) : ""));
  }
  return fmt::format("{}({})", method, fmt::join(terms, ","));
}

/// What the members agree in, or their values joined.
std::string joined(std::span<const Run> members, auto field) {
  std::set<std::string> values;
  for (const auto& member : members) values.insert(field(member.report));
  return fmt::format("{}", fmt::join(values, "+"));
}

ModelIdentity model_of(std::span<const Run> members, const std::string& method, std::span<const double> weights) {
  ModelIdentity model;
  model.name = name_of(members, method, weights);
  model.precision = joined(members, [](const report::Report& r) { return r.model.precision; });
  model.device = joined(members, [](const report::Report& r) { return r.model.device; });
  Hasher hasher;
  hasher.field("matcher.fusion/1").field(method);
  for (std::size_t m = 0; m < members.size(); ++m) {
    const auto& its = members[m].report.model;
    hasher.field(its.fingerprint).field(fmt::format("{:.12g}", weights[m]));
    model.dimension += its.dimension;
    model.size_bytes += its.size_bytes;
  }
  model.fingerprint = hasher.hex();
  return model;
}

/// One member after the other.
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

void describe_part(report::Data& data, const std::vector<RankedQuery>& queries) {
  Hasher hasher;
  hasher.field(data.fingerprint);
  std::set<std::string> unknown;
  data.unknown_queries = 0;
  for (const auto& query : queries) {
    hasher.field(query.id);
    if (query.known) continue;
    ++data.unknown_queries;
    unknown.insert(query.label);
  }
  data.name += " (reported half)";
  data.fingerprint = hasher.hex();
  data.queries = queries.size();
  data.unknown_labels.assign(unknown.begin(), unknown.end());
}

}  // namespace

std::vector<std::size_t> rows_like(const Run& run, const Run& like) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < run.queries.size() && rows.size() < like.queries.size(); ++row) {
    if (run.queries[row].id == like.queries[rows.size()].id) rows.push_back(row);
  }
  return rows;
}

void keep_queries(Run& run, const std::vector<std::size_t>& rows) {
  std::vector<RankedQuery> kept;
  for (const auto row : rows) kept.push_back(std::move(run.queries[row]));
  run.queries = std::move(kept);
  describe_part(run.report.dataset, run.queries);
}

report::Report fused_report(std::span<const Run> members, const std::string& method, std::span<const double> weights) {
  report::Report report;
  report.model = model_of(members, method, weights);
  report.dataset = members[0].report.dataset;
  report.index = joined(members, [](const report::Report& r) { return r.index; });
  report.depth = members[0].report.depth;
  report.speed = speed_of(members);
  return report;
}

report::Fusion describe_fusion(Run& ensemble, std::span<Run> members, std::span<const double> weights,
                               std::span<const eval::Measure> measures) {
  check_known(ensemble);
  report::Fusion fusion;
  const auto of_ensemble = measured(ensemble, measures);
  ensemble.report.metrics = metrics_of(of_ensemble);
  ensemble.report.losses.clear();  // of other queries
  ensemble.report.near_duplicates.reset();
  fusion.ensemble = ensemble.report;
  std::vector<Measured> of_members;
  for (std::size_t m = 0; m < members.size(); ++m) {
    of_members.push_back(measured(members[m], measures));
    members[m].report.metrics = metrics_of(of_members[m]);
    fusion.members.push_back({members[m].report, weights[m], gains_of(of_ensemble, of_members[m])});
  }
  correct(fusion.members);
  fusion.ceiling = ceiling_of(of_members);
  const auto rate = first_rate(measures);
  fusion.k = measures[rate].k;
  fusion.overlaps = overlaps_of(members, of_members, rate);
  return fusion;
}

}  // namespace matcher::run
