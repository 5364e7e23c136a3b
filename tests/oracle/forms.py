"""Networks in the forms of timm and open_clip: makes checkpoints with random weights, and loads them in timm and open_clip.

A small network keeps the name of a large architecture; "oracle.json" in its folder has the arguments that made it small.
"""
import json
import pathlib
import shutil

import open_clip
import timm
import torch
from make_checkpoints import spread
from safetensors.torch import load_file, save_file

TIMM_FILE, OPEN_CLIP_FILE = "model.safetensors", "open_clip_model.safetensors"


def build_timm(architecture, arguments, side, pool):
    pooled = {} if pool is None else {"global_pool": pool}
    return timm.create_model(architecture, img_size=side, **{"num_classes": 0, **arguments}, **pooled).eval()


def build_open_clip(config, small):
    """Builds the network of "model_cfg"; `small` are arguments for a trunk of timm."""
    create = timm.create_model
    open_clip.timm_model.timm.create_model = lambda architecture, **arguments: create(architecture, **arguments, **small)
    try:
        kind = open_clip.model.CustomTextCLIP if config.get("custom_text") else open_clip.model.CLIP
        arguments = {key: value for key, value in config.items() if key != "custom_text"}
        return kind(**json.loads(json.dumps(arguments))).eval()
    finally:
        open_clip.timm_model.timm.create_model = create


def write(folder, network, file, prefix, texts):
    """Writes the weights with `prefix` before their names, and the texts {file name: object}."""
    shutil.rmtree(folder, ignore_errors=True)
    pathlib.Path(folder).mkdir(parents=True)
    tensors = {prefix + name: tensor.contiguous().clone() for name, tensor in network.state_dict().items()}
    save_file(tensors, pathlib.Path(folder) / file, {"format": "pt"})
    for name, text in texts.items():
        (pathlib.Path(folder) / name).write_text(json.dumps(text, indent=2))


