"""Prepares images as each reference does: with Pillow and numpy in the steps of the files, and with the reference's own code."""
import json
import math
import os

import numpy
import torch
from PIL import Image, ImageOps

FILTERS = {"bicubic": 3, "bilinear": 2}


def open_image(path):
    return ImageOps.exif_transpose(Image.open(path)).convert("RGB")


def half_to_even(difference):
    return int(round(difference / 2.0))


def half_down(difference):
    return difference // 2


def normalise(pixels, settings):
    pixels = (pixels - numpy.float32(settings["image_mean"])) / numpy.float32(settings["image_std"])
    return torch.from_numpy(numpy.ascontiguousarray(pixels.transpose(2, 0, 1)))


def resize_shortest(image, edge, resample):
    width, height = image.size
    short = min(width, height)
    return image.resize((int(edge * width / short), int(edge * height / short)), Image.Resampling(resample))


def crop_centre(image, height, width, half):
    left, top = half(image.width - width), half(image.height - height)
    return image.crop((left, top, left + width, top + height))


def resize_floats(image, height, width, resample):
    """Pillow's filters on floats, one channel at a time, without rounding."""
    channels = [Image.fromarray(numpy.asarray(channel, dtype=numpy.float32), "F").resize((width, height), Image.Resampling(resample))
                for channel in image.split()]
    return numpy.stack([numpy.asarray(channel) for channel in channels], axis=2)


def of_transformers(folder):
    """Returns the steps of preprocessor_config.json."""
    settings = json.load(open(os.path.join(folder, "preprocessor_config.json")))
    size, resample, scale = settings["size"], settings["resample"], numpy.float32(settings["rescale_factor"])

    def prepare(image):
        if settings["image_processor_type"].startswith("DINOv3"):
            return normalise(resize_floats(image, size["height"], size["width"], resample) * scale, settings)
        if "height" in size:
            image = image.resize((size["width"], size["height"]), Image.Resampling(resample))
        else:
            crop = settings["crop_size"]
            image = crop_centre(resize_shortest(image, size["shortest_edge"], resample), crop["height"], crop["width"], half_down)
        return normalise(numpy.asarray(image, dtype=numpy.float32) * scale, settings)
    return prepare


def of_timm(folder):
    config = json.load(open(os.path.join(folder, "config.json")))["pretrained_cfg"]
    side = config["input_size"][1]
    settings = {"image_mean": config["mean"], "image_std": config["std"]}

    def prepare(image):
        image = resize_shortest(image, math.floor(side / config["crop_pct"]), FILTERS[config["interpolation"]])
        return normalise(numpy.asarray(crop_centre(image, side, side, half_to_even), dtype=numpy.float32) / 255, settings)
    return prepare


def of_open_clip(folder):
    whole = json.load(open(os.path.join(folder, "open_clip_config.json")))
    config, side = whole["preprocess_cfg"], whole["model_cfg"]["vision_cfg"]["image_size"]
    settings = {"image_mean": config.get("mean", [0.48145466, 0.4578275, 0.40821073]),
                "image_std": config.get("std", [0.26862954, 0.26130258, 0.27577711])}
    resample = FILTERS[config.get("interpolation", "bicubic")]

    def prepare(image):
        if config.get("resize_mode", "shortest") == "squash":
            image = image.resize((side, side), Image.Resampling(resample))
        else:
            image = crop_centre(resize_shortest(image, side, resample), side, side, half_to_even)
        return normalise(numpy.asarray(image, dtype=numpy.float32) / 255, settings)
    return prepare


def form_of(folder):
    if os.path.exists(os.path.join(folder, "open_clip_config.json")):
        return "open_clip"
    return "timm" if os.path.exists(os.path.join(folder, "oracle.json")) else "transformers"


def steps_of(folder):
    """Returns a function: image -> pixels [3, height, width], in the steps that the files give."""
    return {"open_clip": of_open_clip, "timm": of_timm, "transformers": of_transformers}[form_of(folder)](folder)


def processor_of(folder):
    """Returns the same by the reference's own code."""
    form = form_of(folder)
    if form == "transformers":
        import transformers
        processor = transformers.AutoImageProcessor.from_pretrained(folder)
        return lambda image: processor([image], return_tensors="pt")["pixel_values"][0]
    if form == "timm":
        import timm
        config = json.load(open(os.path.join(folder, "config.json")))["pretrained_cfg"]
        return timm.data.create_transform(**timm.data.resolve_data_config({}, pretrained_cfg=config), is_training=False)
    from open_clip.transform import PreprocessCfg, image_transform_v2, merge_preprocess_dict
    whole = json.load(open(os.path.join(folder, "open_clip_config.json")))
    config = merge_preprocess_dict(PreprocessCfg(), whole["preprocess_cfg"])
    config["size"] = whole["model_cfg"]["vision_cfg"]["image_size"]
    return image_transform_v2(PreprocessCfg(**config), is_train=False)
