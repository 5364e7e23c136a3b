// The forms of checkpoints in folders, and which of two is taken.
#include "matcher/model/checkpoint/layout.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/model/damaged_checkpoint.hpp"

using Catch::Matchers::ContainsSubstring;
using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

namespace {

fs::path fixture(const std::string& name) { return fs::path(MATCHER_TEST_DATA) / "model" / name; }

std::string family_of(const Copy& copy) { return model::find_family(model::Checkpoint(copy.folder())).name; }

/// Puts open_clip's form beside the other one.
void add_open_clip(const Copy& copy) {
  for (const auto* file : {"open_clip_config.json", "open_clip_model.safetensors"})
    fs::copy_file(fixture("open-clip") / file, copy.folder() / file);
}

}  // namespace

TEST_CASE("of two forms in a folder, the one with a text tower is taken, and transformers' if both have it") {
  for (const auto& [name, family] : {std::pair("clip-gelu", "clip"), std::pair("siglip", "siglip"),
                                     std::pair("timm-vit", "open_clip"), std::pair("clip-vision", "open_clip")}) {
    const Copy copy(name);
    add_open_clip(copy);
    INFO(name);
    CHECK(family_of(copy) == family);
    CHECK(copy.complaint() == "no complaint");
  }
}

TEST_CASE("open_clip's weights may have other names") {
  for (const auto* name : {"open_clip_pytorch_model.safetensors", "model.safetensors"}) {
    const Copy copy("open-clip-siglip");
    fs::rename(copy.folder() / "open_clip_model.safetensors", copy.folder() / name);
    // As Marqo's, whose own code reads this file.
    if (name == std::string(weights)) copy.write(config, R"({"model_type": "siglip", "auto_map": {}})");
    CHECK(family_of(copy) == "open_clip");
    CHECK(copy.complaint() == "no complaint");
  }
}

TEST_CASE("open_clip's pickled weights are refused with the line that converts them") {
  const Copy copy("open-clip");
  copy.remove("open_clip_model.safetensors");
  copy.write("open_clip_pytorch_model.bin", "x");
  CHECK_THAT(copy.complaint(), ContainsSubstring("open_clip_pytorch_model.bin can run any program when it is opened") &&
                                   ContainsSubstring("torch.load(\"DIR/open_clip_pytorch_model.bin\"") &&
                                   ContainsSubstring("\"DIR/open_clip_model.safetensors\")'"));
}

TEST_CASE("the CLIP of a sentence-transformers folder is entered") {
  const Copy copy("clip-gelu");
  const auto inner = copy.folder() / "0_CLIPModel";
  fs::create_directory(inner);
  for (const auto* file : {config, processor, weights}) fs::rename(copy.folder() / file, inner / file);
  copy.write("modules.json", R"([{"idx": 0, "name": "0", "path": "0_CLIPModel"}])");
  CHECK(family_of(copy) == "clip");
  CHECK(copy.complaint() == "no complaint");
  fs::create_directory(copy.folder() / "2_Dense");
  CHECK_THAT(copy.complaint(),
             ContainsSubstring("DIR is a sentence-transformers model whose \"2_Dense\" changes every vector"));
}

TEST_CASE("later sentence-transformers have the network beside modules.json") {
  const Copy copy("clip-gelu");
  copy.write("modules.json", R"([{"idx": 0, "name": "0", "path": ""}])");
  CHECK(copy.complaint() == "no complaint");
  fs::create_directory(copy.folder() / "1_Dense");
  CHECK_THAT(copy.complaint(),
             ContainsSubstring("DIR is a sentence-transformers model whose \"1_Dense\" changes every vector"));
}

TEST_CASE("weights under another name, and pickled ones in parts, are named") {
  const Copy renamed("dinov2-same");
  fs::rename(renamed.folder() / weights, renamed.folder() / "best.safetensors");
  CHECK(renamed.complaint() ==
        "DIR holds neither model.safetensors nor model.safetensors.index.json; if best.safetensors has the network's "
        "weights, rename it to model.safetensors");
  const Copy parts("dinov2-same");
  fs::rename(parts.folder() / weights, parts.folder() / "pytorch_model-00001-of-00001.bin");
  parts.write("pytorch_model.bin.index.json", "{}");
  CHECK_THAT(parts.complaint(),
             ContainsSubstring("convert them, if you trust their maker: python3 -c 'import transformers; "
                               "transformers.AutoModel.from_pretrained(\"DIR\").save_pretrained(\"DIR\")'"));
}

