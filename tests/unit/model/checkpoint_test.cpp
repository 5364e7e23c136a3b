#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <functional>

#include "matcher/model/checkpoint/image_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "unit/model/safetensors_writer.hpp"
#include "unit/model/scratch.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

namespace {

constexpr const char* weights = "model.safetensors";
constexpr const char* config = "config.json";
constexpr const char* processor = "preprocessor_config.json";

/// A fixture's checkpoint to be damaged.
class Copy {
 public:
  explicit Copy(const std::string& name) {
    fs::copy(fs::path(MATCHER_TEST_DATA) / "model" / name, folder(), fs::copy_options::recursive);
  }

  fs::path folder() const { return scratch_ / "DIR"; }
  void write(const std::string& name, const std::string& text) const { write_atomically(folder() / name, text); }
  void remove(const std::string& name) const { REQUIRE(fs::remove(folder() / name)); }

  void edit(const std::string& name, const std::function<void(json&)>& change) const {
    auto object = json::parse(read_text(folder() / name));
    change(object);
    write(name, object.dump());
  }
  void set(const std::string& name, const std::string& key, const json& value) const {
    edit(name, [&](json& object) { object[key] = value; });
  }
  void edit_weights(const std::function<void(Tensors&)>& change, const std::string& name = weights) const {
    auto tensors = parse_safetensors(read_text(folder() / name));
    change(tensors);
    write(name, safetensors(tensors));
  }

  /// What export would say, with "DIR" for the folder.
  std::string complaint() const {
    const auto error = error_of([&] {
      model::Checkpoint checkpoint(folder());
      model::read_processor(model::read_settings(folder() / processor));
      model::read_architecture(checkpoint);
    });
    if (!error) return "no complaint";
    CHECK(error->code() == ErrorCode::input);
    std::string text = error->what();
    const auto place = folder().string();
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place))
      text.replace(at, place.size(), "DIR");
    return text;
  }

 private:
  Scratch scratch_;
};

/// What is said about a fixture with one other value in a file.
std::string complaint_with(const std::string& fixture, const char* file, const std::string& key, const json& value) {
  const Copy copy(fixture);
  copy.set(file, key, value);
  return copy.complaint();
}

std::string about(const char* file, const std::string& key, const std::string& reason) {
  return fmt::format("DIR/{}: \"{}\" {}; correct it, or fetch the checkpoint again", file, key, reason);
}

void check_config(const std::string& key, const json& value, const std::string& reason) {
  INFO(key << " = " << value.dump());
  CHECK(complaint_with("dinov2-same", config, key, value) == about(config, key, reason));
}

void check_processor(const std::string& key, const json& value, const std::string& reason) {
  INFO(key << " = " << value.dump());
  CHECK(complaint_with("dinov2-same", processor, key, value) == about(processor, key, reason));
}

}  // namespace

TEST_CASE("the fixtures are whole") {
  for (const auto& entry : fs::directory_iterator(fs::path(MATCHER_TEST_DATA) / "model")) {
    const auto name = entry.path().filename().string();
    INFO(name);
    CHECK(Copy(name).complaint() == "no complaint");
  }
}

