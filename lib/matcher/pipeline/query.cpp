#include "matcher/pipeline/query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/pipeline/embedding/decoder.hpp"
#include "matcher/store/threshold_file.hpp"

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

std::vector<report::Answer> first_of_each(const std::vector<index::Hit>& hits, const LoadedIndex& index, std::size_t k,
                                          bool by_item) {
  std::vector<report::Answer> answers;
  std::set<std::string_view> seen;
  for (const auto& hit : hits) {
    const auto& item = index.items[hit.row];
    if (answers.size() == k) break;
    if (by_item || seen.insert(product_of(item)).second) answers.push_back({item.id, item.label, item.path, hit.score});
  }
  return answers;
}

/// Looks further down until there are k products, or no more items.
std::vector<report::Answer> answers_to(std::span<const float> vector, const LoadedIndex& index, std::size_t k,
                                       bool by_item) {
  for (std::size_t depth = by_item ? k : 4 * k;; depth *= 4) {
    const auto hits = index.index->search({vector.data(), 1, vector.size()}, std::min(depth, index.items.size()))[0];
    auto answers = first_of_each(hits, index, k, by_item);
    if (answers.size() >= k || depth >= index.items.size()) return answers;
  }
}

void reject_below(double threshold, report::QueryAnswers& query) {
  if (query.answers.empty() || query.answers.front().score >= threshold) return;
  query.rejected = query.answers.front().score;
  query.answers.clear();
}

dataset::Item item_of(const std::string& query, bool is_text) {
  dataset::Item item;
  item.id = query;
  (is_text ? item.text : item.path) = query;
  return item;
}

void check_queries(const QueryOptions& options, const model::Embedder& embedder, const std::string& model) {
  if (options.top_k == 0) throw Error(ErrorCode::usage, "--top-k must be at least 1");
  if (options.images.empty() && options.texts.empty())
    throw Error(ErrorCode::usage, "nothing to look up: give photos, or words with --text");
  if (std::ranges::find(options.texts, "") != options.texts.end())
    throw Error(ErrorCode::usage, "--text is empty; give words, such as --text \"red apple\"");
  if (options.texts.empty() || embedder.takes_texts()) return;
  throw Error(
      ErrorCode::usage,
      fmt::format("--text needs an index of a model that takes texts, but \"{}\" was built by {}, which takes pictures "
                  "only; index with a CLIP model that was exported with its vocabulary",
                  options.index.string(), model));
}

}  // namespace

report::Answers query(const Context& context, const QueryOptions& options) {
  const auto index = open_index(context, options.index, options.execution);
  const auto choice = choose_model(context, options.model.empty() ? index.manifest.model.name : options.model);
  const auto embedder = load_embedder(context, choice, options.execution);
  check_belongs(index, identity_of(choice.name, *embedder));
  check_queries(options, *embedder, choice.name);

  const auto threshold = options.threshold ? options.threshold : store::read_threshold(index.folder, index.manifest);
  const auto& m = index.manifest;
  report::Answers result{.model = m.model,
                         .index_type = m.type,
                         .items = m.count,
                         .threshold = threshold,
                         .available = available(index, options.by_item),
                         .queries = {}};
  const auto k = std::min(options.top_k, result.available);
  const auto answer = [&](const std::string& query, bool is_text) {
    const auto item = item_of(query, is_text);
    const auto picture = prepare({&item, Role::queries}, *embedder);
    report::QueryAnswers answers{query, is_text, std::nullopt, picture.reason, {}};
    if (picture.reason.empty()) {
      auto vector = embedder->embed({&picture.sample, 1});
      normalise(vector.row(0));
      answers.answers = answers_to(vector.row(0), index, k, options.by_item);
      if (!is_text && threshold) reject_below(*threshold, answers);
    }
    result.queries.push_back(std::move(answers));
  };
  for (const auto& image : options.images) answer(image, false);
  for (const auto& text : options.texts) answer(text, true);
  return result;
}

}  // namespace matcher::pipeline
