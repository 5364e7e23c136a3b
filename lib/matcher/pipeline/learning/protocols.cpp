#include "matcher/pipeline/learning/protocols.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace matcher::pipeline {
namespace {

/// Rows of a sample with their vectors.
struct Part {
  Part(const Sample& sample, std::vector<std::uint32_t> chosen)
      : rows(std::move(chosen)), unit(take_rows(sample.unit.view(), rows)), items(take_items(sample.items, rows)) {}
  Side side() const { return {unit.view(), items}; }

  std::vector<std::uint32_t> rows;
  Matrix unit;
  std::vector<store::ItemRow> items;
};

/// The queries whose label a part has.
std::vector<std::uint32_t> queries_of(const Part& part, const VectorSet& queries) {
  std::set<std::string_view> labels;
  for (const auto& item : part.items) labels.insert(item.label);
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < queries.items.size(); ++row) {
    if (labels.contains(queries.items[row].label)) rows.push_back(row);
  }
  return rows;
}

void add(Compared& all, const Compared& fold) {
  all.base += fold.base;
  all.adapted += fold.adapted;
}

Compared compare_inside(const Learning& learning, const Part& part, const refine::LinearMap& map) {
  const auto mapped = refine::apply(map, part.unit.view());
  return {measure_inside(learning.sample, part.unit.view(), part.rows, learning.metrics),
          measure_inside(learning.sample, mapped.view(), part.rows, learning.metrics)};
}

/// Calls `use(fold, map)` for each fold whose outside can teach, with the map that was learnt there.
template <typename SettingFor, typename Use>
void for_each_fold(const Learning& learning, const Folds& folds, const SettingFor& setting_for, const Use& use) {
  const auto scatters = scatter_by_fold(learning.sample, folds);
  for (std::size_t fold = 0; fold < folds.count; ++fold) {
    const auto scatter = scatter_without(scatters, fold);
    learning.progress();
    if (learning.method.can_learn(scatter)) use(fold, learn(learning.method, scatter, setting_for(fold)));
  }
}

}  // namespace

Compared compare_new_photos(const Learning& learning, const FitSettings& setting) {
  const auto& sample = learning.sample;
  const auto folds = fold_series(sample);
  Compared all;
  const auto same = [&](std::size_t) { return setting; };
  for_each_fold(learning, folds, same, [&](std::size_t fold, const refine::LinearMap& map) {
    const Part gallery(sample, rows_outside(sample, folds, fold)), queries(sample, rows_of_fold(sample, folds, fold));
    add(all, compare_queries(gallery.side(), queries.side(), map, learning.metrics));
  });
  return all;
}

Compared compare_new_products(const Learning& learning, const VectorSet* queries,
                              const std::function<FitSettings(std::size_t fold)>& setting_for) {
  const auto& sample = learning.sample;
  const auto folds = fold_products(sample);
  Compared all;
  for_each_fold(learning, folds, setting_for, [&](std::size_t fold, const refine::LinearMap& map) {
    const Part gallery(sample, rows_of_fold(sample, folds, fold));
    if (queries == nullptr) {
      add(all, compare_inside(learning, gallery, map));
    } else {
      const auto rows = queries_of(gallery, *queries);
      const auto unit = take_rows(queries->unit.view(), rows);
      const auto items = take_items(queries->items, rows);
      add(all, compare_queries(gallery.side(), {unit.view(), items}, map, learning.metrics));
    }
  });
  return all;
}

Compared compare_queries(const Side& gallery, const Side& queries, const refine::LinearMap& map,
                         std::span<const eval::Metric> metrics) {
  const auto mapped_gallery = refine::apply(map, gallery.unit), mapped_queries = refine::apply(map, queries.unit);
  return {measure(gallery, queries, metrics),
          measure({mapped_gallery.view(), gallery.items}, {mapped_queries.view(), queries.items}, metrics)};
}

std::vector<std::pair<std::size_t, Outcome>> measure_dimensions(const Side& gallery, const Side& queries,
                                                                std::span<const eval::Metric> metrics) {
  std::vector<std::pair<std::size_t, Outcome>> curve;
  for (std::size_t n = std::min<std::size_t>(8, gallery.unit.cols);; n = std::min(2 * n, gallery.unit.cols)) {
    const auto a = shorten(gallery.unit, n), b = shorten(queries.unit, n);
    curve.emplace_back(n, measure({a.view(), gallery.items}, {b.view(), queries.items}, metrics));
    if (n == gallery.unit.cols) return curve;
  }
}

}  // namespace matcher::pipeline
