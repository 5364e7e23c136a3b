#include "matcher/pipeline/embedding/decoder.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "matcher/files/hash.hpp"
#include "unit/pipeline/stand_ins.hpp"

using namespace matcher;
using Catch::Matchers::StartsWith;
using pipeline::prepare;

namespace {

dataset::Item item(const std::string& id, const fs::path& path, const std::string& text = "") {
  dataset::Item made;
  made.id = id;
  made.path = path.string();
  made.label = "tea";
  made.split = "test";
  made.view = "2";
  made.category = "drinks";
  made.text = text;
  return made;
}

}  // namespace

TEST_CASE("An image is prepared for the network, with the hash of its bytes", "[decoder]") {
  const test::Surroundings around;
  const auto made = item("a", around.draw("a.png", 5, 6, 7));
  const auto prepared = prepare({&made, Role::queries}, test::FirstPixel());
  CHECK(prepared.reason.empty());
  CHECK(prepared.sample.tensors == std::vector<std::vector<float>>{{5, 6, 7}});
  CHECK(prepared.item == store::ItemRow{"a", made.path, "tea", "queries", "test", "2", "drinks", "",
                                        content_hash(read_bytes(made.path))});
}

TEST_CASE("An image that cannot be used has a reason without its path", "[decoder]") {
  const test::Surroundings around;
  const auto whole = around.draw("whole.png", 1);
  const auto reason = [&](const fs::path& path) {
    const auto made = item("a", path);
    const auto prepared = prepare({&made, Role::gallery}, test::FirstPixel());
    CHECK(prepared.sample.tensors.empty());
    CHECK_THAT(prepared.reason, !Catch::Matchers::ContainsSubstring(around.scratch.path().string()));
    return prepared.reason;
  };
  CHECK(reason(around.scratch / "none.png") == "cannot be read: No such file or directory");
  CHECK_THAT(reason(around.scratch.path()), StartsWith("cannot be read: "));
  CHECK_FALSE(reason(around.scratch.write("empty.png")).empty());
  CHECK_FALSE(reason(around.scratch.write("text.png", "not an image")).empty());
  CHECK_FALSE(reason(around.scratch.write("cut.png", read_text(whole).substr(0, 40))).empty());
}

TEST_CASE("A text is prepared only for a model that takes texts", "[decoder]") {
  const auto made = item("t", "", "red apple");
  const auto prepared = prepare({&made, Role::queries}, test::FirstPixel(true));
  CHECK(prepared.reason.empty());
  CHECK(prepared.sample.is_text());
  CHECK(prepared.sample.text == "red apple");
  CHECK(prepared.item.content_hash == content_hash(std::as_bytes(std::span(made.text.text()))));
  CHECK(prepare({&made, Role::queries}, test::FirstPixel(false)).reason == "a text, but the model takes images only");
}

TEST_CASE("A text and an image of the same bytes have different keys in the cache", "[decoder]") {
  const test::Scratch scratch;
  const auto file = scratch.write("apple.txt", "apple");
  store::ItemRow image, text;
  image.path = file.string();
  image.content_hash = content_hash(read_bytes(file));
  text.text = "apple";
  text.content_hash = image.content_hash;
  CHECK(pipeline::cache_key(image) == image.content_hash);
  CHECK(pipeline::cache_key(text) != pipeline::cache_key(image));
}

TEST_CASE("An item whose vector is in the cache is not prepared for the network", "[decoder]") {
  const test::Surroundings around;
  const ModelIdentity model{"m", "f", "fp32", "cpu", 3, 0};
  const auto known = item("a", around.draw("a.png", 5)), other = item("b", around.draw("b.png", 6));
  const std::vector<float> vector{1, 2, 3};
  {
    store::VectorCache cache(around.scratch / "cache", model);
    cache.put(content_hash(read_bytes(known.path)), vector);
  }
  const store::VectorCache cache(around.scratch / "cache", model);
  const auto found = prepare({&known, Role::gallery}, test::FirstPixel(), &cache);
  CHECK(found.vector == vector);
  CHECK(found.sample.tensors.empty());
  const auto missing = prepare({&other, Role::gallery}, test::FirstPixel(), &cache);
  CHECK(missing.vector.empty());
  CHECK(missing.sample.tensors.size() == 1);
}

TEST_CASE("A decoder returns items in the order in which they came, however many threads work", "[decoder]") {
  const test::Surroundings around;
  std::vector<dataset::Item> items;
  for (int i = 0; i < 30; ++i) {
    const auto name = std::to_string(i);
    items.push_back(item(name, i % 7 == 3 ? around.scratch / "none.png" : around.draw(name + ".png", std::uint8_t(i))));
  }
  const test::FirstPixel embedder;
  const int threads = GENERATE(1, 4);
  pipeline::Decoder decoder(embedder, nullptr, threads, 5);
  std::size_t added = 0;
  for (int i = 0; i < 30; ++i) {
    for (; added < items.size() && decoder.has_room(); ++added) decoder.add({&items[added], Role::gallery});
    CHECK(decoder.waiting() == std::min<std::size_t>(5, items.size() - std::size_t(i)));
    const auto next = decoder.next();
    CHECK(next.item.id == std::to_string(i));
    CHECK(next.reason.empty() == (i % 7 != 3));
  }
  CHECK(decoder.waiting() == 0);
}

TEST_CASE("Consecutive boxes of a photo share it, until another item comes", "[decoder]") {
  const test::Surroundings around;
  const auto photo = around.draw("a.png", 5), other = around.draw("b.png", 6);
  const auto box = item("box", photo.string() + "#0,0,1,1"), whole = item("whole", other);
  const test::FirstPixel embedder;
  pipeline::Decoder decoder(embedder, nullptr, 2, 5);
  const auto reason = [&](const dataset::Item& next) {
    decoder.add({&next, Role::queries});
    return decoder.next().reason;
  };
  CHECK(reason(box).empty());
  fs::remove(photo);
  CHECK(reason(box).empty());
  CHECK(reason(whole).empty());
  CHECK(reason(box) == "cannot be read: No such file or directory");
}
