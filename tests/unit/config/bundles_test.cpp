#include "matcher/config/bundles.hpp"

#include "unit/core/scratch.hpp"
#include "unit/model/zip_writer.hpp"

namespace matcher::config {
namespace {

using test::error_of;
using test::Scratch;

constexpr auto description = "preprocess: {crop: {height: 8, width: 8}}\n";

/// A TorchScript file as far as its records show, with or without a description inside.
std::string torchscript(const std::string& embedded = "") {
  std::vector<std::pair<std::string, std::string>> records{{"net/code/net.py", ""}, {"net/constants.pkl", "x"}};
  if (!embedded.empty()) records.emplace_back("net/extra/matcher.yaml", embedded);
  return test::make_zip(records);
}

Places places_of(const Scratch& scratch) {
  fs::create_directories(scratch / "work/models");
  fs::create_directories(scratch / "share");
  return {folders_inside(scratch / "work"), {scratch / "work/models", scratch / "share"}, {}};
}

TEST_CASE("a name brings its description, and its file from any of the folders") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  scratch.write("share/shelf.yaml", description);
  CHECK(find_bundle("shelf", places).path.empty());
  const auto file = scratch.write("work/models/shelf.pt");
  CHECK(find_bundle("shelf", places).path == file);
  const auto nearer = scratch.write("share/shelf.pt");
  CHECK(find_bundle("shelf", places).path == nearer);
}

TEST_CASE("a description that does not mention transparent images follows the file that it describes") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  scratch.write("share/shelf.pt", torchscript("preprocess: {transparent: white, crop: {height: 8, width: 8}}\n"));
  scratch.write("share/shelf.yaml", description);
  CHECK(find_bundle("shelf", places).preprocess.transparent == image::Transparent::white);
  scratch.write("share/shelf.yaml", "preprocess: {transparent: drop, crop: {height: 8, width: 8}}\n");
  CHECK(find_bundle("shelf", places).preprocess.transparent == image::Transparent::drop);
  scratch.write("share/shelf.yaml", description);
  scratch.write("share/shelf.pt", torchscript(description));
  CHECK(find_bundle("shelf", places).preprocess.transparent == image::Transparent::automatic);
}

TEST_CASE("a description may decode fast, and a suffix of the name goes before it") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  scratch.write("share/shelf.yaml", "preprocess: {decode: fast, crop: {height: 8, width: 8}}\n");
  const auto is = [&](const std::string& name, image::Decode decode) {
    const auto bundle = find_bundle(name, places);
    return bundle.preprocess.decode == decode ? bundle.name : "";
  };
  CHECK(is("shelf", image::Decode::fast) == "shelf");
  CHECK(is("shelf@fast", image::Decode::fast) == "shelf");
  CHECK(is("shelf@exact", image::Decode::exact) == "shelf@exact");
  CHECK(is((scratch / "share/shelf.yaml").string() + "@exact", image::Decode::exact) == "shelf@exact");
  CHECK(find_bundle("shelf", places, image::Decode::exact).name == "shelf@exact");
  CHECK(bundle_yaml(find_bundle("shelf", places)).find("decode: fast") != std::string::npos);
  CHECK(bundle_yaml(find_bundle("shelf@exact", places)).find("decode") == std::string::npos);
}

TEST_CASE("other words after an @ are part of the name, and a file may be called so") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  CHECK(error_of(ErrorCode::usage, [&] { find_bundle("shelf@quick", places); }) ==
        "unknown model \"shelf@quick\" (matcher models lists them)");
  const auto file = scratch.write("own@fast", torchscript(description));
  CHECK(find_bundle(file.string(), places).preprocess.decode == image::Decode::exact);
}

TEST_CASE("the first folder with a name wins") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  scratch.write("share/shelf.yaml", std::string(description) + "dimension: 2\n");
  scratch.write("work/models/shelf.yaml", std::string(description) + "dimension: 1\n");
  CHECK(find_bundle("shelf", places).dimension == 1);
  CHECK(find_bundles(places).size() == 1);
}

TEST_CASE("all descriptions are found, sorted by name") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  for (const auto* file : {"share/b.yaml", "work/models/c.yaml", "share/a.yaml"}) scratch.write(file, description);
  scratch.write("share/notes.txt", "no description");
  const auto bundles = find_bundles(places);
  REQUIRE(bundles.size() == 3);
  CHECK(bundles[0].name == "a");
  CHECK(bundles[2].name == "c");
}

TEST_CASE("an unknown name is refused with the nearest") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  scratch.write("share/mobilenet-v2.yaml", description);
  CHECK(error_of(ErrorCode::usage, [&] { find_bundle("mobilnet-v2", places); }) ==
        "unknown model \"mobilnet-v2\"; did you mean \"mobilenet-v2\"? (matcher models lists them)");
}

TEST_CASE("a description must have the name of its file") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  const auto file = scratch.write("share/shelf.yaml", std::string(description) + "name: other\n").string();
  CHECK(error_of(ErrorCode::usage, [&] { find_bundle("shelf", places); }) ==
        file + ": the name is \"other\", but the file is called \"shelf\". Make them the same");
}

TEST_CASE("a TorchScript file that describes itself needs no other description") {
  const Scratch scratch;
  const auto file = scratch.write("any/v2.pt", torchscript(std::string(description) + "dimension: 7\n"));
  scratch.write("any/v2.yaml", description);
  const auto bundle = find_bundle(file.string(), places_of(scratch));
  CHECK(bundle.name == "v2");
  CHECK(bundle.dimension == 7);
  CHECK(bundle.path == file);
}

TEST_CASE("a fault of an embedded description names the TorchScript file") {
  const Scratch scratch;
  const auto file = scratch.write("any/v2.pt", torchscript("dimension: x\n")).string();
  CHECK(error_of(ErrorCode::usage, [&] { find_bundle(file, places_of(scratch)); }) ==
        file + ":1: \"dimension\" must be a whole number, not \"x\"");
}

TEST_CASE("a TorchScript file may be described beside it, or by a description that names it") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  const auto file = scratch.write("any/v2.pt", torchscript());
  scratch.write("share/shelf.yaml", std::string(description) + "file: v2.pt\n");
  CHECK(find_bundle(file.string(), places).name == "shelf");
  scratch.write("any/v2.yaml", description);
  const auto bundle = find_bundle(file.string(), places);
  CHECK(bundle.name == "v2");
  CHECK(bundle.path == file);
}

TEST_CASE("a description may be given by path") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  const auto yaml = scratch.write("any/v2.yaml", description);
  const auto file = scratch.write("any/v2.pt");
  CHECK(find_bundle(yaml.string(), places).path == file);
}

TEST_CASE("a TorchScript file that nothing describes is refused with what to write") {
  const Scratch scratch;
  const auto places = places_of(scratch);
  const auto file = scratch.write("any/v2.pt", torchscript()).string();
  CHECK(error_of(ErrorCode::usage, [&] { find_bundle(file, places); }) ==
        "\"" + file +
            "\" does not describe how to prepare an image. Write v2.yaml beside it, for example: preprocess: {resize: "
            "{shortest_edge: 256}, crop: {height: 224, width: 224}, mean: [0.485, 0.456, 0.406], std: [0.229, "
            "0.224, 0.225]}");
}

TEST_CASE("a path to nothing is missing input") {
  const Scratch scratch;
  const auto file = (scratch / "v2.pt").string();
  CHECK(error_of(ErrorCode::input, [&] { find_bundle(file, places_of(scratch)); }) ==
        "\"" + file + "\" does not exist. Give a TorchScript file, or a name that matcher models lists");
}

}  // namespace
}  // namespace matcher::config
