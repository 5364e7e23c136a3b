#include "matcher/pipeline/search/photo_scores.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace matcher::pipeline {
namespace {

using Rows = std::vector<std::uint32_t>;
using RowsBy = std::unordered_map<std::string_view, Rows>;

RowsBy rows_by(const std::vector<store::ItemRow>& items, std::string store::ItemRow::*field) {
  RowsBy rows;
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (!(items[i].*field).empty()) rows[items[i].*field].push_back(i);
  }
  return rows;
}

void add(const RowsBy& rows, const std::string& key, Rows& to) {
  if (const auto found = rows.find(key); found != rows.end())
    to.insert(to.end(), found->second.begin(), found->second.end());
}

void find_selves(Photos& photos) {
  const auto by_id = rows_by(photos.gallery.items, &store::ItemRow::id);
  const auto by_hash = rows_by(photos.gallery.items, &store::ItemRow::content_hash);
  for (const auto& query : photos.queries.items) {
    auto& self = photos.self.emplace_back();
    add(by_id, query.id, self);
    add(by_hash, query.content_hash, self);
  }
}

bool has_another(const Rows& gallery, const Rows& self) {
  return std::ranges::any_of(gallery, [&](std::uint32_t row) { return std::ranges::find(self, row) == self.end(); });
}

void group_gallery(Photos& photos) {
  std::map<std::string, Rows> products;
  for (std::uint32_t i = 0; i < photos.gallery.items.size(); ++i) products[photos.gallery.items[i].label].push_back(i);
  products.erase("");
  for (auto& [label, rows] : products) {
    photos.labels.push_back(label);
    photos.of_gallery.push_back(std::move(rows));
  }
}

void group_queries(Photos& photos) {
  photos.of_queries.resize(photos.labels.size());
  for (std::uint32_t i = 0; i < photos.queries.items.size(); ++i) {
    const auto& label = photos.queries.items[i].label;
    const auto place = std::size_t(std::ranges::lower_bound(photos.labels, label) - photos.labels.begin());
    if (place == photos.labels.size() || photos.labels[place] != label) continue;
    if (!has_another(photos.of_gallery[place], photos.self[i])) continue;
    photos.of_queries[place].push_back(i);
    ++photos.known;
  }
}

}  // namespace

Photos photos_of(VectorSet gallery, VectorSet queries) {
  Photos photos{std::move(gallery), std::move(queries), {}, {}, {}, {}, 0};
  find_selves(photos);
  group_gallery(photos);
  group_queries(photos);
  return photos;
}

Matrix scores_of(const Photos& photos, std::span<const std::uint32_t> rows) {
  const auto& gallery = photos.gallery.unit;
  Matrix scores(rows.size(), gallery.rows);
  for (std::size_t g = 0; g < gallery.rows; ++g) {  // outside, so that a gallery row is fetched once for all queries
    for (std::size_t q = 0; q < rows.size(); ++q) {
      scores.row(q)[g] = float(inner_product(photos.queries.unit.row(rows[q]), gallery.row(g)));
    }
  }
  return scores;
}

}  // namespace matcher::pipeline
