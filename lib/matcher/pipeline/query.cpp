#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include <set>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/decode.hpp"

namespace matcher::pipeline {
namespace {

/// What is answered once: the product, or the item where it has none.
const std::string& product_of(const store::ItemRow& item) { return item.label.empty() ? item.id : item.label; }

std::size_t available(const LoadedIndex& index, bool by_item) {
  if (by_item) return index.items.size();
  std::set<std::string_view> products;
  for (const auto& item : index.items) products.insert(product_of(item));
  return products.size();
}

std::vector<Answer> first_of_each(const std::vector<index::Hit>& hits, const LoadedIndex& index, std::size_t k, bool by_item) {
  std::vector<Answer> answers;
  std::set<std::string_view> seen;
  for (const auto& hit : hits) {
    const auto& item = index.items[hit.row];
    if (answers.size() == k) break;
    if (by_item || seen.insert(product_of(item)).second) answers.push_back({item, hit.score});
  }
  return answers;
}

/// Looks further down until there are k products, or no more items.
std::vector<Answer> answers_to(std::span<const float> vector, const LoadedIndex& index, std::size_t k, bool by_item) {
  for (std::size_t depth = by_item ? k : 4 * k;; depth *= 4) {
    const auto hits = index.index->search({vector.data(), 1, vector.size()}, std::min(depth, index.items.size()))[0];
    auto answers = first_of_each(hits, index, k, by_item);
    if (answers.size() >= k || depth >= index.items.size()) return answers;
  }
}

}  // namespace

QueryResult query(const Context& context, const QueryOptions& options) {
  if (options.top_k == 0) throw Error(ErrorCode::usage, "--top-k must be at least 1");
  const auto index = load_index(options.index);
  const auto choice = choose_model(context, options.model.empty() ? index.manifest.model : options.model);
  const auto embedder = load_embedder(context, choice, options.run);
  check_belongs(index, {choice.name, embedder->fingerprint(), to_string(embedder->precision()), embedder->dimension()});

  QueryResult result{index.manifest, available(index, options.by_item), {}};
  const auto k = std::min(options.top_k, result.available);
  for (const auto& image : options.images) {
    dataset::Item item;
    item.id = item.path = image;
    const auto picture = prepare({&item, "queries"}, *embedder);
    QueryAnswers answers{image, picture.reason, {}};
    if (picture.reason.empty()) {
      auto vector = embedder->embed({&picture.sample, 1});
      normalise(vector.row(0));
      answers.answers = answers_to(vector.row(0), index, k, options.by_item);
    }
    result.queries.push_back(std::move(answers));
  }
  return result;
}

}  // namespace matcher::pipeline
