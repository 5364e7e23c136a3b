#include "matcher/run/fusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/core/error.hpp"
#include "matcher/eval/paired.hpp"
#include "matcher/run/comparison.hpp"
#include "matcher/run/fusion/ensemble.hpp"
#include "matcher/run/fusion/pool.hpp"
#include "matcher/run/fusion/weights.hpp"
#include "matcher/run/measure.hpp"
#include "matcher/run/split.hpp"

namespace matcher::run {
namespace {

/// The first difference that prevents a fusion; empty: none.
std::string difference(const Run& a, const Run& b) {
  if (auto data = data_difference(a.report, b.report); !data.empty()) return data;
  if (!std::ranges::equal(a.queries, b.queries, {}, &RankedQuery::id, &RankedQuery::id))
    return "they hold different queries";
  return {};
}

void check_members(std::span<const Run> members) {
  for (const auto& member : members) {
    const auto why = difference(members[0], member);
    if (why.empty()) continue;
    throw Error(ErrorCode::mismatch,
                fmt::format("cannot fuse the runs \"{}\" and \"{}\": {}; evaluate both again on the same data",
                            members[0].folder.string(), member.folder.string(), why));
  }
}

void for_each_answer(std::vector<Run>& members, const auto& use) {
  for (auto& member : members) {
    for (auto& query : member.queries) std::ranges::for_each(query.answers, use);
  }
}

bool all_labelled(std::span<const Run> members) {
  const auto labelled = [](const RankedQuery& query) {
    return std::ranges::none_of(query.answers, &std::string::empty, &RankedAnswer::label);
  };
  return std::ranges::all_of(members, [&](const Run& m) { return std::ranges::all_of(m.queries, labelled); });
}

void keep_rows(Run& run, const std::vector<std::size_t>& rows) {
  std::vector<RankedQuery> kept;
  for (const auto row : rows) kept.push_back(std::move(run.queries[row]));
  run.queries = std::move(kept);
  describe_part(run.report.dataset, run.queries);
}

/// The first metric whose values count queries: they say whether an answer is right.
std::size_t first_share(std::span<const eval::Metric> metrics) {
  const auto share = std::ranges::find(metrics, eval::Unit::share, &eval::Metric::unit);
  if (share != metrics.end()) return std::size_t(share - metrics.begin());
  throw Error(ErrorCode::usage,
              "fuse counts correct and wrong answers. Add a top-k accuracy to --metrics, for example top1");
}

report::Metrics metrics_of(const MeasuredRun& measured) { return estimates_of(measured.values, measured.metrics, {}); }

report::Metrics ceiling_of(std::span<const MeasuredRun> members) {
  Values best;
  for (std::size_t m = 0; m < members[0].metrics.size(); ++m) {
    Values values;
    for (const auto& member : members) values.push_back(member.values[m]);
    best.push_back(eval::ceiling(values));
  }
  return estimates_of(best, members[0].metrics, {});
}

std::vector<std::pair<std::string, eval::Gain>> gains_of(const MeasuredRun& ensemble, const MeasuredRun& member) {
  const auto all = eval::paired_gains(ensemble.values, member.values);
  std::vector<std::pair<std::string, eval::Gain>> gains;
  for (std::size_t m = 0; m < all.size(); ++m) gains.emplace_back(member.metrics[m].name, all[m]);
  return gains;
}

/// Corrects p over the members (Holm), for each metric by itself.
void correct(std::vector<report::FusedMember>& members) {
  for (std::size_t m = 0; m < members.at(0).gains.size(); ++m) {
    std::vector<eval::Gain*> family;
    for (auto& member : members) family.push_back(&member.gains[m].second);
    eval::correct(family);
  }
}

std::vector<report::ErrorOverlap> overlaps_of(std::span<const MeasuredRun> members, std::size_t metric) {
  std::vector<report::ErrorOverlap> all;
  for (std::size_t a = 0; a < members.size(); ++a) {
    for (std::size_t b = a + 1; b < members.size(); ++b) {
      all.push_back({members[a].run->report.model.name, members[b].run->report.model.name,
                     eval::overlap(members[a].values[metric], members[b].values[metric])});
    }
  }
  return all;
}

/// Equal weights of sum 1 become 1 each, as reciprocal-rank fusion is defined.
std::vector<double> scale_for(eval::Fusion method, std::span<const double> weights) {
  std::vector<double> scaled(weights.begin(), weights.end());
  if (method == eval::Fusion::score) return scaled;
  for (auto& weight : scaled) weight *= double(weights.size());
  return scaled;
}

}  // namespace

void check_fusion_metrics(std::span<const eval::Metric> metrics) { first_share(metrics); }

void keep_stored(Run& run) {
  for (auto& query : run.queries) {
    const auto scores = falling_scores(query.answers);
    if (query.known()) {
      for (std::size_t i = 0; i < scores.size(); ++i) query.answers[i].score = scores[i];
    } else {
      query.answers.resize(std::min(query.answers.size(), answers_shown));
    }
    if (query.known() && !query.answers.empty() && !is_right(query)) continue;
    query.details.edit().right_id.clear();
    query.details.edit().right_path.clear();
  }
}

void join_members(std::vector<Run>& members) {
  check_members(members);
  if (all_labelled(members)) return;
  std::map<std::string, std::string> labels;
  for_each_answer(members, [&](const RankedAnswer& answer) {
    if (!answer.label.empty()) labels.emplace(answer.id, answer.label);
  });
  for_each_answer(members, [&](RankedAnswer& answer) {
    if (const auto found = labels.find(answer.id); found != labels.end()) answer.label = found->second;
  });
}

Weights tune_on_half(std::vector<Run>& members, eval::Fusion method) {
  const auto split = split_in_halves(members[0].queries);
  auto weights = choose_weights(members, members, split, method);
  for (auto& member : members) keep_rows(member, split.reported);
  return weights;
}

Weights tune_elsewhere(const std::vector<Run>& others, const std::vector<Run>& members, eval::Fusion method) {
  return choose_weights(others, members, split_apart(others[0].queries, members[0].queries), method);
}

void keep_queries_of(Run& run, const Run& like) {
  if (run.queries.size() == like.queries.size()) return;
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < run.queries.size() && rows.size() < like.queries.size(); ++row) {
    if (run.queries[row].id == like.queries[rows.size()].id) rows.push_back(row);
  }
  keep_rows(run, rows);
}

