// Networks in open_clip's own form: its CLIP class, and towers of timm. Every key of "model_cfg" is followed, or
// refused by name. Reference: open_clip's model.py, transformer.py, timm_model.py and tokenizer.py.
#include "matcher/model/checkpoint/timm_processor.hpp"
#include "matcher/model/families/families.hpp"
#include "matcher/model/families/open_clip/image_tower.hpp"
#include "matcher/model/families/open_clip/settings.hpp"
#include "matcher/model/families/open_clip/text_tower.hpp"
#include "matcher/model/families/trunk.hpp"

namespace matcher::model {
namespace {

/// The settings of the network: open_clip's file has them inside.
Settings network_settings(const Settings& config) {
  return config.has("model_cfg") ? config.child("model_cfg") : config;
}

bool is_open_clip(const Family&, const Checkpoint& checkpoint) {
  const auto settings = network_settings(checkpoint.config());
  return checkpoint.config().has("model_cfg") || (settings.has("embed_dim") && settings.has("vision_cfg"));
}

Architecture read_open_clip(Checkpoint& checkpoint) {
  const auto config = network_settings(checkpoint.config());
  if (!config.has("vision_cfg")) config.refuse("vision_cfg", "is missing", "use the file that open_clip wrote");
  if (config.has("multimodal_cfg"))
    config.refuse("multimodal_cfg",
                  "describes a CoCa, which writes texts about images; matcher builds open_clip's CLIP",
                  build_in_python);
  open_clip::check_keys(
      config, "model_cfg",
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
  const auto shape = open_clip::add_image_tower(checkpoint, vision, quick, dimension, architecture.network);
  architecture.summary = summarise(shape);
  architecture.dimension = int(dimension);
  architecture.patch = int(shape.patch);
  architecture.fixed_side = takes_any_size(shape) ? 0 : int(open_clip::read_side(vision));
  open_clip::add_text_tower(checkpoint, text, quick, architecture);
  return architecture;
}

image::Preprocess read_preprocess(const Checkpoint& checkpoint) {
  const auto side = int(open_clip::read_side(network_settings(checkpoint.config()).child("vision_cfg")));
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
