#include "matcher/pipeline/querying/answerer.hpp"

#include <algorithm>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

namespace matcher::pipeline {
namespace {

const std::string& product_of(const store::ItemRow& item) { return item.label.empty() ? item.id : item.label; }

Matrix gather(MatrixView from, std::span<const std::size_t> rows) {
  Matrix out(rows.size(), from.cols);
  for (std::size_t i = 0; i < rows.size(); ++i) std::ranges::copy(from.row(rows[i]), out.row(i).begin());
  return out;
}

}  // namespace

std::size_t count_answers(const LoadedIndex& index, const std::vector<std::uint32_t>* kept, bool by_item) {
  const auto count = kept ? kept->size() : index.items.size();
  if (by_item) return count;
  std::set<std::string_view> products;
  for (std::size_t i = 0; i < count; ++i) products.insert(product_of(index.items[kept ? (*kept)[i] : i]));
  return products.size();
}

Answerer::Answers Answerer::first_answers(const std::vector<index::Hit>& hits, std::size_t k, bool by_item) const {
  Answers answers;
  std::set<std::string_view> seen;
  for (const auto& hit : hits) {
    const auto& item = index_.items[hit.row];
    if (answers.size() == k) break;
    if (by_item || seen.insert(product_of(item)).second) answers.push_back({item.id, item.label, item.path, hit.score});
  }
  return answers;
}

/// Searches deeper for the queries that have fewer than k products, until no more items are left.
std::vector<Answerer::Answers> Answerer::search(MatrixView vectors, std::size_t k, bool by_item) const {
  std::vector<Answers> answers(vectors.rows);
  std::vector<std::size_t> pending(vectors.rows);
  std::iota(pending.begin(), pending.end(), std::size_t{0});
  for (std::size_t depth = by_item ? k : 4 * k; !pending.empty(); depth *= 4) {
    const auto some = gather(vectors, pending);
    const auto hits = index_.index->search(some.view(), std::min(depth, index_.items.size()));
    std::vector<std::size_t> rest;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      auto& found = answers[pending[i]] = first_answers(hits[i], k, by_item);
      if (found.size() < k && depth < index_.items.size()) rest.push_back(pending[i]);
    }
    pending = std::move(rest);
  }
  return answers;
}

/// The cosine of the best answer of another product than the first; -1, the lowest cosine, if the search finds none.
float Answerer::find_second_product(MatrixView vector) const {
  const auto two = search(vector, 2, false)[0];
  return two.size() < 2 ? -1 : two[1].score;
}

void Answerer::reject_below(const store::ScoreThreshold& threshold, MatrixView vector,
                            report::QueryAnswers& query) const {
  if (query.answers.empty()) return;
  const float best = query.answers.front().score;
  if (threshold.score == ScoreKind::margin) query.margin = best - find_second_product(vector);
  if (query.margin.value_or(best) >= threshold.value) return;
  query.rejected = query.answers.front();
  query.answers.clear();
}

void Answerer::answer(MatrixView vectors, std::span<report::QueryAnswers* const> queries) const {
  auto found = search(vectors, k_, by_item_);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    queries[i]->answers = std::move(found[i]);
    if (!queries[i]->is_text && threshold_) reject_below(*threshold_, vectors.slice(i, 1), *queries[i]);
  }
}

}  // namespace matcher::pipeline
