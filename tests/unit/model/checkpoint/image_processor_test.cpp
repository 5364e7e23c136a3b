#include <catch2/catch_test_macros.hpp>

#include "matcher/model/checkpoint/image_processor.hpp"
#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

TEST_CASE("steps of a processor that matcher cannot follow are refused") {
  check_processor("do_pad", true, "is a step that matcher does not know");
  check_processor("do_resize", "yes", "must be true or false");
  check_processor("resample", 1, "is 1; matcher has 2 (bilinear) and 3 (bicubic)");
  check_processor("size", json{{"longest_edge", 80}}, "with longest_edge is a step that matcher does not know");
  check_processor("size", nullptr, "is missing");
  check_processor("size", "large", "must be an object");
  check_processor("crop_size", nullptr, "is missing");
  check_processor("image_mean", json::array({0.5, 0.5}), "must be three numbers");
  check_processor("image_mean", json::array({0.5, 0.5, 1e300}), "must be three numbers");
  check_processor("image_std", json::array({0.5, 0, 0.5}), "must be above 0");
  check_processor("image_std", nullptr, "is missing");
  check_processor("rescale_factor", 0, "is 0; it must be 1e-06 to 1000000");
  CHECK(complaint_with("dinov2-same", processor, "size", {{"shortest_edge", 0}}) ==
        about(processor, "shortest_edge", "is 0; it must be 1 to 16384"));
  CHECK(
      complaint_with("dinov2-same", processor, "do_center_crop", false) ==
      about(processor, "size", "would leave images of different sizes; matcher needs a crop, or a height and a width"));
}

TEST_CASE("each step of a processor is read") {
  const Scratch scratch;
  const auto read = [&](json settings) {
    settings.update(json{{"image_mean", {0.1, 0.2, 0.3}}, {"image_std", {0.4, 0.5, 0.6}}});
    return model::read_image_processor(model::read_settings(scratch.write("p.json", settings.dump())),
                                       {.filter = image::Filter::bicubic});
  };
  const auto plain = read({{"size", {{"shortest_edge", 40}}}, {"crop_size", {{"height", 30}, {"width", 20}}}});
  CHECK(plain.resize_shortest_edge == 40);
  CHECK(plain.crop == image::Size{30, 20});
  CHECK(plain.filter == image::Filter::bicubic);
  CHECK(plain.scale == 1.0f / 255.0f);
  CHECK(plain.mean == std::array{0.1f, 0.2f, 0.3f});
  CHECK(plain.deviation == std::array{0.4f, 0.5f, 0.6f});

  const auto old =
      read({{"size", 40}, {"crop_size", 30}, {"resample", 2}, {"do_pad", false}, {"do_convert_rgb", true}});
  CHECK(old.resize_shortest_edge == 40);
  CHECK(old.crop == image::Size{30, 30});
  CHECK(old.filter == image::Filter::bilinear);

  const auto exact = read({{"size", {{"height", 50}, {"width", 34}}}, {"do_rescale", false}, {"do_normalize", false}});
  CHECK(exact.resize == image::Size{50, 34});
  CHECK(exact.output() == image::Size{50, 34});
  CHECK(exact.scale == 1);
  CHECK(exact.deviation == std::array{1.0f, 1.0f, 1.0f});
}

TEST_CASE("a filter that the settings leave out is the family's") {
  const Scratch scratch;
  const auto filter = [&](const json& resample, image::Filter fallback) {
    json settings{{"size", 40}, {"crop_size", 30}, {"do_normalize", false}};
    if (!resample.is_null()) settings["resample"] = resample;
    const auto file = scratch.write("p.json", settings.dump());
    return model::read_image_processor(model::read_settings(file), {.filter = fallback}).filter;
  };
  CHECK(filter(nullptr, image::Filter::bicubic) == image::Filter::bicubic);
  CHECK(filter(nullptr, image::Filter::bilinear) == image::Filter::bilinear);
  CHECK(filter(3, image::Filter::bilinear) == image::Filter::bicubic);
}

TEST_CASE("newer checkpoints have the image processor's settings inside processor_config.json") {
  const Copy copy("dinov2-same");
  const auto read = [&] { return model::read_image_processor(copy.folder(), {.filter = image::Filter::bicubic}); };
  const auto expected = read();
  CHECK(model::find_processor_file(copy.folder()).filename() == processor);

  const auto settings = json::parse(read_text(copy.folder() / processor));
  copy.remove(processor);
  copy.write("processor_config.json", json{{"image_processor", settings}}.dump());
  CHECK(model::find_processor_file(copy.folder()).filename() == "processor_config.json");
  CHECK(read() == expected);
  copy.write("processor_config.json", "{}");
  CHECK(copy.complaint() == about("processor_config.json", "image_processor", "is missing"));
}
