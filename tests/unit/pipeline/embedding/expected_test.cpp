#include "matcher/pipeline/embedding/expected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/files/npy.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using Catch::Matchers::ContainsSubstring;
using pipeline::read_expected;
using test::error_of;

namespace {

struct Folder : test::Surroundings {
  test::FirstPixel embedder;
  fs::path path = scratch / "expected";

  void vectors(const fs::path& name, std::vector<std::size_t> shape) const {
    std::size_t size = 1;
    for (const auto length : shape) size *= length;
    std::vector<float> values(size);
    for (std::size_t i = 0; i < size; ++i) values[i] = float(i);
    scratch.write("expected" / name, to_npy({shape, values}));
  }
  std::string error(ErrorCode code) const {
    return error_of(code, [&] { read_expected(path, embedder); });
  }
};

}  // namespace

TEST_CASE("One array holds the vectors of all images, sorted by name", "[expected]") {
  const Folder folder;
  folder.draw("expected/b.png", 2);
  folder.draw("expected/a.png", 1);
  folder.vectors("all.npy", {2, 3});
  const auto all = read_expected(folder.path, folder.embedder);
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == (folder.path / "a.png").string());
  CHECK(all[0].sample.tensors[0][0] == 1);
  CHECK(all[0].vector == std::vector<float>{0, 1, 2});
  CHECK(all[1].vector == std::vector<float>{3, 4, 5});
}

TEST_CASE("An image has its own vector under its name, with or without its extension", "[expected]") {
  const Folder folder;
  folder.draw("expected/a.png", 1);
  folder.draw("expected/b.png", 2);
  folder.vectors("a.png.npy", {3});
  folder.vectors("b.npy", {1, 3});
  const auto all = read_expected(folder.path, folder.embedder);
  REQUIRE(all.size() == 2);
  CHECK(all[1].vector == std::vector<float>{0, 1, 2});
}

TEST_CASE("Missing images, vectors and wrong shapes are named", "[expected]") {
  const Folder folder;
  CHECK_THAT(folder.error(ErrorCode::input), ContainsSubstring("is not a folder"));
  folder.draw("expected/a.png", 1);
  folder.draw("expected/b.png", 2);
  CHECK_THAT(folder.error(ErrorCode::input), ContainsSubstring("has 2 images and 0 .npy files"));
  folder.vectors("all.npy", {3, 3});
  CHECK_THAT(folder.error(ErrorCode::input),
             ContainsSubstring("has 3 vectors for 2 images; it needs the shape [2, 3]"));
  folder.vectors("all.npy", {2, 4});
  CHECK_THAT(folder.error(ErrorCode::mismatch), ContainsSubstring("has 4 numbers, but the model returns 3"));
  fs::remove(folder.path / "all.npy");
  folder.vectors("a.npy", {3});
  folder.vectors("c.npy", {3});
  CHECK_THAT(folder.error(ErrorCode::input), ContainsSubstring("b.png has no expected vector"));
  folder.scratch.write("expected/b.png", "not an image");
  folder.vectors("b.npy", {3});
  CHECK_THAT(folder.error(ErrorCode::input), ContainsSubstring("b.png: "));
}