TEST_CASE("a key of open_clip's configuration that matcher does not follow is refused by name") {
  const auto complaint = [](const char* part, const char* key, const json& value) {
    const Copy copy("open-clip");
    copy.edit("open_clip_config.json", [&](json& object) {
      auto& settings = object["model_cfg"];
      (std::string(part).empty() ? settings : settings[part])[key] = value;
    });
    return copy.complaint();
  };
  CHECK_THAT(complaint("", "surprise", 7),
             ContainsSubstring(
                 "DIR/open_clip_config.json: \"surprise\" of \"model_cfg\" is 7, which matcher does not follow"));
  CHECK_THAT(complaint("vision_cfg", "qk_norm", true), ContainsSubstring("\"qk_norm\" of \"vision_cfg\" is true"));
  CHECK(complaint("vision_cfg", "qk_norm", false) == "no complaint");
  CHECK(complaint("vision_cfg", "patch_dropout", 0.5) == "no complaint");
  CHECK_THAT(complaint("vision_cfg", "layers", {3, 4, 6, 3}),
             ContainsSubstring("\"layers\" is a list: the image tower is a ResNet"));
  CHECK_THAT(complaint("vision_cfg", "pool_type", "all"), ContainsSubstring("is \"all\", but matcher has tok and avg"));
  CHECK_THAT(complaint("vision_cfg", "width", 32), ContainsSubstring("calls for"));
  CHECK_THAT(complaint("text_cfg", "embed_cls", true), ContainsSubstring("\"embed_cls\" of \"text_cfg\" is true"));
  CHECK_THAT(complaint("", "multimodal_cfg", {{"width", 8}}),
             ContainsSubstring("\"multimodal_cfg\" describes a CoCa, which writes texts about images"));
  CHECK_THAT(complaint("", "vision_cfg", nullptr), ContainsSubstring("\"vision_cfg\" is missing; use the file that"));
  CHECK_THAT(complaint("", "embed_dim", nullptr), ContainsSubstring("\"embed_dim\" is missing"));
  CHECK_THAT(complaint("text_cfg", "heads", 5), ContainsSubstring("\"heads\" does not divide width 16"));
  CHECK_THAT(complaint("text_cfg", "proj_type", "mlp"),
             ContainsSubstring("is \"mlp\", but matcher has linear and none"));
}

TEST_CASE("a trunk of timm that matcher does not build is refused by name") {
  for (const auto* name : {"convnext_base", "vit_relpos_base_patch16_224", "vit_base_patch16_rope_224",
                           "eva02_enormous_patch14_clip_224"}) {
    const Copy copy("timm-vit");
    copy.set(config, "architecture", name);
    CHECK_THAT(copy.complaint(), ContainsSubstring(fmt::format(
                                     "\"architecture\" is \"{}\", but of timm's networks matcher builds", name)));
  }
  const Copy copy("timm-vit");
  copy.edit(config, [](json& object) {
    object["pretrained_cfg"]["input_size"] = {3, 32, 32};
    object["model_args"]["img_size"] = 32;
  });
  CHECK_THAT(copy.complaint(),
             ContainsSubstring("with positions for 4 x 4 patches of 4, but images of 32 x 32 have 8 x 8"));
  copy.edit(config, [](json& object) { object["model_args"]["qk_norm"] = true; });
  CHECK_THAT(copy.complaint(),
             ContainsSubstring("\"qk_norm\" of \"model_args\" is an argument that matcher does not follow"));
}

TEST_CASE("forms of SigLIP and DINOv3 that matcher does not build are refused by name") {
  const Copy siglip("siglip");
  siglip.set(config, "model_type", "siglip2");
  CHECK_THAT(siglip.complaint(), ContainsSubstring("\"model_type\" is \"siglip2\": a NaFlex network, for images of any "
                                                   "shape; matcher builds SigLIP 2 of a fixed size"));
  const Copy dinov3("dinov3");
  dinov3.set(config, "model_type", "dinov3_convnext");
  CHECK_THAT(dinov3.complaint(),
             ContainsSubstring("is \"dinov3_convnext\", but matcher builds DINOv3's vision transformers only"));
}
