#include "matcher/pipeline/measuring/loss.hpp"

#include <algorithm>

#include "matcher/pipeline/search/refined_index.hpp"
#include "matcher/run/run.hpp"

namespace matcher::pipeline {
namespace {

/// The ranking with equal scores in the best order.
eval::Ranking best_of_ties(const run::RankedQuery& query) {
  auto ranking = run::ranking_of(query);
  ranking.relevant.resize(query.answers.size());
  for (std::size_t first = 0, last = 0; first < query.answers.size(); first = last) {
    while (last < query.answers.size() && query.answers[last].score == query.answers[first].score) ++last;
    std::ranges::sort(std::span(ranking.relevant).subspan(first, last - first), std::greater());
  }
  return ranking;
}

/// The mean of each metric over the queries that have a correct answer.
std::vector<double> means(std::span<const run::RankedQuery> queries, std::span<const eval::Metric> metrics,
                          eval::Ranking (*rank)(const run::RankedQuery&)) {
  std::vector<double> sums(metrics.size());
  std::size_t known = 0;
  for (const auto& query : queries) {
    if (!query.known()) continue;
    ++known;
    const auto ranking = rank(query);
    for (std::size_t m = 0; m < metrics.size(); ++m) sums[m] += metrics[m](ranking);
  }
  for (auto& sum : sums) sum /= double(std::max<std::size_t>(1, known));
  return sums;
}

std::vector<run::RankedQuery> search_exactly(std::span<const store::ItemRow> items, MatrixView vectors,
                                             const VectorSet& queries, std::size_t depth,
                                             const index::VectorIndex& like) {
  const auto ids = ids_of(items);
  const auto exact = refine_alike(like, index::exact_search(vectors, ids));
  return answer_all({items, exact.get()}, queries, depth).queries;
}

report::Losses losses_of(std::span<const run::RankedQuery> answered, std::span<const run::RankedQuery> exact,
                         std::span<const run::RankedQuery> decoded, std::span<const eval::Metric> metrics) {
  const auto best = means(exact, metrics, best_of_ties), of_exact = means(exact, metrics, run::ranking_of),
             of_decoded = means(decoded, metrics, run::ranking_of),
             of_answered = means(answered, metrics, run::ranking_of);
  report::Losses losses;
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    losses.push_back(
        {metrics[m].name,
         {1 - best[m], best[m] - of_exact[m], of_exact[m] - of_decoded[m], of_decoded[m] - of_answered[m]}});
  }
  return losses;
}

}  // namespace

report::Losses split_loss(std::span<const run::RankedQuery> exact, std::span<const eval::Metric> metrics) {
  return losses_of(exact, exact, exact, metrics);
}

report::Losses split_loss(std::span<const run::RankedQuery> answered, const Gallery& index, const VectorSet& vectors,
                          const VectorSet& queries, std::size_t depth, std::span<const eval::Metric> metrics) {
  const auto exact = search_exactly(vectors.items, vectors.unit.view(), queries, depth, *index.index);
  const auto codes = index.index->lossless() ? std::nullopt : index.index->decode();
  if (!codes) return losses_of(answered, exact, exact, metrics);
  return losses_of(answered, exact, search_exactly(index.items, codes->view(), queries, depth, *index.index), metrics);
}

}  // namespace matcher::pipeline
