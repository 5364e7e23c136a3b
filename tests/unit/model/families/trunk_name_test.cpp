#include "matcher/model/families/trunk_name.hpp"

#include <catch2/catch_test_macros.hpp>
#include <string>

using matcher::model::read_trunk_name;

TEST_CASE("the name of an architecture says how many heads it has, as in timm") {
  const auto heads = [](const char* name) { return read_trunk_name(name)->heads; };
  CHECK(heads("vit_xsmall_patch16_clip_224") == 4);
  CHECK(heads("vit_base_patch32_clip_224") == 12);
  CHECK(heads("vit_base_patch16_plus_clip_240") == 14);
  CHECK(heads("vit_giant_patch14_clip_224") == 16);
  CHECK(heads("vit_giant_patch14_reg4_dinov2") == 24);
  CHECK(heads("vit_huge_plus_patch16_dinov3") == 20);
  CHECK(heads("vit_giantopt_patch16_siglip_256") == 16);
  CHECK(heads("vit_pe_core_small_patch16_384") == 6);
  CHECK(heads("eva02_large_patch14_clip_336") == 16);
}

TEST_CASE("SigLIP's activation depends on the size") {
  const auto activation = [](const char* name) { return std::string(read_trunk_name(name)->activation); };
  CHECK(activation("vit_large_patch16_siglip_384") == "gelu");
  CHECK(activation("vit_large_patch16_siglip_512") == "gelu_pytorch_tanh");
  CHECK(activation("vit_so400m_patch14_siglip_378") == "gelu");
  CHECK(activation("vit_so400m_patch16_siglip_gap_256") == "gelu_pytorch_tanh");
  CHECK(activation("vit_base_patch16_clip_quickgelu_224") == "quick_gelu");
}

TEST_CASE("architectures that are built otherwise are not known") {
  for (const auto* name :
       {"vit_giant_patch14_reg1_tipsv2", "vit_giant_patch16_radio_v3", "vit_base_patch16_gap_224",
        "vit_so150m_patch16_reg4_map_256", "eva02_enormous_patch14_clip_224", "vit_base_patch16_xp_224",
        "vit_pe_lang_large_patch14_448", "deit_small_patch16_224", "vit_base_r50_s16_224"}) {
    INFO(name);
    CHECK_FALSE(read_trunk_name(name));
  }
}
