#include "matcher/run/near_duplicates.hpp"

namespace matcher::run {
namespace {

/// The gallery item nearest to a query. A copy is not among the answers.
report::Twins nearest_to(const RankedQuery& query) {
  if (!query.details->copy.empty()) return {query.id, query.details->copy, 1, true};
  if (query.answers.empty()) return {query.id, {}, -1, false};
  return {query.id, query.answers[0].id, query.answers[0].score, false};
}

}  // namespace

report::NearDuplicates find_near_duplicates(const Run& run, double limit, std::span<const eval::Metric> metrics) {
  report::NearDuplicates found;
  found.limit = limit;
  KnownQueries others;
  for (const auto* query : known_queries(run.queries)) {
    const auto nearest = nearest_to(*query);
    if (!nearest.copy && nearest.cosine < limit) {
      others.push_back(query);
      continue;
    }
    ++(nearest.copy ? found.copies : found.near);
    if (found.pairs.size() < report::NearDuplicates::most_pairs) found.pairs.push_back(nearest);
  }
  found.others = others.size();
  if (found.others > 0)
    found.without = estimates_of(values_of(others, metrics), metrics, groups_of(others, run.report.resample));
  return found;
}

}  // namespace matcher::run
