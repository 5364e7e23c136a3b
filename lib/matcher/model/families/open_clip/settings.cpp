#include "matcher/model/families/open_clip/settings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace matcher::model::open_clip {
namespace {

constexpr BlockNames plain_names{.norm1 = "ln_1",
                                 .joined_weight = "attn.in_proj_weight",
                                 .joined_bias = "attn.in_proj_bias",
                                 .output = "attn.out_proj",
                                 .norm2 = "ln_2",
                                 .enter = "mlp.c_fc",
                                 .leave = "mlp.c_proj"};

bool contains(Keys keys, const std::string& key) {
  return std::ranges::any_of(keys, [&](const char* known) { return key == known; });
}

bool is_off(const nlohmann::json& value) {
  return value.is_null() || value == false || value == 0 || value == "default";
}

std::string read_activation_of(const Settings& settings, bool quick) {
  if (!settings.has("act_kwargs")) return quick ? "quick_gelu" : "gelu";
  const auto arguments = settings.child("act_kwargs");
  check_keys(arguments, "act_kwargs", {"approximate"});
  const auto name = arguments.text("approximate", "none");
  if (quick || (name != "tanh" && name != "none"))
    arguments.refuse("approximate",
                     fmt::format("is \"{}\" with quick_gelu {}, which matcher does not follow", printable(name), quick),
                     build_in_python);
  return name == "tanh" ? "gelu_pytorch_tanh" : "gelu";
}

double read_epsilon(const Settings& settings) {
  const auto arguments = settings.child("norm_kwargs");
  check_keys(arguments, "norm_kwargs", {"eps"});
  return arguments.number("eps", 1e-5, 0, 1);
}

}  // namespace

void check_keys(const Settings& settings, const char* where, Keys known, Keys must_be_off) {
  for (const auto& [key, value] : settings.items()) {
    if (contains(known, key) || (contains(must_be_off, key) && is_off(value))) continue;
    settings.refuse(printable(key),
                    fmt::format("of \"{}\" is {}, which matcher does not follow", where, printable(value.dump())),
                    build_in_python);
  }
}

BlockShape read_block_shape(const Checkpoint& checkpoint, const std::string& prefix, const Settings& settings,
                            bool quick, std::int64_t width) {
  BlockShape block{};
  block.width = settings.whole("width", width);
  const auto sides = checkpoint.shape(prefix + "transformer.resblocks.0.mlp.c_fc.weight");
  block.hidden =
      sides.empty() ? std::int64_t(double(block.width) * settings.number("mlp_ratio", 4, 0, 1024)) : sides[0];
  block.epsilon = read_epsilon(settings);
  block.activation = read_activation_of(settings, quick);
  return block;
}

BlockNames block_names(const Settings& settings) {
  auto names = plain_names;
  if (!settings.has("ls_init_value")) return names;
  names.scale1 = "ls_1.gamma";
  names.scale2 = "ls_2.gamma";
  return names;
}

std::int64_t read_layers(const Settings& settings) {
  if (settings.has("layers") && settings.at("layers").is_array())
    settings.refuse("layers", "is a list: the image tower is a ResNet, but matcher builds vision transformers",
                    build_in_python);
  return settings.whole("layers", 12, 1, 1024);
}

}  // namespace matcher::model::open_clip
