#include "matcher/pipeline/measuring/photo_scores.hpp"

#include <algorithm>
#include <map>

#include "matcher/pipeline/search/self_match.hpp"

namespace matcher::pipeline {
namespace {

void find_selves(Photos& photos) {
  const SelfMatch self_match(photos.gallery.items);
  for (const auto& query : photos.queries.items) photos.self.push_back(self_match.rows(query));
}

bool has_another(const Rows& gallery, const Rows& self) {
  return std::ranges::any_of(gallery, [&](std::uint32_t row) { return !std::ranges::binary_search(self, row); });
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

Photos group_photos(VectorSet gallery, VectorSet queries) {
  Photos photos{std::move(gallery), std::move(queries), {}, {}, {}, {}, 0};
  find_selves(photos);
  group_gallery(photos);
  group_queries(photos);
  return photos;
}

Matrix compute_scores(const Photos& photos, std::span<const std::uint32_t> rows) {
  const auto& gallery = photos.gallery.unit;
  Matrix scores(rows.size(), gallery.rows);
  for (std::size_t g = 0; g < gallery.rows;
       ++g) {  // the outer loop, so that a gallery row is read once for all queries
    for (std::size_t q = 0; q < rows.size(); ++q) {
      scores.row(q)[g] = float(inner_product(photos.queries.unit.row(rows[q]), gallery.row(g)));
    }
  }
  return scores;
}

}  // namespace matcher::pipeline
