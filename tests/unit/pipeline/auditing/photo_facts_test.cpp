#include "matcher/pipeline/auditing/photo_facts.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdlib>
#include <filesystem>

#include "matcher/files/file.hpp"
#include "matcher/image/image.hpp"
#include "matcher/image/resize.hpp"
#include "matcher/pipeline/auditing/copies.hpp"

using namespace matcher;
using namespace matcher::pipeline;
using report::Likeness;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "audit-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  std::string add(const std::string& name, const std::vector<std::byte>& bytes) const {
    OutputFile out(path_ / name);
    out.write(bytes);
    out.close();
    return (path_ / name).string();
  }

 private:
  fs::path path_;
};

/// Smooth waves; every seed has others.
image::Image photo(int seed, int width = 200, int height = 150) {
  image::Image made{width, height, std::vector<std::uint8_t>(std::size_t(width * height * 3))};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        const double u = double(x) / width, v = double(y) / height;
        const double wave = std::sin(3 * (seed + c) * u + seed) + std::cos((2 + seed) * v * (1 + u) + c);
        made.row(y)[x * 3 + c] = std::uint8_t(128 + 60 * wave);
      }
    }
  }
  return made;
}

image::Image mirror_of(const image::Image& from) {
  auto made = from;
  for (int y = 0; y < from.height; ++y)
    for (int x = 0; x < from.width; ++x)
      for (int c = 0; c < 3; ++c) made.row(y)[x * 3 + c] = from.row(y)[(from.width - 1 - x) * 3 + c];
  return made;
}

image::Image turned_left(const image::Image& from) {
  image::Image made{from.height, from.width, std::vector<std::uint8_t>(from.rgb.size())};
  for (int y = 0; y < made.height; ++y)
    for (int x = 0; x < made.width; ++x)
      for (int c = 0; c < 3; ++c) made.row(y)[x * 3 + c] = from.row(x)[(from.width - 1 - y) * 3 + c];
  return made;
}

image::Image darker(image::Image made) {
  for (auto& value : made.rgb) value = std::uint8_t(value * 0.8);
  return made;
}

}  // namespace

TEST_CASE("copies are found by bytes, pixels and content, also mirrored, turned and darker; other photos are not") {
  const Folder folder;
  const auto first = photo(1);
  const std::vector<std::string> paths{
      folder.add("a.png", image::encode_png(first)),
      folder.add("b.png", image::encode_png(photo(2))),
      folder.add("same bytes.png", image::encode_png(first)),
      folder.add("compressed.jpg", image::encode_jpeg(first, 40)),
      folder.add("resized.png", image::encode_png(image::resize(first, {75, 100}, image::Filter::bicubic))),
      folder.add("mirrored.jpg", image::encode_jpeg(mirror_of(photo(2)), 80)),
      folder.add("c.png", image::encode_png(photo(5))),
      folder.add("stretched.png", image::encode_png(image::resize(first, {150, 100}, image::Filter::bicubic))),
      folder.add("broken.jpg", std::vector<std::byte>(100)),
      folder.add("turned.jpg", image::encode_jpeg(turned_left(photo(4)), 80)),
      folder.add("d.png", image::encode_png(photo(4))),
      folder.add("dark.jpg", image::encode_jpeg(darker(photo(4)), 80)),
  };
  SilentObserver silent;
  const auto facts = look_at_photos(silent, paths, 3);
  REQUIRE(facts.size() == paths.size());
  CHECK(facts[0].width == 200);
  CHECK(facts[0].height == 150);
  CHECK(!facts[8].reason.empty());
  std::vector<report::AuditItem> items;
  for (const auto& path : paths) items.push_back({path, "x", "gallery", path});
  const std::vector<std::string> hashes(paths.size());
  const auto copies = find_copies(silent, {items, facts, hashes});
  const auto likeness = [&](std::uint32_t a, std::uint32_t b) -> std::string {
    for (const auto& copy : copies)
      if (copy.a == a && copy.b == b) return report::name_of(copy.likeness);
    return "";
  };
  CHECK(likeness(0, 2) == "bytes");
  CHECK(likeness(0, 3) == "content");
  CHECK(likeness(0, 4) == "content");
  CHECK(likeness(1, 5) == "mirrored");
  CHECK(likeness(9, 10) == "turned");
  CHECK(likeness(10, 11) == "content");
  for (const auto& copy : copies) {
    CHECK(copy.a != 6);
    CHECK(copy.b != 6);
    CHECK(copy.b != 7);
    CHECK(copy.b != 8);
  }
}

TEST_CASE("the same pixels in other files are found, and an item without a photo is passed over") {
  const Folder folder;
  auto with_alpha = photo(3);
  with_alpha.alpha.assign(std::size_t(with_alpha.width * with_alpha.height), 255);
  const std::vector<std::string> paths{folder.add("a.png", image::encode_png(photo(3))),
                                       folder.add("b.png", image::encode_png(with_alpha)), ""};
  SilentObserver silent;
  const auto facts = look_at_photos(silent, paths, 1);
  CHECK(!facts[2].looked_at);
  const std::vector<report::AuditItem> items{{"a", "x", "gallery", ""}, {"b", "y", "queries", ""}, {"c", "x", "", ""}};
  const std::vector<std::string> hashes(3);
  const auto copies = find_copies(silent, {items, facts, hashes});
  REQUIRE(copies.size() == 1);
  CHECK((copies[0].likeness == Likeness::pixels || copies[0].likeness == Likeness::bytes));
}

TEST_CASE("near-duplicates by vectors are the nearest of the other role, of another label and of its own") {
  const std::vector<report::AuditItem> items{{"a", "x", "gallery", ""},
                                             {"b", "x", "gallery", ""},
                                             {"c", "y", "gallery", ""},
                                             {"d", "x", "queries", ""},
                                             {"e", "x", "queries", ""}};
  const eval::Neighbours neighbours{{{3, 0.99F}, {4, 0.985F}, {1, 0.984F}, {2, 0.983F}}, {{0, 0.984F}}, {}, {}, {}};
  std::vector<Copy> copies{{0, 1, Likeness::bytes, 1}};
  add_near_duplicates(neighbours, items, 0.98, copies);
  REQUIRE(copies.size() == 3);
  CHECK(copies[1].b == 3);
  CHECK(copies[2].b == 2);
  CHECK(copies[2].likeness == Likeness::vectors);
  CHECK(separates(neighbours, items, 0.99));
  CHECK(!separates(neighbours, items, 0.98));
}
