// Image processors against transformers 5: the same settings, the same pixels.
#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "matcher/files/read_file.hpp"
#include "matcher/model/checkpoint/image_processor.hpp"
#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

namespace {

const fs::path data = MATCHER_TEST_DATA;

image::Preprocess read_case(const json& files) {
  const Copy copy("dinov2-same");
  copy.remove(processor);
  for (const auto& [name, content] : files.items()) copy.write(name, content.dump());
  return model::read_image_processor(model::Checkpoint(copy.folder()), "BitImageProcessor");
}

std::vector<float> prepare(const image::Image& image, const image::Preprocess& preprocess) {
  const auto size = preprocess.output();
  std::vector<float> planes(std::size_t(size.height) * std::size_t(size.width) * 3);
  image::prepare(image, preprocess, planes);
  return planes;
}

double mean_of(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += double(value);
  return sum / double(values.size());
}

}  // namespace

TEST_CASE("settings of image processors give the pixels of transformers 5") {
  const auto photo = image::decode(read_bytes(data / "image/120x333.png"), true);
  const auto cases = json::parse(read_text(data / "processor/cases.json"));
  REQUIRE(cases.size() > 60);
  for (const auto& one : cases) {
    CAPTURE(one.at("name"));
    const auto preprocess = read_case(one.at("files"));
    const auto planes = prepare(photo, preprocess);
    const auto size = preprocess.output();
    CHECK(json::array({3, size.height, size.width}) == one.at("shape"));
    const double scale = std::max(1.0, std::abs(one.at("mean").get<double>()));
    const double tolerance = (preprocess.round ? 2e-6 : 4e-6) * scale;  // torchvision sums and weighs in float32
    CHECK(std::abs(mean_of(planes) - one.at("mean").get<double>()) < 2e-6 * scale);
    for (const auto& [at, value] : one.at("values").items())
      CHECK(std::abs(double(planes.at(std::stoul(at))) - value.get<double>()) < tolerance);
  }
}

TEST_CASE("a class that matcher does not know needs every key that decides the pixels") {
  const Scratch scratch;
  const json whole{{"image_processor_type", "ShopImageProcessorFast"},
                   {"do_resize", true},
                   {"size", {{"shortest_edge", 40}}},
                   {"resample", 3},
                   {"do_center_crop", true},
                   {"crop_size", 30},
                   {"do_rescale", true},
                   {"do_normalize", true},
                   {"image_mean", {0.1, 0.2, 0.3}},
                   {"image_std", {0.4, 0.5, 0.6}}};
  const auto read = [&](const json& settings) {
    return model::read_image_processor(model::read_settings(scratch.write("p.json", settings.dump())), "");
  };
  CHECK(read(whole).crop == image::Size{30, 30});
  for (const auto* key : {"do_resize", "size", "resample", "do_center_crop", "crop_size", "do_rescale", "do_normalize",
                          "image_mean", "image_std"}) {
    auto settings = whole;
    settings.erase(key);
    const auto error = error_of([&] { read(settings); });
    REQUIRE(error);
    if (std::string(key) == "size") {
      CHECK(error->what() == (scratch / "p.json").string() +
                                 ": \"size\" is missing, and matcher does not know the default of "
                                 "\"ShopImageProcessor\"; add the key with "
                                 "the value that transformers uses");
    }
    CHECK(std::string(error->what()).find(fmt::format("\"{}\" is missing", key)) != std::string::npos);
  }
  auto bare = whole;
  bare["size"] = 40;
  CHECK(error_of([&] { read(bare); })->what() ==
        (scratch / "p.json").string() +
            ": \"default_to_square\" is missing, and matcher does not know the default of "
            "\"ShopImageProcessor\"; add the key with the value that transformers uses");
}
