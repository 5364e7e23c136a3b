#!/usr/bin/env python3
"""Makes Hugging Face checkpoints with random weights: small ones of every kind, and the four named models in full size.

usage: make_checkpoints.py FOLDER [--full] [--only NAME ...]

Each is a folder with config.json, preprocessor_config.json and weights, as transformers saves them. The random weights
are larger than the initial ones of transformers, so that every part of a network changes its output.
"""
import argparse
import json
import os

import torch
import transformers

MEANS = {"dinov2": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
         "clip": ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]),
         "siglip": ([0.5] * 3, [0.5] * 3), "dinov3": ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
         "vit": ([0.5] * 3, [0.5] * 3)}
SQUASHED = {"siglip": ("SiglipImageProcessor", 3), "dinov3": ("DINOv3ViTImageProcessorFast", 2), "vit": ("ViTImageProcessor", 2)}


def processor(family, edge, crop):
    if family in SQUASHED:
        return squashed(family, crop, crop)
    mean, deviation = MEANS[family]
    return {"do_convert_rgb": True, "do_resize": True, "size": {"shortest_edge": edge}, "resample": 3,
            "do_center_crop": True, "crop_size": {"height": crop, "width": crop}, "do_rescale": True,
            "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": mean, "image_std": deviation,
            "image_processor_type": "BitImageProcessor" if family == "dinov2" else "CLIPImageProcessor"}


def squashed(family, height, width):
    """The processor of families that squash images to one size."""
    mean, deviation = MEANS[family]
    kind, resample = SQUASHED[family]
    return {"do_resize": True, "size": {"height": height, "width": width}, "resample": resample,
            "do_rescale": True, "rescale_factor": 1 / 255, "do_normalize": True, "image_mean": mean, "image_std": deviation,
            "image_processor_type": kind}


def dinov2(**config):
    return transformers.Dinov2Model(transformers.Dinov2Config(**config))


def registers(**config):
    return transformers.Dinov2WithRegistersModel(transformers.Dinov2WithRegistersConfig(**config))


def clip(vision, text, dimension, **config):
    return transformers.CLIPModel(
        transformers.CLIPConfig(vision_config=vision, text_config=text, projection_dim=dimension, **config))


def siglip(vision, text):
    return transformers.SiglipModel(transformers.SiglipConfig(vision_config=vision, text_config=text))


def siglip_vision(**config):
    return transformers.SiglipVisionModel(transformers.SiglipVisionConfig(**config))


def dinov3(**config):
    return transformers.DINOv3ViTModel(transformers.DINOv3ViTConfig(**config))


def vit(**config):
    return transformers.ViTModel(transformers.ViTConfig(**config))


def clip_tower(**config):
    """An image tower without a projection."""
    return transformers.CLIPVisionModel(transformers.CLIPVisionConfig(**config))


LATER = {"save_original_format": False}  # names of tensors as transformers 5 has them inside
SMALL = {"hidden_size": 64, "num_hidden_layers": 3, "num_attention_heads": 4}
SMALL_TEXT = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 3}

