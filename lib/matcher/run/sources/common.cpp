#include "matcher/run/common.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "matcher/core/error.hpp"

namespace matcher::run {
namespace {

using Key = std::pair<std::string, std::string>;

Key key_of(const RankedQuery& query) { return {query.id, query.label}; }

/// The known queries that all runs have, by the number of runs that have them.
std::map<Key, std::size_t> count_runs(std::span<const Run> runs) {
  std::map<Key, std::size_t> count;
  for (const auto& run : runs)
    for (const auto& query : run.queries)
      if (query.known()) ++count[key_of(query)];
  return count;
}

std::size_t known_in(const Run& run) { return std::size_t(std::ranges::count_if(run.queries, &RankedQuery::known)); }

}  // namespace

std::vector<std::size_t> keep_common_queries(std::span<Run> runs) {
  const auto count = count_runs(runs);
  std::map<Key, std::size_t> place;
  for (const auto& query : runs[0].queries) {
    const auto found = count.find(key_of(query));
    if (found != count.end() && found->second == runs.size()) place.emplace(found->first, place.size());
  }
  if (place.empty()) {
    throw Error(
        ErrorCode::mismatch,
        fmt::format("the runs \"{}\" and \"{}\" have no query in common: no id and label of one is in the other. "
                    "Compare runs of the same catalogue",
                    runs.front().folder.string(), runs.back().folder.string()));
  }
  std::vector<std::size_t> left_out;
  for (auto& run : runs) {
    left_out.push_back(known_in(run) - place.size());
    std::erase_if(run.queries, [&](const auto& query) { return !place.contains(key_of(query)); });
    std::ranges::sort(run.queries, {}, [&](const auto& query) { return place.at(key_of(query)); });
    run.report.dataset.queries = run.queries.size();
    run.report.dataset.unknown_queries = 0;
  }
  return left_out;
}

}  // namespace matcher::run