@torch.no_grad()
def make_timm(folder, architecture, arguments, side, pool, prefix="", oracle=True):
    torch.manual_seed(3)
    network = build_timm(architecture, arguments, side, pool)
    spread(network)
    config = {"architecture": architecture, "num_classes": arguments.get("num_classes", 0), "num_features": network.num_features,
              **({} if pool is None else {"global_pool": pool}),
              "model_args": {"img_size": side, **{key: arguments[key] for key in ("num_heads",) if key in arguments}},
              "pretrained_cfg": {"input_size": [3, side, side], "crop_pct": 0.9, "crop_mode": "center", "interpolation": "bicubic",
                                 "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}}
    how = {"oracle.json": {"timm": [architecture, arguments, side, pool], "prefix": prefix}} if oracle else {}
    write(folder, network, TIMM_FILE, prefix, {"config.json": config, **how})
    if arguments.get("num_classes"):
        network.reset_classifier(0)
    return network


@torch.no_grad()
def make_open_clip(folder, config, small, preprocess, prefix="", oracle=True):
    torch.manual_seed(3)
    network = build_open_clip(config, small)
    spread(network)
    how = {"oracle.json": {"open_clip": [config, small], "prefix": prefix}} if oracle else {}
    write(folder, network, OPEN_CLIP_FILE, prefix,
          {"open_clip_config.json": {"model_cfg": config, "preprocess_cfg": preprocess}, **how})
    return network


def load(folder):
    """Loads a checkpoint that make_timm() or make_open_clip() wrote."""
    folder = pathlib.Path(folder)
    how = json.loads((folder / "oracle.json").read_text())
    file, network = ((TIMM_FILE, build_timm(*how["timm"])) if "timm" in how
                     else (OPEN_CLIP_FILE, build_open_clip(*how["open_clip"])))
    network.load_state_dict({name.removeprefix(how["prefix"]): tensor for name, tensor in load_file(folder / file).items()})
    if "timm" in how:
        network.reset_classifier(0)
    return network.eval()



SMALL = {"patch_size": 4, "embed_dim": 24, "depth": 2}
ONE = {**SMALL, "depth": 1}

# name: (architecture, arguments that make it small, side, global_pool or None for the architecture's own)
TIMM = {
    "timm-vit": ("vit_tiny_patch16_224", {**SMALL, "num_classes": 5}, 18, None),
    "timm-avg": ("vit_tiny_patch16_224", SMALL, 16, "avg"),
    "timm-siglip": ("vit_base_patch16_siglip_224", SMALL, 18, None),
    "timm-siglip-tanh": ("vit_so400m_patch16_siglip_256", {**ONE, "embed_dim": 32}, 16, None),
    "timm-siglip-gap": ("vit_base_patch16_siglip_gap_224", ONE, 16, None),
    "timm-registers": ("vit_small_patch14_reg4_dinov2", SMALL, 16, None),
    "timm-swiglu": ("vit_giant_patch14_reg4_dinov2", {**ONE, "mlp_ratio": 2.0}, 16, None),
    "timm-clip": ("vit_huge_patch14_clip_quickgelu_224", {**ONE, "embed_dim": 32}, 16, None),
    "timm-dinov3": ("vit_small_patch16_dinov3_qkvb", SMALL, 20, None),
    "timm-dinov3-gated": ("vit_small_plus_patch16_dinov3", ONE, 16, "token"),
    "timm-pe": ("vit_pe_core_tiny_patch16_384", SMALL, 20, None),
    "timm-eva02": ("eva02_base_patch16_clip_224", {**ONE, "num_heads": 3}, 20, None),
    "timm-eva02-mim": ("eva02_tiny_patch14_336", {**ONE, "embed_dim": 36}, 28, None),
    "timm-eva": ("eva_giant_patch14_clip_224", {**ONE, "embed_dim": 32, "mlp_ratio": 1.7}, 16, None),
    "timm-pe-no-class": ("vit_pe_core_gigantic_patch14_448", {**ONE, "embed_dim": 64, "mlp_ratio": 0.5, "attn_pool_mlp_ratio": 0.5}, 16, None),
}
VISION = {"layers": 2, "width": 24, "head_width": 8, "patch_size": 4, "image_size": 16}
TEXT = {"context_length": 12, "vocab_size": 120, "width": 16, "heads": 4, "layers": 2}
SIGLIP_TEXT = {**TEXT, "width": 24, "no_causal_mask": True, "proj_bias": True, "pool_type": "last", "hf_tokenizer_name": "x",
               "norm_kwargs": {"eps": 1e-6}, "act_kwargs": {"approximate": "tanh"}, "tokenizer_kwargs": {"clean": "canonicalize"}}

# name: (model_cfg, arguments that make a trunk of timm small, preprocess_cfg)
OPEN_CLIP = {
    "open-clip": ({"embed_dim": 20, "vision_cfg": VISION, "text_cfg": TEXT}, {}, {}),
    "open-clip-options": (
        {"embed_dim": 20, "quick_gelu": True, "custom_text": True,
         "vision_cfg": {**VISION, "layers": 1, "mlp_ratio": 2.7, "ls_init_value": 0.1, "no_ln_pre": True, "pool_type": "avg",
                        "final_ln_after_pool": True, "norm_kwargs": {"eps": 1e-3}},
         "text_cfg": {**TEXT, "layers": 1, "ls_init_value": 0.1, "pool_type": "first", "no_causal_mask": True}},
        {}, {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear", "resize_mode": "squash", "size": 999}),
    "open-clip-siglip": (
        {"embed_dim": 24, "init_logit_bias": -10, "custom_text": True,
         "vision_cfg": {"image_size": 18, "timm_model_name": "vit_base_patch16_siglip_224", "timm_model_pretrained": False,
                        "timm_pool": "map", "timm_proj": "none"},
         "text_cfg": SIGLIP_TEXT}, {**SMALL, "img_size": 18},
        {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}),
    "open-clip-eva02": (
        {"embed_dim": 20, "custom_text": True,
         "vision_cfg": {"image_size": 16, "timm_model_name": "eva02_base_patch16_clip_224", "timm_pool": "token", "timm_proj": None,
                        "timm_model_pretrained": False},
         "text_cfg": {**TEXT, "layers": 1}}, {**ONE, "embed_dim": 48, "img_size": 16}, {}),
    "open-clip-pe": (
        {"embed_dim": 20, "vision_cfg": {"image_size": 20, "timm_model_name": "vit_pe_core_tiny_patch16_384", "timm_pool": "map",
                                         "timm_proj": None, "timm_model_pretrained": False},
         "text_cfg": TEXT}, {**SMALL, "img_size": 20},
        {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bilinear", "resize_mode": "squash"}),
}

# Where the names of tensors begin with another word.
PREFIXES = {"timm-avg": "timm_model.", "open-clip-siglip": "model."}

TIMM_FULL = {}
OPEN_CLIP_FULL = {
    "marqo-ecommerce-l": (
        {"embed_dim": 1024, "init_logit_bias": -10, "custom_text": True,
         "vision_cfg": {"image_size": 256, "timm_model_name": "vit_large_patch16_siglip_256", "timm_model_pretrained": False,
                        "timm_pool": "map", "timm_proj": "none"},
         "text_cfg": {**SIGLIP_TEXT, "context_length": 64, "vocab_size": 32000, "width": 1024, "heads": 16, "layers": 24,
                      "proj_type": "linear"}}, {},
        {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}),
}
