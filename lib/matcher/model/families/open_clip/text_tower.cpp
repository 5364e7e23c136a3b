#include "matcher/model/families/open_clip/text_tower.hpp"

#include <fmt/format.h>

#include "matcher/model/blocks/text.hpp"
#include "matcher/model/families/open_clip/settings.hpp"

namespace matcher::model::open_clip {
namespace {

constexpr TextNames text_names{.tokens = "token_embedding.weight",
                               .positions = "positional_embedding",
                               .blocks = "transformer.resblocks.",
                               .block = {},
                               .norm = "ln_final"};

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

}  // namespace

void add_text_tower(Checkpoint& checkpoint, const Settings& settings, bool quick, Architecture& architecture) {
  if (!has_text_tower(checkpoint, settings)) return;
  const std::string prefix = checkpoint.has("text.token_embedding.weight") ? "text." : "";
  const auto shape = read_text(checkpoint, prefix, settings, quick);
  const auto projection = read_text_projection(settings, prefix, architecture.dimension);
  if (!projection && shape.block.width != architecture.dimension)
    settings.fail("proj_type", fmt::format("is \"none\", but texts have a width of {} and images vectors of {}",
                                           shape.block.width, architecture.dimension));
  auto names = text_names;
  names.block = block_names(settings);
  checkpoint.ignore(prefix + "attn_mask");
  add_text(checkpoint, prefix, shape, names, projection, architecture.network);
  architecture.text = read_texts(settings, shape.vocabulary);
}

}  // namespace matcher::model::open_clip