# name: (family, network, shortest edge, crop, arguments of save_pretrained)
KINDS = {
    "dinov2-tiny": ("dinov2", lambda: dinov2(**SMALL, image_size=70, patch_size=14), 80, 56, {}),
    "dinov2-tiny-same-size": ("dinov2", lambda: dinov2(**SMALL, image_size=56, patch_size=14), 64, 56, {}),
    "dinov2-tiny-up": ("dinov2", lambda: dinov2(**SMALL, image_size=28, patch_size=14), 80, 71, {}),
    "dinov2-tiny-swiglu": ("dinov2", lambda: dinov2(**SMALL, image_size=70, use_swiglu_ffn=True), 80, 56, {}),
    "dinov2-tiny-no-bias": ("dinov2", lambda: dinov2(**SMALL, image_size=70, qkv_bias=False, hidden_act="relu"), 80, 56, {}),
    "dinov2-tiny-sharded": ("dinov2", lambda: dinov2(**SMALL, image_size=70), 80, 56, {"max_shard_size": "100KB"}),
    "dinov2-tiny-fp16": ("dinov2", lambda: dinov2(**SMALL, image_size=70).half(), 80, 56, {}),
    "dinov2-tiny-bf16": ("dinov2", lambda: dinov2(**SMALL, image_size=70).bfloat16(), 80, 56, {}),
    "registers-tiny": ("dinov2", lambda: registers(**SMALL, image_size=70, patch_size=14), 80, 42, {}),
    "registers-tiny-swiglu": (
        "dinov2", lambda: registers(**SMALL, image_size=42, patch_size=14, use_swiglu_ffn=True, num_register_tokens=2),
        80, 70, {}),
    "clip-tiny": ("clip", lambda: clip({**SMALL, "intermediate_size": 128, "image_size": 64, "patch_size": 16},
                                       SMALL_TEXT, 40), 64, 64, {}),
    "clip-tiny-gelu": ("clip", lambda: clip(
        {**SMALL, "intermediate_size": 128, "image_size": 60, "patch_size": 14, "hidden_act": "gelu"},
        {**SMALL_TEXT, "hidden_act": "gelu"}, 40), 60, 60, {}),
    "clip-tiny-old-end": ("clip", lambda: clip({**SMALL, "intermediate_size": 128, "image_size": 64, "patch_size": 32},
                                               {**SMALL_TEXT, "eos_token_id": 2}, 24), 64, 64, {}),
    "dinov2-tiny-later": ("dinov2", lambda: dinov2(**SMALL, image_size=70), 80, 56, LATER),
    "dinov2-tiny-swiglu-later": ("dinov2", lambda: dinov2(**SMALL, image_size=70, use_swiglu_ffn=True), 80, 56, LATER),
    "clip-tiny-tower": ("clip", lambda: clip_tower(**SMALL, intermediate_size=100, image_size=50, patch_size=9), 50, 50, {}),
    "vit-tiny": ("vit", lambda: vit(**SMALL, intermediate_size=100, image_size=50, patch_size=9), 50, 50, {}),
    "vit-tiny-later": ("vit", lambda: vit(**SMALL, intermediate_size=100, image_size=48, qkv_bias=False), 48, 48, LATER),
    "siglip-tiny": ("siglip", lambda: siglip({**SMALL, "intermediate_size": 128, "image_size": 62, "patch_size": 14},
                                             {**SMALL_TEXT, "projection_size": 64, "vocab_size": 600}), 62, 62, {}),
    "siglip-tiny-vision": ("siglip", lambda: siglip_vision(**SMALL, intermediate_size=128, image_size=64, patch_size=16), 64, 64, {}),
    "dinov3-tiny": ("dinov3", lambda: dinov3(**SMALL, intermediate_size=128, patch_size=16, num_register_tokens=4), 72, 72, {}),
    "dinov3-tiny-gated": ("dinov3", lambda: dinov3(**SMALL, intermediate_size=96, patch_size=14, use_gated_mlp=True, hidden_act="silu",
                                                   query_bias=False, value_bias=False), 70, 70, {}),
}
FULL = {
    "dinov2-base": ("dinov2", lambda: dinov2(image_size=518), 256, 224, {}),
    "dinov2-large": ("dinov2", lambda: dinov2(
        hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, image_size=518), 256, 224, {}),
    "clip-vit-b-32": ("clip", lambda: clip({}, {}, 512), 224, 224, {}),
    "clip-vit-l-14": ("clip", lambda: clip(
        {"hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 24, "num_attention_heads": 16,
         "patch_size": 14},
        {"hidden_size": 768, "intermediate_size": 3072, "num_attention_heads": 12}, 768), 224, 224, {}),
    "siglip2-base-224": ("siglip", lambda: siglip({}, {"vocab_size": 256000}), 224, 224, {}),
    "siglip-so400m-384": ("siglip", lambda: siglip(
        {"hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27, "num_attention_heads": 16, "image_size": 384,
         "patch_size": 14},
        {"hidden_size": 1152, "intermediate_size": 4304, "num_hidden_layers": 27, "num_attention_heads": 16}), 384, 384, {}),
    "dinov3-vitb16": ("dinov3", lambda: dinov3(hidden_size=768, intermediate_size=3072, num_attention_heads=12,
                                               num_register_tokens=4), 224, 224, {}),
    "dinov3-vitl16": ("dinov3", lambda: dinov3(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24,
                                               num_attention_heads=16, num_register_tokens=4), 224, 224, {}),
}


def spread(network):
    """Sets random norms, scales and biases, and weights of attention that are large enough to matter."""
    generator = torch.Generator().manual_seed(7)
    for name, tensor in network.named_parameters():
        if tensor.dim() < 2 or any(
                part in name for part in ("token", "position", "class_embedding", "probe")):
            around = 1.0 if ("norm" in name or "lambda" in name) and "bias" not in name else 0.0
            width = 0.5 if around == 0 and tensor.dim() != 1 else 0.2
        else:
            around, width = 0.0, 1.5 / tensor[0].numel() ** 0.5
        tensor.data = (around + width * torch.randn(tensor.shape, generator=generator)).to(tensor.dtype)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    for name, (family, network, edge, crop, how) in (FULL if options.full else KINDS).items():
        if options.only and name not in options.only:
            continue
        folder = os.path.join(options.folder, name)
        torch.manual_seed(3)
        made = network().eval()
        spread(made)
        made.save_pretrained(folder, **how)
        with open(os.path.join(folder, "preprocessor_config.json"), "w") as file:
            json.dump(processor(family, edge, crop), file)
        print(name, sum(p.numel() for p in made.parameters()), flush=True)
    make_forms(options)


def make_forms(options):
    """Makes those of timm and open_clip, if both are installed."""
    try:
        import forms
    except ImportError as error:
        return print(f"no checkpoints of timm and open_clip: {error}")
    for kinds, make in ((forms.TIMM_FULL if options.full else forms.TIMM, forms.make_timm),
                        (forms.OPEN_CLIP_FULL if options.full else forms.OPEN_CLIP, forms.make_open_clip)):
        for name, recipe in kinds.items():
            if not options.only or name in options.only:
                make(os.path.join(options.folder, name), *recipe, forms.PREFIXES.get(name, ""))
                print(name, flush=True)


if __name__ == "__main__":
    main()
