#include "matcher/config/yaml/bundle.hpp"
#include "unit/core/scratch.hpp"

namespace matcher::config {
namespace {

using image::Filter;
using image::Size;

constexpr auto whole = R"(name: mobilenet-v2
description: "Trained on ImageNet: 1000 classes"
family: mobilenet
source: https://example.org
license: BSD-3-Clause
file: v2.pt
get: fetch v2
dimension: 1280
preprocess:
  orient: false
  resize: {shortest_edge: 256, filter: bilinear}
  crop: {height: 224, width: 192}
  scale: 0.00392156862745098
  mean: [0.485, 0.456, 0.406]
  std: [0.229, 0.224, 0.225]
)";

std::string usage_error(const std::string& text) {
  return test::error_of(ErrorCode::usage, [&] { parse_bundle(text, "m.yaml"); });
}

std::string crop_and(const std::string& text) { return "preprocess: {crop: {height: 8, width: 8}, " + text + "}\n"; }

void check_same(const model::Bundle& a, const model::Bundle& b) {
  CHECK(a.name == b.name);
  CHECK(a.description == b.description);
  CHECK(a.family == b.family);
  CHECK(a.source == b.source);
  CHECK(a.license == b.license);
  CHECK(a.builtin == b.builtin);
  CHECK(a.file == b.file);
  CHECK(a.get == b.get);
  CHECK(a.dimension == b.dimension);
  CHECK(a.output == b.output);
  CHECK(a.pooling == b.pooling);
  CHECK(a.preprocess.apply_orientation == b.preprocess.apply_orientation);
  CHECK(a.preprocess.resize_shortest_edge == b.preprocess.resize_shortest_edge);
  CHECK(a.preprocess.resize == b.preprocess.resize);
  CHECK(a.preprocess.filter == b.preprocess.filter);
  CHECK(a.preprocess.round == b.preprocess.round);
  CHECK(a.preprocess.crop == b.preprocess.crop);
  CHECK(a.preprocess.crop_rounding == b.preprocess.crop_rounding);
  CHECK(a.preprocess.scale == b.preprocess.scale);
  CHECK(a.preprocess.mean == b.preprocess.mean);
  CHECK(a.preprocess.deviation == b.preprocess.deviation);
}

TEST_CASE("output and pooling say how vectors come out of what the network returns") {
  const auto bundle = parse_bundle(crop_and("") + "output: 1.tokens\npooling: mean\n", "m.yaml");
  CHECK(bundle.output == "1.tokens");
  CHECK(bundle.pooling == model::Pooling::mean);
  check_same(parse_bundle(write_bundle(bundle), "again.yaml"), bundle);
  CHECK(usage_error(crop_and("") + "pooling: max\n").find("m.yaml:2: unknown pooling \"max\". Use cls, mean or none") !=
        std::string::npos);
}

TEST_CASE("every key of a description is read") {
  const auto bundle = parse_bundle(whole, "v2.yaml");
  CHECK(bundle.name == "mobilenet-v2");
  CHECK(bundle.description == "Trained on ImageNet: 1000 classes");
  CHECK(bundle.file == "v2.pt");
  CHECK(bundle.dimension == 1280);
  CHECK(bundle.origin == "v2.yaml");
  CHECK(bundle.path.empty());
  CHECK_FALSE(bundle.preprocess.apply_orientation);
  CHECK(bundle.preprocess.resize_shortest_edge == 256);
  CHECK(bundle.preprocess.filter == Filter::bilinear);
  CHECK(bundle.preprocess.crop == Size{224, 192});
  CHECK(bundle.preprocess.scale == 1.0f / 255.0f);
  CHECK(bundle.preprocess.mean == std::array<float, 3>{0.485f, 0.456f, 0.406f});
  CHECK(bundle.preprocess.deviation == std::array<float, 3>{0.229f, 0.224f, 0.225f});
}

TEST_CASE("name and file have defaults") {
  const auto bundle = parse_bundle("preprocess: {crop: {height: 8, width: 8}}\n", "models/shelf.yaml");
  CHECK(bundle.name == "shelf");
  CHECK(bundle.file == "shelf.pt");
  CHECK(parse_bundle("builtin: x\npreprocess: {resize: {height: 8, width: 8}}\n", "x.yaml").file.empty());
}

TEST_CASE("a written description reads back the same") {
  auto bundle = parse_bundle(whole, "v2.yaml");
  check_same(parse_bundle(write_bundle(bundle), "other.yaml"), bundle);
  bundle.preprocess = {};
  bundle.preprocess.transparent = matcher::image::Transparent::white;
  bundle.preprocess.decode = matcher::image::Decode::fast;
  bundle.preprocess.resize = {32, 48};
  bundle.preprocess.round = false;
  bundle.preprocess.crop = {30, 40};
  bundle.preprocess.crop_rounding = matcher::image::CropRounding::half_to_even;
  bundle.preprocess.scale = 1.0f / 3.0f;
  bundle.file.clear();
  bundle.builtin = "pixels";
  bundle.dimension = 0;
  check_same(parse_bundle(write_bundle(bundle), "other.yaml"), bundle);
}

TEST_CASE("odd texts survive being written") {
  for (const auto* text :
       {"two\nlines", "say \"hi\": 5 # no", "~", "true", "007", "${HOME} $${X} $", " spaced ", "caf\xC3\xA9"}) {
    auto bundle = parse_bundle(whole, "v2.yaml");
    bundle.description = bundle.get = text;
    check_same(parse_bundle(write_bundle(bundle), "other.yaml"), bundle);
  }
}

TEST_CASE("a description of the wrong shape is refused with its line") {
  CHECK(usage_error("name: x\npreprocess:\n  resise: {shortest_edge: 8}\n") ==
        "m.yaml:3: unknown key \"resise\"; did you mean \"resize\"?");
  CHECK(usage_error("dimension: abc\n") == "m.yaml:1: \"dimension\" must be a whole number, not \"abc\"");
  CHECK(usage_error(crop_and("resize: {height: 8}")) == "m.yaml:1: height and width go together. Give both");
  CHECK(usage_error(crop_and("resize: {shortest_edge: 9, filter: nearest, round: false}")) ==
        "m.yaml:1: \"round: false\" has no meaning for the filter nearest, which copies pixels. Remove it");
  CHECK(usage_error(crop_and("resize: {filter: bicubic}")) ==
        "m.yaml:1: \"resize\" needs either shortest_edge or height and width");
  CHECK(usage_error(crop_and("resize: {shortest_edge: 9, height: 8, width: 8}")) ==
        "m.yaml:1: \"resize\" needs either shortest_edge or height and width");
  CHECK(usage_error(crop_and("resize: {shortest_edge: 9, filter: cubic}")) ==
        "m.yaml:1: unknown filter \"cubic\". Use one of nearest, lanczos, bilinear, bicubic, box, hamming");
  CHECK(usage_error("preprocess: {crop: {height: 8, width: 8, rounding: up}}\n") ==
        "m.yaml:1: unknown rounding \"up\". Use down or even");
  CHECK(usage_error(crop_and("transparent: black")) ==
        "m.yaml:1: unknown value \"black\" of transparent. Use drop or white");
  CHECK(usage_error(crop_and("decode: quick")) == "m.yaml:1: unknown value \"quick\" of decode. Use exact or fast");
  CHECK(usage_error(crop_and("std: [1, 0, 1]")) == "m.yaml:1: \"std\" must be above 0, not 0");
  CHECK(usage_error("builtin: x\nfile: x.pt\n" + crop_and("scale: 1")) ==
        "m.yaml:2: a built-in module has no file. Remove one of the two");
}

TEST_CASE("a prepared image must have a fixed size") {
  const std::string message =
      "m.yaml:1: the size of a prepared image would depend on the photo. Give \"preprocess\" a crop, or a resize "
      "with "
      "height and width";
  CHECK(usage_error("name: x\n") == message);
  CHECK(usage_error("preprocess: {resize: {shortest_edge: 256}}\n") == message);
}

}  // namespace
}  // namespace matcher::config
