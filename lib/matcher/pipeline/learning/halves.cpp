#include "matcher/pipeline/learning/halves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "matcher/core/error.hpp"
#include "matcher/files/hash.hpp"
#include "matcher/pipeline/learning/sample.hpp"
#include "matcher/pipeline/search/labels.hpp"
#include "matcher/pipeline/search/self_match.hpp"
#include "matcher/pipeline/vectors/refined_vectors.hpp"

namespace matcher::pipeline {
namespace {

constexpr std::size_t fewest_products = 4;

void check_model(const ModelChoice& choice) {
  check_no_later_steps(choice, "which tune tries itself; leave it out");
  if (choice.members.size() > 1)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is an ensemble; tune joins models itself: list its members with "
                                              "commas",
                                              choice.name));
  if (choice.members[0].bundle.is_adapted())
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is adapted already; tune learns maps itself: give its base, {}",
                                              choice.name, base_choice(choice.members[0].bundle).name));
}

void check_same_items(const VectorSet& first, const VectorSet& other) {
  if (first.items == other.items) return;
  throw Error(ErrorCode::mismatch,
              fmt::format("{} and {} embedded different images of \"{}\"; embed both again", first.manifest.model.name,
                          other.manifest.model.name, first.manifest.data.name));
}

/// The half of each label that both sides have: 0 decides, 1 decides nothing. The order of hashes deals them.
std::map<std::string, std::size_t> deal_products(const LoadedModels& all) {
  std::set<std::string> known;
  for (const auto& item : all.galleries[0].items) known.insert(item.label);
  std::map<std::string, std::string> by_hash;
  for (const auto& item : all.queries[0].items) {
    if (!item.label.empty() && known.contains(item.label))
      by_hash.emplace(Hasher().field(item.label).hex(), item.label);
  }
  std::map<std::string, std::size_t> half_of;
  for (const auto& [hash, label] : by_hash) half_of.emplace(label, half_of.size() % 2);
  return half_of;
}

std::vector<std::uint32_t> rows_of_half(const std::vector<store::ItemRow>& items,
                                        const std::map<std::string, std::size_t>& half_of, std::size_t number) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < items.size(); ++row) {
    const auto found = half_of.find(items[row].label);
    if (found != half_of.end() && found->second == number) rows.push_back(row);
  }
  return rows;
}

/// Leaves out queries with the bytes of a gallery photo, on which a map would be learnt.
std::vector<std::uint32_t> without_copies(std::vector<std::uint32_t> rows, const LoadedModels& all) {
  const auto& queries = all.queries[0].items;
  const auto copies = group_rows(all.galleries[0].items, &store::ItemRow::content_hash);
  std::erase_if(rows, [&](std::uint32_t row) { return !find_rows(copies, queries[row].content_hash).empty(); });
  return rows;
}

Half take_half(const LoadedModels& all, const std::map<std::string, std::size_t>& half_of, std::size_t number,
               int threads) {
  const auto of_gallery = rows_of_half(all.galleries[0].items, half_of, number);
  const auto of_queries = without_copies(rows_of_half(all.queries[0].items, half_of, number), all);
  Half half;
  half.gallery = take_items(all.galleries[0].items, of_gallery);
  half.queries = take_items(all.queries[0].items, of_queries);
  auto products = number_products(half.gallery);
  half.products = std::move(products.numbers);
  half.labels_teach = products.repeated > 0;
  half.threads = threads;
  for (std::size_t m = 0; m < all.choices.size(); ++m)
    half.models.push_back(
        {take_rows(all.galleries[m].unit.view(), of_gallery), take_rows(all.queries[m].unit.view(), of_queries)});
  return half;
}

void check_products(std::size_t products, const Half& searched, const Half& reported, const std::string& dataset) {
  if (products >= fewest_products && !searched.queries.empty() && !reported.queries.empty()) return;
  throw Error(
      ErrorCode::input,
      fmt::format("\"{}\" has {} products with photos in the gallery and other photos as queries; tune needs {} "
                  "or more, half to choose and half to report. Hold queries out with --hold-out 20%, or add "
                  "photos with labels",
                  dataset, products, fewest_products));
}

}  // namespace

std::vector<ModelChoice> choose_single_models(const Context& context, const std::vector<std::string>& models,
                                              const ExecutionOptions& execution) {
  if (models.empty())
    throw Error(ErrorCode::usage, "tune needs models to choose from: --models A,B,C (matcher models lists them)");
  std::vector<ModelChoice> choices;
  for (const auto& model : models) {
    choices.push_back(choose_model(context, model, execution));
    check_model(choices.back());
    if (std::ranges::count(choices, choices.back().name, &ModelChoice::name) > 1)
      throw Error(ErrorCode::usage, fmt::format("--models names {} twice", choices.back().name));
  }
  return choices;
}

LoadedModels load_models(const Context& context, std::vector<ModelChoice> choices, const dataset::Dataset& data,
                         const ExecutionOptions& execution) {
  LoadedModels all{std::move(choices), {}, {}, {}};
  for (std::size_t m = 0; m < all.choices.size(); ++m) {
    const auto step = at_step(context, m + 1, all.choices.size());
    all.galleries.push_back(load_gallery(step, all.choices[m], data, execution));
    all.queries.push_back(load_queries(step, all.choices[m], {}, data, execution));
    auto cache = all.galleries.back().cache;
    report_cache_use(cache += all.queries.back().cache, all.choices[m].name, context.observer);
    check_same_items(all.galleries[0], all.galleries.back());
    check_same_items(all.queries[0], all.queries.back());
    all.images_per_second.push_back(all.queries.back().manifest.images_per_second);
  }
  return all;
}

Halves deal_halves(const LoadedModels& models, const std::string& dataset, int threads) {
  const auto half_of = deal_products(models);
  Halves halves{take_half(models, half_of, 0, threads), take_half(models, half_of, 1, threads)};
  check_products(half_of.size(), halves.searched, halves.reported, dataset);
  return halves;
}

}  // namespace matcher::pipeline
