// What the photos promise: the same everywhere, and of use for matching.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include "demo-photos/studio.hpp"
#include "matcher/core/hash.hpp"

namespace matcher::demo {
namespace {

std::string hash_of(const image::Image& image) { return content_hash(std::as_bytes(std::span(image.rgb))); }

constexpr std::size_t bins_per_channel = 4;
using Histogram = std::array<double, bins_per_channel * bins_per_channel * bins_per_channel>;

/// Parts of the photo's middle, where the package is, by colour.
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
  const Studio studio(1, 96);
  CHECK(hash_of(studio.gallery_photo(studio.package(Range::known, 0), 0)) == "0b6130f95a568d6ed9f895177329e185");
  CHECK(hash_of(studio.query_photo(studio.package(Range::unknown, 4), 1)) == "e8a66b378be927b265f54248240ad4da");
}

TEST_CASE("a photo depends on seed, product and view") {
  const Studio studio(1, 64);
  const Package package = studio.package(Range::known, 5);
  const std::string photo = hash_of(studio.query_photo(package, 0));
  CHECK(hash_of(Studio(1, 64).query_photo(package, 0)) == photo);
  CHECK(hash_of(studio.query_photo(package, 1)) != photo);
  CHECK(hash_of(studio.query_photo(studio.package(Range::known, 6), 0)) != photo);
  CHECK(hash_of(studio.query_photo(studio.package(Range::unknown, 5), 0)) != photo);
  const Studio other(2, 64);
  CHECK(hash_of(other.query_photo(other.package(Range::known, 5), 0)) != photo);
}

TEST_CASE("every form, pattern, layout and emblem can be drawn at any size") {
  std::set<Form> forms;
  std::set<Emblem> emblems;
  for (const int size : {32, 50}) {
    const Studio studio(3, size);
    for (int number = 0; number < 90; ++number) {
      const Package package = studio.package(Range::known, number);
      CHECK(studio.query_photo(package, 0).rgb.size() == static_cast<std::size_t>(size * size * 3));
      forms.insert(package.product.form);
      emblems.insert(package.product.look.emblem);
    }
  }
  CHECK(forms.size() == form_count);
  CHECK(emblems.size() == emblem_count);
}

TEST_CASE("some products are variants of one brand, and every third unknown one is too") {
  std::set<std::string> brands;
  std::set<std::string> labels;
  for (int number = 0; number < 120; ++number) {
    const Product product = make_product(1, Range::known, number);
    brands.insert(product.brand + product.good);
    labels.insert(product.label);
  }
  CHECK(labels.size() == 120);
  CHECK(brands.size() > 50);
  CHECK(brands.size() < 100);
  const Product known = make_product(1, Range::known, 1);
  const Product unknown = make_product(1, Range::unknown, 3);
  CHECK(unknown.brand == known.brand);
  CHECK(unknown.variant != known.variant);
}

TEST_CASE("views of a product are closer to each other than to other products") {
  constexpr int products = 24;
  const Studio studio(1, 96);
  std::vector<std::array<Histogram, 3>> views;
  for (int number = 0; number < products; ++number) {
    const Package package = studio.package(Range::known, number);
    views.push_back({colours_of(studio.gallery_photo(package, 0)), colours_of(studio.gallery_photo(package, 1)),
                     colours_of(studio.query_photo(package, 0))});
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
