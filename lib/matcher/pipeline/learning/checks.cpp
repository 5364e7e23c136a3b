#include "matcher/pipeline/learning/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "matcher/core/error.hpp"

namespace matcher::pipeline {

void check_labels_teach(const refine::Method& method, const BaseVectors& base, const Products& products) {
  const auto& dataset = base.gallery.manifest.data.name;
  const auto fail = [&](const std::string& why) {
    throw Error(ErrorCode::input,
                fmt::format("the gallery of \"{}\" {}. Use --method whiten, which needs no labels", dataset, why));
  };
  if (base.gallery.rows() < 2)
    throw Error(ErrorCode::input, fmt::format("the gallery of \"{}\" has {} photos; a map needs two or more", dataset,
                                              base.gallery.rows()));
  if (!method.needs_labels) return;
  if (products.labelled == 0) fail(fmt::format("has no labels, so --method {} cannot learn from it", method.name));
  if (products.labelled == 1)
    fail(fmt::format("has a single label, \"{}\"; learning needs two products or more", base.gallery.items[0].label));
  if (products.repeated == 0)
    fail(fmt::format("has one photo of each of its {} products, so labels cannot teach how photos of a product differ",
                     products.count));
}

void drop_shared_photos(Observer& observer, BaseVectors& base) {
  if (!base.queries) return;
  auto& queries = *base.queries;
  std::set<std::string_view> learnt;
  for (const auto& item : base.gallery.items) learnt.insert(item.content_hash);
  std::vector<std::uint32_t> kept;
  for (std::uint32_t row = 0; row < queries.items.size(); ++row) {
    if (!learnt.contains(queries.items[row].content_hash)) kept.push_back(row);
  }
  const auto all = queries.items.size(), shared = all - kept.size();
  if (shared == 0) return;
  const auto sentence = fmt::format("{} of the {} queries of \"{}\" are photos of its gallery, too", shared, all,
                                    base.gallery.manifest.data.name);
  if (kept.empty())
    throw Error(ErrorCode::input, sentence +
                                      ": a map would be measured on what it was learnt from. Give other queries, "
                                      "or hold some out with --hold-out 20%");
  observer.log(LogLevel::warning, sentence + ", and are left out");
  queries.unit = take_rows(queries.unit.view(), kept);
  queries.items = take_items(queries.items, kept);
}

void warn_of_text_queries(Observer& observer, const BaseVectors& base) {
  if (!base.queries) return;
  const auto& items = base.queries->items;
  const auto is_text = [](const store::ItemRow& item) { return item.path.empty() && !item.text.empty(); };
  const auto texts = std::ranges::count_if(items, is_text);
  if (texts == 0) return;
  observer.log(
      LogLevel::warning,
      fmt::format("{} of the {} queries of \"{}\" are texts, but the map is learnt on photos: texts may be found "
                  "worse than by the base. The row \"the dataset's own queries\" measures it",
                  texts, items.size(), base.gallery.manifest.data.name));
}

}  // namespace matcher::pipeline