TEST_CASE("a folder that is not there, and a file in its place, are refused") {
  const Scratch scratch;
  for (const auto& place : {scratch / "none", scratch.write("file", "x"), scratch / std::string(5000, 'n')}) {
    const auto error = error_of([&] { model::Checkpoint checkpoint(place); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::input);
    CHECK(error->what() == place.string() +
                               " is not a folder; --checkpoint takes the folder of a Hugging Face checkpoint, with "
                               "config.json, preprocessor_config.json and model.safetensors");
  }
}

TEST_CASE("a configuration that is not there is named with what belongs together") {
  for (const auto* name : {config, processor}) {
    const Copy copy("dinov2-same");
    copy.remove(name);
    CHECK(copy.complaint() == fmt::format("DIR/{} is not there; fetch the whole checkpoint: config.json, "
                                          "preprocessor_config.json and model.safetensors",
                                          name));
  }
}

TEST_CASE("a configuration that is no JSON object is refused") {
  for (const auto* name : {config, processor}) {
    for (const auto* text : {"", "{", "[]", "7", "<!DOCTYPE html>", "{\"a\": 1e999}", "\xff\xfe{}"}) {
      const Copy copy("dinov2-same");
      copy.write(name, text);
      CHECK(copy.complaint() == fmt::format("DIR/{} is no JSON object; fetch it again", name));
    }
  }
}

TEST_CASE("a configuration that is nested without end is refused") {
  const std::string open(100'000, '['), close(100'000, ']');
  for (const auto& text :
       {open, "{\"image_size\": " + open + close + "}", "{\"vision_config\": " + open + close + "}"}) {
    const Copy copy("clip-vision");
    copy.write(config, text);
    CHECK(copy.complaint() == "DIR/config.json is nested too deeply; fetch it again");
  }
}

TEST_CASE("an architecture that matcher does not build is refused") {
  const auto refusal = [](const std::string& type) {
    return "is \"" + type +
           "\"; matcher builds dinov2, dinov2_with_registers, clip and clip_vision_model, and takes any other model as "
           "TorchScript made in Python";
  };
  check_config("model_type", "siglip", refusal("siglip"));
  check_config("model_type", "vit\n", refusal("vit?"));
  check_config("model_type", nullptr, refusal(""));
  check_config("model_type", 7, "must be a text");
}

TEST_CASE("sizes that no network has are refused") {
  check_config("hidden_size", 0, "is 0; it must be 1 to 16777216");
  check_config("hidden_size", -16, "is -16; it must be 1 to 16777216");
  check_config("hidden_size", "16", "must be a whole number");
  check_config("hidden_size", 16.5, "must be a whole number");
  check_config("hidden_size", 1e30, "is 1e+30; it must be 1 to 16777216");
  check_config("num_hidden_layers", 1'000'000'000, "is 1000000000; it must be 1 to 1024");
  check_config("num_attention_heads", 3, "does not divide hidden_size 16");
  check_config("num_attention_heads", 0, "is 0; it must be 1 to 16777216");
  check_config("image_size", 3, "is smaller than patch_size");
  check_config("image_size", json::array({16, 20}), "is [16,20]; matcher takes squares only");
  check_config("patch_size", 0, "is 0; it must be 1 to 16384");
  check_config("num_channels", 4, "is 4; matcher embeds pictures of 3");
  check_config("mlp_ratio", 0, "leaves no hidden layer");
  check_config("mlp_ratio", 1e300, "is 1e+300; it must be 0 to 1024");
  check_config("layer_norm_eps", -1, "is -1; it must be 0 to 1");
}

TEST_CASE("an activation that matcher does not build is refused") {
  const std::string rest =
      "\", which matcher cannot build; it has gelu, quick_gelu, gelu_new, gelu_pytorch_tanh, silu, swish and relu";
  check_config("hidden_act", "mish", "is \"mish" + rest);
  check_config("hidden_act", "swiglu", "is \"swiglu" + rest);
  check_config("use_swiglu_ffn", "yes", "must be true or false");
}

TEST_CASE("a tower of CLIP that is no network is refused") {
  const Copy copy("clip-quick-gelu");
  SECTION("patches larger than the picture") {
    copy.edit(config, [](json& object) { object["vision_config"]["patch_size"] = 32; });
    CHECK(copy.complaint() == about(config, "patch_size", "is larger than image_size"));
  }
  SECTION("a configuration that is no object") {
    copy.set(config, "vision_config", 7);
    CHECK(copy.complaint() == about(config, "vision_config", "must be an object"));
  }
  SECTION("heads that do not divide the text's width") {
    copy.edit(config, [](json& object) { object["text_config"]["num_attention_heads"] = 5; });
    CHECK(copy.complaint() == about(config, "num_attention_heads", "does not divide hidden_size 16"));
  }
  SECTION("another number of tokens than there are") {
    copy.edit(config, [](json& object) { object["text_config"]["vocab_size"] = 121; });
    CHECK(copy.complaint() ==
          "tensor \"text_model.embeddings.token_embedding.weight\" in DIR/model.safetensors is [120, 16], but "
          "DIR/config.json calls for [121, 16]; fetch both again from one place");
  }
}

TEST_CASE("no registers are a tensor without numbers") {
  const Copy copy("registers");
  copy.set(config, "num_register_tokens", 0);
  copy.edit_weights([](Tensors& tensors) { tensors.at("embeddings.register_tokens") = {"F32", {1, 0, 16}, ""}; });
  CHECK(copy.complaint() == "no complaint");
}

TEST_CASE("a missing tensor is named with its shape") {
  for (const auto* name : {"embeddings.cls_token", "encoder.layer.1.mlp.fc2.bias", "layernorm.weight"}) {
    const Copy copy("dinov2-same");
    std::string shape;
    copy.edit_weights([&](Tensors& tensors) {
      shape = model::shape_text(tensors.at(name).shape);
      tensors.erase(name);
    });
    CHECK(copy.complaint() ==
          fmt::format("DIR has no tensor \"{}\" {}, which DIR/config.json calls for; fetch the checkpoint again", name,
                      shape));
  }
}

TEST_CASE("more layers than the weights have are missing tensors") {
  CHECK(
      complaint_with("dinov2-same", config, "num_hidden_layers", 3) ==
      "DIR has no tensor \"encoder.layer.2.norm1.weight\" [16], which DIR/config.json calls for; fetch the checkpoint "
      "again");
}

TEST_CASE("a tensor without a place in the network is refused") {
  const auto refusal = [](const std::string& tensor, const std::string& shape) {
    return fmt::format(
        "tensor \"{}\" {} in DIR/model.safetensors has no place in the network that DIR/config.json "
        "describes; this is another architecture, or the two files do not belong together",
        tensor, shape);
  };
  const Copy copy("dinov2-same");
  SECTION("one more") {
    copy.edit_weights([](Tensors& tensors) { tensors["pooler.dense.bias"] = {"F32", {2}, "12345678"}; });
    CHECK(copy.complaint() == refusal("pooler.dense.bias", "[2]"));
  }
  SECTION("a whole layer more") {
    copy.set(config, "num_hidden_layers", 1);
    CHECK(copy.complaint() == refusal("encoder.layer.1.attention.attention.key.bias", "[16]"));
  }
  SECTION("a name that would break the line") {
    copy.edit_weights([](Tensors& tensors) { tensors["a\nb"] = {"F32", {0}, ""}; });
    CHECK(copy.complaint() == refusal("a?b", "[0]"));
  }
}

TEST_CASE("a tensor of another shape or type is refused") {
  const Copy copy("dinov2-same");
  constexpr const char* name = "encoder.layer.0.norm1.weight";
  SECTION("shape") {
    copy.edit_weights([](Tensors& tensors) { tensors.at(name).shape = {4, 4}; });
    CHECK(copy.complaint() ==
          fmt::format("tensor \"{}\" in DIR/model.safetensors is [4, 4], but DIR/config.json calls for "
                      "[16]; fetch both again from one place",
                      name));
  }
  SECTION("turned") {
    copy.set(config, "mlp_ratio", 2);
    CHECK(
        copy.complaint() ==
        "tensor \"encoder.layer.0.mlp.fc1.weight\" in DIR/model.safetensors is [64, 16], but DIR/config.json calls for "
        "[32, 16]; fetch both again from one place");
  }
  SECTION("type") {
    copy.edit_weights([](Tensors& tensors) { tensors.at(name) = {"F64", {16}, std::string(128, '\0')}; });
    CHECK(copy.complaint() ==
          fmt::format("tensor \"{}\" in DIR/model.safetensors is of F64; matcher takes F32, F16 and BF16", name));
  }
}

TEST_CASE("weights that are not finite are refused") {
  const auto complaint = [](const std::string& fixture, const std::string& number) {
    const Copy copy(fixture);
    copy.edit_weights([&](Tensors& tensors) {
      auto& bytes = tensors.at("layernorm.bias").bytes;
      bytes.replace(bytes.size() - number.size(), number.size(), number);
    });
    return copy.complaint();
  };
  const std::string refusal =
      "tensor \"layernorm.bias\" in DIR/model.safetensors holds NaN or infinity, and so would every vector; fetch it "
      "again, "
      "or train it again";
  CHECK(complaint("dinov2-same", little_endian(0x7fc00000, 4)) == refusal);         // NaN
  CHECK(complaint("dinov2-same", little_endian(0xff800000, 4)) == refusal);         // minus infinity
  CHECK(complaint("dinov2-fp16", little_endian(0x7c00, 2)) == refusal);             // infinity
  CHECK(complaint("dinov2-bf16", little_endian(0xffc1, 2)) == refusal);             // NaN
  CHECK(complaint("dinov2-same", little_endian(0x7f7fffff, 4)) == "no complaint");  // the largest number
  CHECK(complaint("dinov2-fp16", little_endian(0x7bff, 2)) == "no complaint");
  CHECK(complaint("dinov2-bf16", little_endian(0x7f7f, 2)) == "no complaint");
}

TEST_CASE("weights that are cut short are refused") {
  const Copy copy("dinov2-same");
  const auto whole = read_text(copy.folder() / weights);
  copy.write(weights, whole.substr(0, whole.size() - 4));
  const auto said = copy.complaint();
  INFO(said);
  CHECK(said.starts_with("DIR/model.safetensors is damaged: tensor \""));
  CHECK(said.ends_with("; the file is truncated; fetch it again"));
}

TEST_CASE("a folder without safetensors is refused, and pickled weights are not opened") {
  const Copy copy("dinov2-same");
  copy.remove(weights);
  const std::string start = "DIR holds neither model.safetensors nor model.safetensors.index.json; ";
  CHECK(copy.complaint() == start + "fetch the checkpoint again");
  copy.write("pytorch_model.bin", "x");
  CHECK(copy.complaint() ==
        start +
            "pytorch_model.bin can run any program when it is opened, so matcher does not: fetch the "
            "safetensors file of the same model");
}

namespace {

constexpr const char* index_name = "model.safetensors.index.json";
constexpr const char* first = "model-00001-of-00003.safetensors";
constexpr const char* second = "model-00002-of-00003.safetensors";

/// A sharded checkpoint that says of one tensor that it is in another place.
std::string complaint_about_shard(const json& place) {
  const Copy copy("dinov2-sharded");
  copy.edit(index_name, [&](json& index) { index["weight_map"]["layernorm.weight"] = place; });
  return copy.complaint();
}

}  // namespace

TEST_CASE("an index that points out of its folder is refused") {
  for (const auto* place : {"../model.safetensors", "/etc/passwd", "a/b.safetensors", "..", ".", "", "./a", "a/"}) {
    CHECK(
        complaint_about_shard(place) ==
        fmt::format("DIR/{} names the file \"{}\", which is not a plain file name; fetch it again", index_name, place));
  }
  CHECK(complaint_about_shard("../\n") ==
        fmt::format("DIR/{} names the file \"../?\", which is not a plain file name; fetch it again", index_name));
}

TEST_CASE("an index that is none is refused") {
  CHECK(complaint_about_shard(7) == about(index_name, "weight_map", "names no file for tensor \"layernorm.weight\""));
  CHECK(complaint_with("dinov2-sharded", index_name, "weight_map", json::array()) ==
        about(index_name, "weight_map", "must be an object"));
  CHECK(complaint_with("dinov2-sharded", index_name, "weight_map", nullptr) ==
        about(index_name, "weight_map", "must be an object"));
}

TEST_CASE("a file of weights that is not there is named with its tensor") {
  const auto refusal = [](const std::string& file, const std::string& tensor) {
    return fmt::format("DIR/{} is not there, but DIR/{} says that it holds tensor \"{}\"; fetch the checkpoint again",
                       file, index_name, tensor);
  };
  CHECK(complaint_about_shard("other.safetensors") == refusal("other.safetensors", "layernorm.weight"));
  CHECK(complaint_about_shard(std::string(5000, 'n')) == refusal(std::string(120, 'n') + "...", "layernorm.weight"));
  const Copy copy("dinov2-sharded");
  copy.remove(first);
  CHECK(copy.complaint() == refusal(first, "embeddings.cls_token"));
}

TEST_CASE("a tensor that is not in the file that the index names is refused") {
  const auto refusal = [](const char* file) {
    return fmt::format(
        "tensor \"layernorm.weight\" is not in DIR/{}, where DIR/{} says that it is; fetch the checkpoint "
        "again",
        file, index_name);
  };
  CHECK(complaint_about_shard(first) == refusal(first));
}

TEST_CASE("a tensor in two files is refused") {
  const Copy copy("dinov2-sharded");
  copy.edit_weights([](Tensors& tensors) { tensors["embeddings.cls_token"] = {"F32", {0}, ""}; }, second);
  CHECK(copy.complaint() == fmt::format("tensor \"embeddings.cls_token\" is both in DIR/{} and in DIR/{}; fetch the "
                                        "checkpoint again",
                                        first, second));
}

TEST_CASE("a damaged file among many is named") {
  const Copy copy("dinov2-sharded");
  copy.write(second, "");
  CHECK(copy.complaint() == fmt::format("DIR/{} is no safetensors file: it has 0 bytes; fetch it again", second));
}

TEST_CASE("a tensor in a file that the index does not say is refused when nothing needs it") {
  const Copy copy("dinov2-sharded");
  copy.edit_weights([](Tensors& tensors) { tensors["more"] = {"F32", {0}, ""}; }, second);
  CHECK(copy.complaint() ==
        fmt::format("tensor \"more\" [0] in DIR/{} has no place in the network that DIR/config.json "
                    "describes; this is another architecture, or the two files do not belong together",
                    second));
}

TEST_CASE("steps of a processor that matcher cannot follow are refused") {
  check_processor("do_pad", true, "is a step that matcher does not know");
  check_processor("do_resize", "yes", "must be true or false");
  check_processor("resample", 1, "is 1; matcher has 2 (bilinear) and 3 (bicubic)");
  check_processor("size", json{{"longest_edge", 80}}, "with longest_edge is not a step that matcher knows");
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
  CHECK(complaint_with("dinov2-same", processor, "do_center_crop", false) ==
        about(processor, "size",
              "would leave pictures of different sizes; matcher needs a crop, or a height and a width"));
}

TEST_CASE("a processor's steps are read as they are meant") {
  const Scratch scratch;
  const auto read = [&](json settings) {
    settings.update(json{{"image_mean", {0.1, 0.2, 0.3}}, {"image_std", {0.4, 0.5, 0.6}}});
    return model::read_processor(model::read_settings(scratch.write("p.json", settings.dump())));
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
