#include "matcher/run/near_duplicates.hpp"

namespace matcher::run {

report::NearDuplicates near_duplicates(const Outcomes& outcomes, double limit, std::span<const eval::Measure> measures,
                                       const std::string& resample) {
  report::NearDuplicates found;
  found.limit = limit;
  Outcomes others;
  for (std::size_t i = 0; i < outcomes.rankings.size(); ++i) {
    const auto& nearest = outcomes.nearest[i];
    if (outcomes.rankings[i].relevant_total == 0) continue;
    if (!nearest.copy && nearest.cosine < limit) {
      others.rankings.push_back(outcomes.rankings[i]);
      others.tags.push_back(outcomes.tags[i]);
      continue;
    }
    ++(nearest.copy ? found.copies : found.near);
    if (found.pairs.size() < report::NearDuplicates::most_pairs)
      found.pairs.push_back({nearest.query, nearest.item, nearest.cosine, nearest.copy});
  }
  found.others = others.rankings.size();
  if (found.others > 0) found.without = metrics_of(others, measures, resample);
  return found;
}

}  // namespace matcher::run
