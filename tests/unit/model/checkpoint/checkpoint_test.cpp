#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

TEST_CASE("a missing folder, and a file in its place, are refused") {
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

TEST_CASE("a missing configuration is reported with the files that belong together") {
  for (const auto* name : {config, processor}) {
    const Copy copy("dinov2-same");
    copy.remove(name);
    CHECK(copy.complaint() == fmt::format("DIR/{} is missing; fetch the whole checkpoint: config.json, "
                                          "preprocessor_config.json and model.safetensors",
                                          name));
  }
}

TEST_CASE("a configuration that is not a JSON object is refused") {
  for (const auto* name : {config, processor}) {
    for (const auto* text : {"", "{", "[]", "7", "<!DOCTYPE html>", "{\"a\": 1e999}", "\xff\xfe{}"}) {
      const Copy copy("dinov2-same");
      copy.write(name, text);
      CHECK(copy.complaint() == fmt::format("DIR/{} is not a JSON object; fetch it again", name));
    }
  }
}

TEST_CASE("a configuration that is nested too deeply is refused") {
  const std::string open(100'000, '['), close(100'000, ']');
  for (const auto& text :
       {open, "{\"image_size\": " + open + close + "}", "{\"vision_config\": " + open + close + "}"}) {
    const Copy copy("clip-vision");
    copy.write(config, text);
    CHECK(copy.complaint() == "DIR/config.json is nested too deeply; fetch it again");
  }
}

TEST_CASE("a missing tensor is reported with its shape") {
  for (const auto* name : {"embeddings.cls_token", "encoder.layer.1.mlp.fc2.bias", "layernorm.weight"}) {
    const Copy copy("dinov2-same");
    std::string shape;
    copy.edit_weights([&](Tensors& tensors) {
      shape = model::shape_text(tensors.at(name).shape);
      tensors.erase(name);
    });
    CHECK(copy.complaint() == fmt::format("DIR has no tensor \"{}\" {}, which DIR/config.json calls for; "
                                          "use the configuration and the weights of one network",
                                          name, shape));
  }
}

TEST_CASE("more layers than the weights have are missing tensors") {
  CHECK(
      complaint_with("dinov2-same", config, "num_hidden_layers", 3) ==
      "DIR has no tensor \"encoder.layer.2.norm1.weight\" [16], which DIR/config.json calls for; use the configuration "
      "and the weights of one network");
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
                      "[16]; use the configuration and the weights of one network",
                      name));
  }
  SECTION("turned") {
    copy.set(config, "mlp_ratio", 2);
    CHECK(
        copy.complaint() ==
        "tensor \"encoder.layer.0.mlp.fc1.weight\" in DIR/model.safetensors is [64, 16], but DIR/config.json calls for "
        "[32, 16]; use the configuration and the weights of one network");
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

TEST_CASE("truncated weights are refused") {
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
            "safetensors file of the same model, or convert it, if you trust its maker: python3 -c 'import torch, "
            "safetensors.torch as s; w = torch.load(\"DIR/pytorch_model.bin\", weights_only=True, "
            "map_location=\"cpu\"); w = "
            "w.get(\"state_dict\", w); s.save_file({k: v.clone().contiguous() for k, v in w.items()}, "
            "\"DIR/model.safetensors\")'");
}

namespace {

constexpr const char* index_name = "model.safetensors.index.json";
constexpr const char* first = "model-00001-of-00003.safetensors";
constexpr const char* second = "model-00002-of-00003.safetensors";

/// The message for a sharded checkpoint whose index gives another place for one tensor.
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

TEST_CASE("an invalid index is refused") {
  CHECK(complaint_about_shard(7) == about(index_name, "weight_map", "names no file for tensor \"layernorm.weight\""));
  CHECK(complaint_with("dinov2-sharded", index_name, "weight_map", json::array()) ==
        about(index_name, "weight_map", "must be an object"));
  CHECK(complaint_with("dinov2-sharded", index_name, "weight_map", nullptr) ==
        about(index_name, "weight_map", "must be an object"));
}

TEST_CASE("a missing file of weights is reported with its tensor") {
  const auto refusal = [](const std::string& file, const std::string& tensor) {
    return fmt::format("DIR/{} is missing, but DIR/{} says that it holds tensor \"{}\"; fetch the checkpoint again",
                       file, index_name, tensor);
  };
  CHECK(complaint_about_shard("other.safetensors") == refusal("other.safetensors", "layernorm.weight"));
  CHECK(complaint_about_shard(std::string(5000, 'n')) == refusal(std::string(120, 'n') + "...", "layernorm.weight"));
  const Copy copy("dinov2-sharded");
  copy.remove(first);
  CHECK(copy.complaint() == refusal(first, "embeddings.cls_token"));
}

TEST_CASE("a tensor that is not in the file of the index is refused") {
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

TEST_CASE("one damaged file of several is reported") {
  const Copy copy("dinov2-sharded");
  copy.write(second, "");
  CHECK(copy.complaint() == fmt::format("DIR/{} is not a safetensors file: it has 0 bytes; fetch it again", second));
}

TEST_CASE("an unused tensor that is not in the index is refused") {
  const Copy copy("dinov2-sharded");
  copy.edit_weights([](Tensors& tensors) { tensors["more"] = {"F32", {0}, ""}; }, second);
  CHECK(copy.complaint() ==
        fmt::format("tensor \"more\" [0] in DIR/{} has no place in the network that DIR/config.json "
                    "describes; this is another architecture, or the two files do not belong together",
                    second));
}
