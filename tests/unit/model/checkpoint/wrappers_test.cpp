#include "matcher/model/checkpoint/wrappers.hpp"

#include <fmt/format.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "unit/model/damaged_checkpoint.hpp"

using namespace matcher;
using namespace matcher::test;
using nlohmann::json;

namespace {

constexpr const char* merge =
    "Merge it into that model in Python, with peft: "
    "PeftModel.from_pretrained(model, ADAPTER).merge_and_unload().save_pretrained(FOLDER); then export FOLDER";

/// The message for the fixture with all names changed.
std::string complaint_with_names(const std::function<std::string(const std::string&)>& change) {
  const Copy copy("dinov2-same");
  copy.edit_weights([&](Tensors& tensors) {
    Tensors renamed;
    for (auto& [name, tensor] : tensors) renamed[change(name)] = tensor;
    tensors = renamed;
  });
  return copy.complaint();
}

std::string with_prefix(const std::string& prefix) {
  return complaint_with_names([&](const std::string& name) { return prefix + name; });
}

}  // namespace

TEST_CASE("names that torch.compile or parallel training changed are those of the network") {
  CHECK(with_prefix("_orig_mod.") == "no complaint");
  CHECK(with_prefix("module.") == "no complaint");
  CHECK(with_prefix("model.") == "no complaint");
  CHECK(with_prefix("model._orig_mod.module.") == "no complaint");
  CHECK(with_prefix("module._orig_mod.") == "no complaint");
  CHECK(with_prefix("_orig_mod.module.") == "no complaint");
  CHECK(with_prefix("_fsdp_wrapped_module.") == "no complaint");
  CHECK(with_prefix("backbone.") == "no complaint");
  CHECK(with_prefix("base_model.model.") == "no complaint");  // of peft, after a merge
  CHECK(complaint_with_names([](std::string name) {
          if (const auto at = name.find("layer.1."); at != std::string::npos) name.insert(at + 8, "_orig_mod.");
          return name;
        }) == "no complaint");
}

TEST_CASE("shards that torch.compile renamed are read") {
  const Copy copy("dinov2-sharded");
  copy.edit("model.safetensors.index.json", [&](json& index) {
    json map;
    for (const auto& [name, file] : index.at("weight_map").items()) map["_orig_mod." + name] = file;
    index["weight_map"] = map;
  });
  for (const auto& entry : fs::directory_iterator(copy.folder())) {
    if (entry.path().extension() != ".safetensors") continue;
    copy.edit_weights(
        [](Tensors& tensors) {
          Tensors renamed;
          for (auto& [name, tensor] : tensors) renamed["_orig_mod." + name] = tensor;
          tensors = renamed;
        },
        entry.path().filename().string());
  }
  CHECK(copy.complaint() == "no complaint");
}

TEST_CASE("a tensor with and without the part of torch.compile is refused") {
  const Copy copy("dinov2-same");
  copy.edit_weights([](Tensors& tensors) { tensors["_orig_mod.layernorm.bias"] = tensors["layernorm.bias"]; });
  CHECK(copy.complaint() ==
        "DIR/model.safetensors has the tensor \"layernorm.bias\" twice: with and without the part of its name that "
        "torch.compile or parallel training adds. Save the network again, unwrapped");
}

TEST_CASE("the network inside a larger one is named") {
  CHECK(with_prefix("student.") ==
        "DIR has no tensor \"embeddings.cls_token\" [1, 1, 16], which DIR/config.json calls for; it has "
        "\"student.embeddings.cls_token\" instead: the network is part of a larger one. Save that part alone in "
        "Python: model.student.save_pretrained(FOLDER); then export FOLDER");
  const Copy siglip("siglip");
  siglip.edit_weights([](Tensors& tensors) {
    Tensors renamed;
    for (auto& [name, tensor] : tensors) renamed["net.image." + name] = tensor;
    tensors = renamed;
  });
  CHECK_THAT(siglip.complaint(), Catch::Matchers::ContainsSubstring("all its tensors begin with \"net.image.\": save "
                                                                    "the part inside alone in Python"));
}

TEST_CASE("an adapter is refused with the model that it belongs to") {
  const Copy copy("dinov2-same");
  copy.write("adapter_config.json",
             R"({"base_model_name_or_path": "facebook/dinov2-base", "peft_type": "LORA", "r": 2})");
  CHECK(copy.complaint() ==
        fmt::format("\"DIR\" holds an adapter (LoRA) of facebook/dinov2-base, not a network. {}", merge));
  copy.remove(config);
  copy.write("adapter_config.json", R"({"peft_type": "IA3"})");
  CHECK(copy.complaint() == fmt::format("\"DIR\" holds an adapter (IA3), not a network. {}", merge));
}

TEST_CASE("weights of an adapter in the place of the network's are recognised") {
  const std::string refusal = fmt::format(
      "DIR has no tensor \"embeddings.cls_token\" [1, 1, 16], which DIR/config.json calls for; its tensors are those "
      "of "
      "an adapter, such as LoRA. {}",
      merge);
  for (const std::string part : {"base_layer.", "lora_A."}) {
    CHECK(complaint_with_names([&](std::string name) {
            if (const auto at = name.find("query.weight"); at != std::string::npos) name.insert(at + 6, part);
            return "base_model.model." + name;
          }) == refusal);
  }
}
