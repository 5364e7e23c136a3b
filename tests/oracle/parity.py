#!/usr/bin/env python3
"""Compares exported models with transformers: from the same pixels, and from the same image files through matcher.

usage: parity.py MATCHER CHECKPOINTS IMAGES [--precision fp32|bf16|fp16] [--limit N] [--batch N]

CHECKPOINTS holds a folder a checkpoint; IMAGES a folder of pictures. For each, `matcher export` makes a TorchScript file,
Python opens it with torch.jit.load, and `matcher embed` embeds the pictures. Prints a Markdown table: cosine (smallest)
and largest difference from the same pixels; smallest cosine from the files; equal top-1 answers among the pictures.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import torch
import transformers
from PIL import Image, ImageOps

warnings.filterwarnings("ignore")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tiff")


def reference(folder):
    """transformers' model in fp32 and a function from pixels to embeddings."""
    kind = json.load(open(os.path.join(folder, "config.json")))["model_type"]
    if kind == "clip":
        model = transformers.CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()

        def embed(pixels):
            features = model.get_image_features(pixel_values=pixels)
            return features if torch.is_tensor(features) else features.pooler_output
    elif kind == "clip_vision_model":
        model = transformers.CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()

        def embed(pixels):
            return model(pixel_values=pixels).image_embeds
    else:
        model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()

        def embed(pixels):
            return model(pixel_values=pixels).last_hidden_state[:, 0]
    return embed


def picture(path, settings):
    """The processor's steps with Pillow and numpy."""
    image = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    edge, crop = settings["size"]["shortest_edge"], settings["crop_size"]["height"]
    width, height = image.size
    short = min(width, height)
    image = image.resize((int(edge * width / short), int(edge * height / short)), Image.Resampling(settings["resample"]))
    left, top = (image.width - crop) // 2, (image.height - crop) // 2
    pixels = numpy.asarray(image.crop((left, top, left + crop, top + crop)), dtype=numpy.float32)
    pixels = pixels * numpy.float32(settings["rescale_factor"])
    pixels = (pixels - numpy.float32(settings["image_mean"])) / numpy.float32(settings["image_std"])
    return torch.from_numpy(numpy.ascontiguousarray(pixels.transpose(2, 0, 1)))


def run(function, pixels, batch):
    with torch.no_grad():
        return numpy.concatenate([function(part).float().numpy() for part in pixels.split(batch)])


def unit(vectors):
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def cosines(left, right):
    return (unit(left.astype(numpy.float64)) * unit(right.astype(numpy.float64))).sum(1)


def nearest(vectors):
    scores = unit(vectors) @ unit(vectors).T
    numpy.fill_diagonal(scores, -2)
    return scores.argmax(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    parser.add_argument("checkpoints")
    parser.add_argument("images")
    parser.add_argument("--precision", default="fp32")
    parser.add_argument("--limit", type=int, default=1000000)
    parser.add_argument("--batch", type=int, default=16)
    options = parser.parse_args()
    images = sorted(os.path.join(place, name) for place, _, names in os.walk(options.images) for name in names
                    if name.lower().endswith(SUFFIXES))
    images = images[::max(1, len(images) // options.limit)][:options.limit]
    exact = options.precision == "fp32"
    bar_pixels, bar_files = (0.999999, 0.9999) if exact else (0.9995, 0.9995)
    print("| model | d | export, s | pixels: cosine | pixels: difference | files: cosine | same top-1 | time, matcher : transformers |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    bad = 0
    for name in sorted(os.listdir(options.checkpoints)):
        folder = os.path.join(options.checkpoints, name)
        settings = json.load(open(os.path.join(folder, "preprocessor_config.json")))
        with tempfile.TemporaryDirectory() as work:
            file = os.path.join(work, "parity.pt")
            start = time.time()
            subprocess.run([options.matcher, "--workdir", work, "export", "parity-" + name, "--checkpoint", folder,
                            "--output", file, "--precision", options.precision], check=True, stdout=subprocess.DEVNULL)
            seconds = time.time() - start
            pixels = torch.stack([picture(path, settings) for path in images])
            start = time.time()
            expected = run(reference(folder), pixels, options.batch)
            theirs = time.time() - start
            ours = run(torch.jit.load(file).eval(), pixels, options.batch)
            listing = os.path.join(work, "images.csv")
            with open(listing, "w") as out:
                out.write("path,label\n" + "".join(f'"{os.path.abspath(path)}",x\n' for path in images))
            start = time.time()
            subprocess.run([options.matcher, "--workdir", work, "--quiet", "embed", "--model", file, "--dataset", listing,
                            "--output", os.path.join(work, "set"), "--batch-size", str(options.batch)], check=True,
                           stdout=subprocess.DEVNULL)
            mine = time.time() - start
            embedded = numpy.load(os.path.join(work, "set", "vectors.npy"))
        if len(embedded) != len(images):
            sys.exit(f"{name}: matcher embedded {len(embedded)} of {len(images)} pictures")
        same = (nearest(expected) == nearest(embedded)).mean()
        pixel_cosine, difference = cosines(expected, ours).min(), numpy.abs(expected - ours).max()
        file_cosine = cosines(expected, embedded).min()
        good = pixel_cosine >= bar_pixels and file_cosine >= bar_files and (not exact or difference < 1e-4) and same >= 0.995
        bad += not good
        print(f"| {name} | {expected.shape[1]} | {seconds:.1f} | {pixel_cosine:.8f} | {difference:.1e} | {file_cosine:.7f} | "
              f"{100 * same:.1f} % | {mine:.1f} : {theirs:.1f} |{'' if good else ' **below the bar**'}", flush=True)
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
