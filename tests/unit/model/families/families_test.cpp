#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>

#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

namespace {

const std::string in_python =
    "; make TorchScript of it in Python (docs/reference/models.md, \"TorchScript made in Python\")";

void check_refusal(const std::string& key, const json& value, const std::string& reason) {
  INFO(key << " = " << value.dump());
  CHECK(complaint_with("dinov2-same", config, key, value) == refusal_of(config, key, reason));
}

}  // namespace

TEST_CASE("the fixtures are complete") {
  for (const auto& entry : fs::directory_iterator(fs::path(MATCHER_TEST_DATA) / "model")) {
    const auto name = entry.path().filename().string();
    INFO(name);
    CHECK(Copy(name).complaint() == "no complaint");
  }
}

TEST_CASE("a model type that matcher does not build is refused") {
  const auto refusal = [](const std::string& type) {
    return "is \"" + type +
           "\", but matcher builds dinov2, dinov2_with_registers, clip, clip_vision_model, siglip, "
           "siglip_vision_model, dinov3_vit, vit, timm and open_clip" +
           in_python;
  };
  check_refusal("model_type", "aimv2", refusal("aimv2"));
  check_refusal("model_type", "blip\n", refusal("blip?"));
  check_refusal("model_type", nullptr,
                "is missing, and so are \"architecture\" of timm and \"embed_dim\" of open_clip" +
                    refusal("").substr(refusal("").find(", but")));
  check_config("model_type", 7, "must be a text");
}

TEST_CASE("impossible sizes are refused") {
  check_config("hidden_size", 0, "is 0; it must be 1 to 16777216");
  check_config("hidden_size", -16, "is -16; it must be 1 to 16777216");
  check_config("hidden_size", "16", "must be a whole number");
  check_config("hidden_size", 16.5, "must be a whole number");
  check_config("hidden_size", 1e30, "is 1e+30; it must be 1 to 16777216");
  check_config("num_hidden_layers", 1'000'000'000, "is 1000000000; it must be 1 to 1024");
  check_config("num_attention_heads", 3, "does not divide hidden_size 16");
  check_config("num_attention_heads", 0, "is 0; it must be 1 to 16777216");
  check_config("image_size", 3, "is smaller than patch_size");
  check_refusal("image_size", json::array({16, 20}),
                "is [16,20], but matcher builds networks for squares only" + in_python);
  check_config("patch_size", 0, "is 0; it must be 1 to 16384");
  check_refusal("num_channels", 4, "is 4, but matcher embeds images of 3" + in_python);
  check_config("mlp_ratio", 0, "leaves no hidden layer");
  check_config("mlp_ratio", 1e300, "is 1e+300; it must be 0 to 1024");
  check_config("layer_norm_eps", -1, "is -1; it must be 0 to 1");
}

TEST_CASE("an activation that matcher does not build is refused") {
  const std::string rest =
      "\", but matcher has gelu, quick_gelu, gelu_new, gelu_pytorch_tanh, silu, swish and relu" + in_python;
  check_refusal("hidden_act", "mish", "is \"mish" + rest);
  check_refusal("hidden_act", "swiglu", "is \"swiglu" + rest);
  check_config("use_swiglu_ffn", "yes", "must be true or false");
}

TEST_CASE("a CLIP tower that makes no network is refused") {
  const Copy copy("clip-quick-gelu");
  SECTION("patches larger than the image") {
    copy.edit(config, [](json& object) { object["vision_config"]["patch_size"] = 32; });
    CHECK(copy.complaint() == about(config, "patch_size", "is larger than image_size"));
  }
  SECTION("a configuration that is not an object") {
    copy.set(config, "vision_config", 7);
    CHECK(copy.complaint() == about(config, "vision_config", "must be an object"));
  }
  SECTION("heads that do not divide the text's width") {
    copy.edit(config, [](json& object) { object["text_config"]["num_attention_heads"] = 5; });
    CHECK(copy.complaint() == about(config, "num_attention_heads", "does not divide hidden_size 16"));
  }
  SECTION("another number of tokens than the weights have") {
    copy.edit(config, [](json& object) { object["text_config"]["vocab_size"] = 121; });
    CHECK(copy.complaint() ==
          "tensor \"text_model.embeddings.token_embedding.weight\" in DIR/model.safetensors is [120, 16], but "
          "DIR/config.json calls for [121, 16]; use the configuration and the weights of one network");
  }
}

TEST_CASE("without registers, the register tensor may be empty") {
  const Copy copy("registers");
  copy.set(config, "num_register_tokens", 0);
  copy.edit_weights([](Tensors& tensors) { tensors.at("embeddings.register_tokens") = {"F32", {1, 0, 16}, ""}; });
  CHECK(copy.complaint() == "no complaint");
}

namespace {

/// A family of the model type "dinov2" that reads nothing.
model::Family family(const char* name, bool (*matches)(const model::Family&, const model::Checkpoint&)) {
  return {.name = name, .model_types = {}, .matches = matches, .read = nullptr, .preprocess = nullptr};
}

}  // namespace

TEST_CASE("each fixture has its family") {
  const auto name = [](const std::string& fixture) {
    return std::string(model::find_family(model::Checkpoint(Copy(fixture).folder())).name);
  };
  CHECK(name("dinov2-same") == "dinov2");
  CHECK(name("registers") == "dinov2");
  CHECK(name("clip-gelu") == "clip");
  CHECK(name("clip-vision") == "clip");
}

TEST_CASE("the first family that matches is taken") {
  const Copy copy("dinov2-same");
  const model::Checkpoint checkpoint(copy.folder());
  const auto yes = [](const model::Family&, const model::Checkpoint&) { return true; };
  const auto no = [](const model::Family&, const model::Checkpoint&) { return false; };
  const auto a = family("a", no), b = family("b", yes), c = family("c", yes);
  const auto first = [&](std::vector<const model::Family*> table) {
    return std::string(model::find_family(checkpoint, table).name);
  };
  CHECK(first({&a, &b, &c}) == "b");
  CHECK(first({&c, &b, &a}) == "c");
  CHECK(first({&a, &model::clip_family, &model::dinov2_family, &b}) == "dinov2");
}

TEST_CASE("a model type that no family has is refused with the types of the table") {
  const Copy copy("dinov2-same");
  const model::Checkpoint checkpoint(copy.folder());
  const auto refusal = [&](std::vector<const model::Family*> table) {
    const auto error = error_of([&] { model::find_family(checkpoint, table); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::input);
    return std::string(error->what());
  };
  CHECK(refusal({&model::clip_family}).find("but matcher builds clip and clip_vision_model" + in_python) !=
        std::string::npos);
  CHECK(refusal({}).find("but matcher builds none" + in_python) != std::string::npos);
}

TEST_CASE("a text tower says how a text must end") {
  const auto tower = [](const std::string& fixture) {
    const Copy copy(fixture);
    model::Checkpoint checkpoint(copy.folder());
    return model::read_architecture(model::find_family(checkpoint), checkpoint).text;
  };
  CHECK_FALSE(tower("clip-vision"));
  CHECK_FALSE(tower("dinov2-same"));
  const auto old = tower("clip-old-end");
  REQUIRE(old);
  CHECK(old->end_token == old->vocabulary - 1);
  CHECK(old->tokenizers.front() == &model::clip_tokenizer);
  const auto siglip = tower("siglip");
  REQUIRE(siglip);
  CHECK(siglip->end_token == 1);
  CHECK(siglip->tokenizers.size() == 2);
  CHECK_FALSE(tower("siglip-vision"));
}
