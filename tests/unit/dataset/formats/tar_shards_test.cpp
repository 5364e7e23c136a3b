// The archives and the places of their images come from Python's tarfile: tests/fixtures/make_dataset_fixtures.py.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "matcher/dataset/describe_path.hpp"
#include "matcher/files/content_place.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::dataset {
namespace {

using test::error_of;
using test::Scratch;

fs::path fixture(const std::string& name) { return fs::path(MATCHER_TEST_DATA) / "dataset" / name; }

TEST_CASE("the samples of a shard are where tarfile finds them") {
  const std::string form = GENERATE("ustar", "pax", "gnu");
  const auto file = fixture(form + ".tar");
  const auto expected = nlohmann::json::parse(std::ifstream(fixture("places.json")))[form];
  const auto items = load(describe_path(file)).gallery;
  REQUIRE(items.size() == expected.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    CHECK(items[i].id == form + ".tar/" + expected[i][0].get<std::string>());
    const auto place = parse_place(items[i].path);
    CHECK(place.file == file);
    CHECK(place.offset == expected[i][1]);
    CHECK(place.size == expected[i][2].get<std::uint64_t>());
    CHECK(read_content(place)[0] == std::byte{0xff});
  }
  CHECK(items[0].label == "7");
  CHECK(items[1].label == "tea");
  CHECK(items[1].category == "drinks");
  CHECK(items[2].label == "grüner Tee");
}

TEST_CASE("a folder of shards, and a range of them, are one dataset") {
  const Scratch scratch;
  const auto bytes = read_text(fixture("ustar.tar"));
  scratch.write("shop/train/a-000.tar", bytes);
  scratch.write("shop/train/a-001.tar", bytes);
  scratch.write("shop/test/a-000.tar", bytes);
  const auto data = load(describe_path(scratch / "shop"));
  CHECK(data.gallery.size() == 6);
  CHECK(data.queries.size() == 3);
  CHECK(data.queries[0].id == "test/a-000.tar/0000.jpg");
  auto description = describe_path(scratch / "shop/train/a-000.tar");
  description.sources[0].path = "a-{000..001}.tar";
  CHECK(load(description).gallery.size() == 6);
  description.sources[0].path = "a-{000..002}.tar";
  CHECK(error_of(ErrorCode::input, [&] { load(description); }) ==
        "the shard \"" + (scratch / "shop/train/a-002.tar").string() + "\" does not exist");
}

TEST_CASE("a shard that is cut short names the file in which it ends") {
  const Scratch scratch;
  const auto whole = read_text(fixture("ustar.tar"));
  const auto message = [&](std::size_t size) {
    const auto file = scratch.write("cut.tar", whole.substr(0, size));
    return error_of(ErrorCode::input, [&] { load(describe_path(file)); });
  };
  const auto name = "\"" + (scratch / "cut.tar").string() + "\"";
  const auto places = nlohmann::json::parse(std::ifstream(fixture("places.json")))["ustar"];
  const std::size_t end = places[1][1].get<std::size_t>() + places[1][2].get<std::size_t>();
  CHECK(message(end - 1) == name + " is cut short at \"0001.jpg\": it has " + std::to_string(end - 1) +
                                " bytes, at least " + std::to_string(end) + " expected. Fetch it again");
  CHECK(message(100) == name + " is not a tar archive: it has only 100 bytes. Fetch it again");
  CHECK(message(0) == name + " is empty");
}

TEST_CASE("a shard without its end mark is read with a warning; a damaged and a compressed one are refused") {
  const Scratch scratch;
  auto text = read_text(fixture("ustar.tar"));
  const auto places = nlohmann::json::parse(std::ifstream(fixture("places.json")))["ustar"];
  const auto next = (places[0][1].get<std::size_t>() + places[0][2].get<std::size_t>() + 511) / 512 * 512;
  const auto file = scratch.write("a.tar", text.substr(0, next));
  const auto data = load(describe_path(file));
  CHECK(data.gallery.size() == 1);
  REQUIRE(data.warnings.size() == 1);
  CHECK(data.warnings[0] == "\"" + file.string() + "\" ends without the mark that tar writes: it may be cut short");
  text[next + 3] ^= 1;
  scratch.write("a.tar", text);
  CHECK(error_of(ErrorCode::input, [&] { load(describe_path(file)); }) ==
        "\"" + file.string() + "\" is damaged: no header at byte " + std::to_string(next) + ". Fetch it again");
  const auto packed = scratch.write("b.tar.gz", "\x1f\x8b rest");
  CHECK(error_of(ErrorCode::input, [&] { load(describe_path(packed)); }) ==
        "\"" + packed.string() + "\" is compressed, so its images cannot be read in place. Unpack it to a plain .tar");
}

}  // namespace
}  // namespace matcher::dataset
