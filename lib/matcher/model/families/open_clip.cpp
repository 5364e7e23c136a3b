// Networks in open_clip's own form: its CLIP class, and towers of timm. Every key of "model_cfg" is followed, or
// refused by name. Reference: open_clip's model.py, transformer.py, timm_model.py and tokenizer.py.
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "matcher/model/blocks/text.hpp"
#include "matcher/model/blocks/vision.hpp"
#include "matcher/model/checkpoint/timm_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/families/trunk.hpp"

namespace matcher::model {
namespace {

using Keys = std::initializer_list<const char*>;

constexpr BlockNames block_names{.norm1 = "ln_1",
                                 .joined_weight = "attn.in_proj_weight",
                                 .joined_bias = "attn.in_proj_bias",
                                 .output = "attn.out_proj",
                                 .norm2 = "ln_2",
                                 .enter = "mlp.c_fc",
                                 .leave = "mlp.c_proj"};
constexpr VisionNames vision_names{.patch = "conv1",
                                   .class_token = "class_embedding",
                                   .positions = "positional_embedding",
                                   .norm_before = "ln_pre",
                                   .blocks = "transformer.resblocks.",
                                   .block = block_names,
                                   .norm = "ln_post",
                                   .batched = false};
constexpr TextNames text_names{.tokens = "token_embedding.weight",
                               .positions = "positional_embedding",
                               .blocks = "transformer.resblocks.",
                               .block = block_names,
                               .norm = "ln_final"};

constexpr std::string_view visual = "visual.", trunk = "visual.trunk.";

bool contains(Keys keys, const std::string& key) {
  return std::ranges::any_of(keys, [&](const char* known) { return key == known; });
}

bool is_off(const nlohmann::json& value) {
  return value.is_null() || value == false || value == 0 || value == "default";
}

/// Refuses keys that are neither known nor off.
void check_keys(const Settings& settings, const char* where, Keys known, Keys must_be_off = {}) {
  for (const auto& [key, value] : settings.items()) {
    if (contains(known, key) || (contains(must_be_off, key) && is_off(value))) continue;
    settings.refuse(printable(key),
                    fmt::format("of \"{}\" is {}, which matcher does not follow", where, printable(value.dump())),
                    build_in_python);
  }
}

/// The settings of the network: open_clip's file has them inside.
Settings network_settings(const Settings& config) {
  return config.has("model_cfg") ? config.child("model_cfg") : config;
}

bool is_open_clip(const Family&, const Checkpoint& checkpoint) {
  const auto settings = network_settings(checkpoint.config());
  return settings.has("embed_dim") && settings.has("vision_cfg");
}

std::int64_t read_side(const Settings& vision) { return vision.side("image_size", 224); }

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

/// Reads what both towers have. The hidden width is that of the tensors: the configuration's factor is rounded.
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

BlockNames names_of(const Settings& settings) {
  auto names = block_names;
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

Pooled read_pool(const Settings& settings) {
  const auto pool = settings.text("pool_type", "tok");
  if (pool == "tok") return Pooled::first;
  if (pool == "avg") return settings.flag("final_ln_after_pool", false) ? Pooled::normalised_mean : Pooled::mean;
  settings.refuse("pool_type", fmt::format("is \"{}\", but matcher has tok and avg", printable(pool)), build_in_python);
}

VisionShape read_vision(const Checkpoint& checkpoint, const Settings& settings, bool quick) {
  check_keys(settings, "vision_cfg",
             {"layers", "width", "head_width", "mlp_ratio", "patch_size", "image_size", "ls_init_value",
              "patch_dropout", "attn_pooler_queries", "attn_pooler_heads", "no_ln_pre", "pos_embed_type",
              "final_ln_after_pool", "pool_type", "output_tokens", "act_kwargs", "norm_kwargs"},
             {"attentional_pool", "input_patchnorm", "global_average_pool", "timm_model_name", "block_type", "qk_norm",
              "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"});
  VisionShape shape;
  shape.layers = read_layers(settings);
  shape.patch = settings.side("patch_size", 16);
  shape.patch_bias = false;
  shape.block = read_block_shape(checkpoint, "visual.", settings, quick, 768);
  shape.block.heads = std::max<std::int64_t>(1, shape.block.width / settings.whole("head_width", 64));
  check_heads(settings, shape.block, "head_width", "width");
  shape.side = read_side(settings) / shape.patch;
  if (shape.side < 1) settings.fail("patch_size", "is larger than image_size");
  shape.pooled = read_pool(settings);
  return shape;
}

VisionShape add_own_tower(Checkpoint& checkpoint, const Settings& settings, bool quick, std::int64_t dimension,
                          Blueprint& network) {
  const auto shape = read_vision(checkpoint, settings, quick);
  auto names = vision_names;
  names.block = names_of(settings);
  if (settings.flag("no_ln_pre", false)) names.norm_before = nullptr;
  add_vision(checkpoint, std::string(visual), shape, names, Projection{"visual.proj", dimension, false, true}, network);
  return shape;
}

/// Returns the trunk's projection; nothing if the trunk's vector is the network's.
std::optional<Projection> read_projection(const Settings& settings, std::int64_t dimension) {
  const auto kind = settings.has_null("timm_proj") ? std::string() : settings.text("timm_proj", "linear");
  if (kind == "none") return std::nullopt;
  if (kind.empty()) return Projection{"visual.trunk.head", dimension, true};
  if (kind == "linear") return Projection{"visual.head.proj", dimension, settings.flag("timm_proj_bias", false)};
  settings.refuse("timm_proj", fmt::format("is \"{}\", but matcher has none, linear and null", printable(kind)),
                  build_in_python);
}

VisionShape add_timm_tower(Checkpoint& checkpoint, const Settings& settings, std::int64_t dimension,
                           Blueprint& network) {
  check_keys(settings, "vision_cfg",
             {"timm_model_name",
              "timm_model_pretrained",
              "timm_pool",
              "timm_proj",
              "timm_proj_bias",
              "timm_drop",
              "timm_drop_path",
              "image_size",
              "patch_dropout",
              "layers",
              "width",
              "head_width",
              "mlp_ratio",
              "patch_size",
              "ls_init_value",
              "attn_pooler_queries",
              "attn_pooler_heads",
              "pos_embed_type",
              "pool_type",
              "output_tokens"},
             {"attentional_pool", "no_ln_pre", "final_ln_after_pool", "act_kwargs", "norm_kwargs", "block_type",
              "qk_norm", "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"});
  const auto name = settings.text("timm_model_name", "");
  const TrunkRequest request{name.substr(0, name.find('.')), std::string(trunk), settings.text("timm_pool", "avg"),
                             read_side(settings)};
  const auto projection = read_projection(settings, dimension);
  const auto shape = add_trunk(checkpoint, settings, "timm_model_name", request, projection, network);
  if (!projection && shape.block.width != dimension)
    settings.fail("timm_model_name",
                  fmt::format("gives vectors of {}, but \"embed_dim\" is {}", shape.block.width, dimension));
  return shape;
}

/// The token whose output is a text's vector.
std::string read_end(const Settings& settings) {
  const auto pool = settings.text("pool_type", "argmax");
  if (pool == "argmax") return token_at("ids.argmax(1)");
  if (pool == "last") return "x[:, -1]";
  if (pool == "first") return "x[:, 0]";
  if (pool == "eos") return token_at(fmt::format("(ids == {}).int().argmax(1)", settings.whole("eos_id", 2, 0)));
  settings.refuse("pool_type", fmt::format("is \"{}\", but matcher has argmax, last, first and eos", printable(pool)),
                  build_in_python);
}

TextShape read_text(const Checkpoint& checkpoint, const std::string& prefix, const Settings& settings, bool quick) {
  check_keys(settings, "text_cfg",
             {"context_length", "vocab_size",     "hf_tokenizer_name", "tokenizer_kwargs",    "width",
              "heads",          "layers",         "mlp_ratio",         "ls_init_value",       "pad_id",
              "eos_id",         "no_causal_mask", "pool_type",         "proj_bias",           "proj_type",
              "output_tokens",  "act_kwargs",     "norm_kwargs",       "hf_model_pretrained", "hf_proj_type",
              "hf_pooler_type"},
             {"tokenizer_mode", "embed_cls", "final_ln_after_pool", "hf_model_name", "block_type", "qk_norm",
              "scaled_cosine_attn", "scale_heads", "scale_attn_inner", "scale_attn", "scale_fc"});
  TextShape shape;
  shape.vocabulary = settings.whole("vocab_size", 49408);
  shape.length = settings.whole("context_length", 77, 2);
  shape.layers = read_layers(settings);
  shape.block = read_block_shape(checkpoint, prefix, settings, quick, 512);
  shape.block.heads = settings.whole("heads", 8);
  check_heads(settings, shape.block, "heads", "width");
  shape.block.masked = !settings.flag("no_causal_mask", false);
  shape.end = read_end(settings);
  return shape;
}

std::optional<Projection> read_text_projection(const Settings& settings, const std::string& prefix,
                                               std::int64_t dimension) {
  const auto kind = settings.text("proj_type", "linear");
  const bool bias = settings.flag("proj_bias", false);
  if (kind == "none") return std::nullopt;
  if (kind == "linear") return Projection{prefix + "text_projection", dimension, bias, !bias};
  settings.refuse("proj_type", fmt::format("is \"{}\", but matcher has linear and none", printable(kind)),
                  build_in_python);
}

constexpr const TokenizerKind* clip_kinds[]{&clip_tokenizer};
constexpr const TokenizerKind* other_kinds[]{&sentencepiece_tokenizer, &gemma_tokenizer};

/// Reads which tokenizer the texts have, and how they are cleaned before it. SigLIP's texts end with token 1.
TextTower read_texts(const Settings& settings, std::int64_t vocabulary) {
  const auto name = settings.text("hf_tokenizer_name", "");
  const auto arguments = settings.child("tokenizer_kwargs");
  check_keys(arguments, "tokenizer_kwargs", {"clean"}, {"strip_sep_token"});
  const auto fallback = name.empty() ? Cleaning::lower : Cleaning::whitespace;
  const auto cleaning = find_cleaning(arguments.text("clean", std::string(to_string(fallback))));
  if (!cleaning || *cleaning == Cleaning::siglip)
    arguments.refuse("clean",
                     fmt::format("is \"{}\", but matcher has canonicalize, lower and whitespace",
                                 printable(arguments.text("clean", ""))),
                     build_in_python);
  if (name.empty()) return {vocabulary, vocabulary - 1, clip_kinds, TextStyle{*cleaning, 0}};
  return {vocabulary, 1, other_kinds, TextStyle{*cleaning, vocabulary > 250'000 ? 0 : 1}};
}

/// True if the file has a text tower that matcher builds. One of transformers' (hf_model_name) is left out.
bool has_text_tower(Checkpoint& checkpoint, const Settings& text) {
  if (!text.has("hf_model_name")) return checkpoint.has_any("text.") || checkpoint.has("token_embedding.weight");
  checkpoint.ignore_all("text.");
  return false;
}

void add_text_tower(Checkpoint& checkpoint, const Settings& settings, bool quick, Architecture& architecture) {
  const std::string prefix = checkpoint.has("text.token_embedding.weight") ? "text." : "";
  const auto shape = read_text(checkpoint, prefix, settings, quick);
  const auto projection = read_text_projection(settings, prefix, architecture.dimension);
  if (!projection && shape.block.width != architecture.dimension)
    settings.fail("proj_type", fmt::format("is \"none\", but texts have a width of {} and images vectors of {}",
                                           shape.block.width, architecture.dimension));
  auto names = text_names;
  names.block = names_of(settings);
  checkpoint.ignore(prefix + "attn_mask");
  add_text(checkpoint, prefix, shape, names, projection, architecture.network);
  architecture.text = read_texts(settings, shape.vocabulary);
}

Architecture read_open_clip(Checkpoint& checkpoint) {
  const auto config = network_settings(checkpoint.config());
  check_keys(config, "model_cfg",
             {"embed_dim", "quick_gelu", "custom_text", "vision_cfg", "text_cfg", "preprocess_cfg", "init_logit_bias",
              "init_logit_scale", "nonscalar_logit_scale", "cast_dtype", "output_dict", "auto_map", "architectures",
              "model_type", "torch_dtype", "dtype", "transformers_version", "open_clip_model_name"},
             {"multimodal_cfg"});
  const auto vision = config.child("vision_cfg"), text = config.child("text_cfg");
  const bool quick = config.flag("quick_gelu", false);
  const auto dimension = config.whole("embed_dim", 0);
  for (const auto* name :
       {"logit_scale", "logit_bias", "input_resolution", "context_length", "vocab_size", "attn_mask"})
    checkpoint.ignore(name);

  Architecture architecture;
  const auto shape = vision.has("timm_model_name")
                         ? add_timm_tower(checkpoint, vision, dimension, architecture.network)
                         : add_own_tower(checkpoint, vision, quick, dimension, architecture.network);
  architecture.summary = summarise(shape);
  architecture.dimension = int(dimension);
  architecture.patch = int(shape.patch);
  architecture.fixed_side = takes_any_size(shape) ? 0 : int(read_side(vision));
  if (has_text_tower(checkpoint, text)) add_text_tower(checkpoint, text, quick, architecture);
  return architecture;
}

image::Preprocess read_preprocess(const Checkpoint& checkpoint) {
  const auto side = int(read_side(network_settings(checkpoint.config()).child("vision_cfg")));
  return read_open_clip_processor(checkpoint.config().child("preprocess_cfg"), {side, side});
}

}  // namespace

const Family open_clip_family{
    .name = "open_clip",
    .model_types = {},
    .matches = is_open_clip,
    .read = read_open_clip,
    .preprocess = read_preprocess,
};

}  // namespace matcher::model
