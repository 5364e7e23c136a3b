// Checks that photos are the same everywhere, and that products can be told apart on them.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include "demo-photos/photo.hpp"
#include "matcher/files/hash.hpp"

namespace matcher::demo {
namespace {

std::string hash_of(const image::Image& image) { return content_hash(std::as_bytes(std::span(image.rgb))); }

Package package(Range range, int number, int size, std::uint64_t seed = 1) {
  const Product product = make_product(seed, range, number);
  return {product, draw_artwork(product, size), size};
}

constexpr std::size_t bins_per_channel = 4;
using Histogram = std::array<double, bins_per_channel * bins_per_channel * bins_per_channel>;

/// Share of each colour in the photo's middle, where the package is.
Histogram colours_of(const image::Image& image) {
  Histogram histogram{};
  const int border = image.width / 4;
  for (int y = border; y < image.height - border; ++y) {
    for (int x = border; x < image.width - border; ++x) {
      const std::uint8_t* pixel = image.row(y) + x * 3;
      std::size_t bin = 0;
      for (int c = 0; c < 3; ++c) bin = bin * bins_per_channel + pixel[c] / (256 / bins_per_channel);
      histogram[bin] += 1;
    }
  }
  const double total = std::accumulate(histogram.begin(), histogram.end(), 0.0);
  for (double& part : histogram) part /= total;
  return histogram;
}

double distance(const Histogram& a, const Histogram& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
  return sum / 2;
}

TEST_CASE("two photos are known to the last bit") {
  CHECK(hash_of(draw_photo(package(Range::known, 0, 96), Split::gallery, 0)) == "6c5b5e03a96e3d41313438dd51158a20");
  CHECK(hash_of(draw_photo(package(Range::unknown, 4, 96), Split::query, 1)) == "b4fffd1e9ac3a20d47c659f46b83c4a4");
}

TEST_CASE("a photo depends on seed, product, split and view") {
  const Package same = package(Range::known, 5, 64);
  const std::string photo = hash_of(draw_photo(same, Split::query, 0));
  CHECK(hash_of(draw_photo(package(Range::known, 5, 64), Split::query, 0)) == photo);
  CHECK(hash_of(draw_photo(same, Split::query, 1)) != photo);
  CHECK(hash_of(draw_photo(same, Split::gallery, 0)) != photo);
  CHECK(hash_of(draw_photo(package(Range::known, 6, 64), Split::query, 0)) != photo);
  CHECK(hash_of(draw_photo(package(Range::unknown, 5, 64), Split::query, 0)) != photo);
  CHECK(hash_of(draw_photo(package(Range::known, 5, 64, 2), Split::query, 0)) != photo);
}

TEST_CASE("every form, pattern, layout and emblem can be drawn at any size") {
  std::set<Form> forms;
  std::set<Pattern> patterns;
  std::set<Layout> layouts;
  std::set<Emblem> emblems;
  for (const int size : {32, 50}) {
    for (int number = 0; number < 90; ++number) {
      const Package drawn = package(Range::known, number, size, 3);
      CHECK(draw_photo(drawn, Split::query, 0).rgb.size() == std::size_t(size * size * 3));
      forms.insert(drawn.product.form);
      patterns.insert(drawn.product.pattern);
      layouts.insert(drawn.product.layout);
      emblems.insert(drawn.product.emblem);
    }
  }
  CHECK(forms.size() == form_count);
  CHECK(patterns.size() == pattern_count);
  CHECK(layouts.size() == layout_count);
  CHECK(emblems.size() == emblem_count);
}

TEST_CASE("no two products of a hundred have the same print") {
  std::set<std::string> prints;
  for (int number = 0; number < 100; ++number) {
    const Product product = make_product(1, Range::known, number);
    prints.insert(hash_of(draw_artwork(product, 32).image()));
  }
  CHECK(prints.size() == 100);
}

TEST_CASE("some products are variants of one brand, and every third unknown one is too") {
  std::map<std::string, std::set<std::string>> variants;
  for (int number = 0; number < 120; ++number) {
    const Product product = make_product(1, Range::known, number);
    variants[product.brand + product.good].insert(product.variant);
  }
  CHECK(variants.size() > 50);
  CHECK(variants.size() < 100);
  for (int number = 0; number < 36; number += 3) {
    const Product known = make_product(1, Range::known, number / 3);
    const Product unknown = make_product(1, Range::unknown, number);
    CHECK(unknown.brand == known.brand);
    CHECK(!variants[known.brand + known.good].contains(unknown.variant));
  }
}

TEST_CASE("views of a product are closer to each other than to other products") {
  constexpr int products = 24;
  std::vector<std::array<Histogram, 3>> views;
  for (int number = 0; number < products; ++number) {
    const Package drawn = package(Range::known, number, 96);
    views.push_back({colours_of(draw_photo(drawn, Split::gallery, 0)), colours_of(draw_photo(drawn, Split::gallery, 1)),
                     colours_of(draw_photo(drawn, Split::query, 0))});
  }
  double same_gallery = 0, same_query = 0, other_gallery = 0, other_query = 0;
  for (std::size_t i = 0; i < products; ++i) {
    for (std::size_t j = 0; j < products; ++j) {
      (i == j ? same_gallery : other_gallery) += distance(views[i][0], views[j][1]);
      (i == j ? same_query : other_query) += distance(views[i][0], views[j][2]);
    }
  }
  CHECK(same_gallery / products < 0.6 * other_gallery / (products * (products - 1)));
  CHECK(same_query / products < 0.97 * other_query / (products * (products - 1)));
}

}  // namespace
}  // namespace matcher::demo