Run fuse_answers(std::span<const Run> members, eval::Fusion method, std::span<const double> weights) {
  Run run{ensemble_report(members, method, weights), {}, members[0].label_names, false, {}};
  run.queries = fused_queries(members, method, scale_for(method, weights), run.report.depth);
  return run;
}

report::Fusion describe_fusion(Run& ensemble, std::span<Run> members, std::span<const double> weights,
                               std::span<const eval::Metric> metrics) {
  check_any_known(ensemble);
  report::Fusion fusion;
  const auto of_ensemble = measure_each(ensemble, metrics);
  ensemble.report.metrics = metrics_of(of_ensemble);
  ensemble.report.losses.clear();  // they belong to the queries of the whole
  ensemble.report.near_duplicates.reset();
  ensemble.cosines = false;
  break_down(ensemble);
  fusion.ensemble = ensemble.report;
  std::vector<MeasuredRun> of_members;
  for (std::size_t m = 0; m < members.size(); ++m) {
    of_members.push_back(measure_each(members[m], metrics));
    members[m].report.metrics = metrics_of(of_members[m]);
    break_down(members[m]);
    fusion.members.push_back({members[m].report, weights[m], gains_of(of_ensemble, of_members[m])});
  }
  correct(fusion.members);
  fusion.ceiling = ceiling_of(of_members);
  const auto share = first_share(metrics);
  fusion.k = metrics[share].k;
  fusion.overlaps = overlaps_of(of_members, share);
  return fusion;
}

}  // namespace matcher::run
