#include <catch2/catch_test_macros.hpp>

#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/checkpoint/timm_processor.hpp"
#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

TEST_CASE("values of a processor that are wrong are reported") {
  check_processor("do_resize", "yes", "must be true or false");
  check_processor("resample", 6, "is 6; it must be 0 to 5");
  check_processor("resample", nullptr, "has no value");
  check_processor("size", nullptr, "has no value");
  check_processor("size", "large", "must be an object");
  check_processor("crop_size", nullptr, "has no value");
  check_processor("image_mean", json::array({0.5, 0.5}), "must be three numbers");
  check_processor("image_mean", json::array({0.5, 0.5, 1e300}), "must be three numbers");
  check_processor("image_std", json::array({0.5, 0, 0.5}), "must be above 0");
  check_processor("image_std", nullptr, "has no value");
  check_processor("rescale_factor", 0, "is 0; it must be 1e-06 to 1000000");
  check_processor("rescale_factor", nullptr, "has no value");
  CHECK(complaint_with("dinov2-same", processor, "size", {{"shortest_edge", 0}}) ==
        about(processor, "shortest_edge", "is 0; it must be 1 to 16384"));
}

TEST_CASE("steps that matcher cannot follow are refused, without advice to correct the file") {
  const auto check = [](const std::string& key, const json& value, const std::string& reason) {
    INFO(key << " = " << value.dump());
    CHECK(complaint_with("dinov2-same", processor, key, value) == refusal_of(processor, key, reason));
  };
  const std::string unknown_step = "is a step that matcher does not know; use a checkpoint without it";
  check("do_pad", true, unknown_step);
  check("do_flip_channel_order", 1, unknown_step);
  check("use_square_size", true, unknown_step);
  check("size", json{{"longest_edge", 80}},
        "with longest_edge is a step that matcher does not know; use a checkpoint without it");
  check("size", json{{"shortest_edge", 40}, {"longest_edge", 80}},
        "with longest_edge is a step that matcher does not know; use a checkpoint without it");
  CHECK(complaint_with("dinov2-same", processor, "image_processor_type", "ConvNextImageProcessor") ==
        refusal_of(processor, "do_center_crop",
                   "of ConvNextImageProcessor would be a second crop; use a checkpoint without it"));
  CHECK(complaint_with("dinov2-same", processor, "do_center_crop", false) ==
        refusal_of(processor, "size",
                   "would leave images of different sizes; matcher needs a crop, or a height and a width"));
}

TEST_CASE("a DINOv3 processor resizes in floats, and is refused where torchvision would resize bytes") {
  const Copy copy("dinov2-same");
  copy.set(processor, "image_processor_type", "DINOv3ViTImageProcessorFast");
  CHECK_FALSE(model::read_image_processor(model::Checkpoint(copy.folder()), "").round);
  const auto check = [&](const std::string& key, const json& value, const std::string& reason) {
    const Copy changed("dinov2-same");
    changed.set(processor, "image_processor_type", "DINOv3ViTImageProcessor");
    changed.set(processor, key, value);
    CHECK(changed.complaint() == refusal_of(processor, key, reason + "; use a checkpoint without it"));
  };
  check("do_resize", false, "of DINOv3ViTImageProcessor is off");
  check("do_rescale", false, "of DINOv3ViTImageProcessor is off");
  check("resample", 0, "of DINOv3ViTImageProcessor is neither 2 (bilinear) nor 3 (bicubic)");
}

TEST_CASE("newer checkpoints have the image processor's settings inside processor_config.json") {
  const Copy copy("dinov2-same");
  const auto read = [&] { return model::read_image_processor(model::Checkpoint(copy.folder()), "BitImageProcessor"); };
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

TEST_CASE("timm and open_clip crop as torchvision, transformers rounds down") {
  using image::CropRounding;
  const model::Settings timm({{"input_size", {3, 224, 224}}}, "config.json"), open_clip(json::object(), "x.json");
  CHECK(model::read_timm_processor(timm).crop_rounding == CropRounding::half_to_even);
  CHECK(model::read_open_clip_processor(open_clip, {224, 224}).crop_rounding == CropRounding::half_to_even);
  const model::Settings clip(json::object(), "preprocessor_config.json");
  CHECK(model::read_image_processor(clip, "CLIPImageProcessor").crop_rounding == CropRounding::down);
  // A squash has no crop, so that its fingerprint stays.
  const model::Settings squash({{"resize_mode", "squash"}}, "x.json");
  CHECK(model::read_open_clip_processor(squash, {224, 224}).crop_rounding == CropRounding::down);
}
