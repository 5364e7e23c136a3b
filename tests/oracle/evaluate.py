#!/usr/bin/env python3
"""Evaluates a TorchScript model on the Grocery Store Dataset with Pillow, PyTorch and numpy alone, to check matcher.

usage: evaluate.py MODEL.pt DATASET_FOLDER [--imagenet] [--every N]

DATASET_FOLDER holds train.txt and test.txt. Shortest side 256 (bicubic), centre crop 224, RGB in [0, 1]; --imagenet
subtracts ImageNet's mean and divides by its deviation. --every N takes each N-th query only.
"""
import argparse
import os

import numpy
import torch
from PIL import Image


def picture(path, imagenet):
    image = Image.open(path).convert("RGB")
    short, width, height = min(image.size), *image.size
    image = image.resize((int(256 * width / short), int(256 * height / short)), Image.Resampling.BICUBIC)
    left, top = (image.width - 224) // 2, (image.height - 224) // 2
    pixels = numpy.asarray(image.crop((left, top, left + 224, top + 224)), dtype=numpy.float32) / 255
    if imagenet:
        pixels = (pixels - numpy.float32([0.485, 0.456, 0.406])) / numpy.float32([0.229, 0.224, 0.225])
    return pixels.transpose(2, 0, 1)


def embed(model, root, rows, imagenet):
    vectors = []
    for first in range(0, len(rows), 32):
        batch = numpy.stack([picture(os.path.join(root, path), imagenet) for path, _ in rows[first:first + 32]])
        with torch.no_grad():
            vectors.append(model(torch.from_numpy(batch)).numpy())
    vectors = numpy.concatenate(vectors)
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def rows_of(path):
    return [tuple(field.strip() for field in line.split(",")[:2]) for line in open(path)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("root")
    parser.add_argument("--imagenet", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    model = torch.jit.load(options.model).eval()
    gallery = rows_of(os.path.join(options.root, "train.txt"))
    queries = rows_of(os.path.join(options.root, "test.txt"))[::options.every]
    scores = embed(model, options.root, queries, options.imagenet) @ embed(model, options.root, gallery, options.imagenet).T
    order = numpy.argsort(-scores, axis=1, kind="stable")[:, :10]
    labels = numpy.array([label for _, label in gallery])
    right = labels[order] == numpy.array([label for _, label in queries])[:, None]
    for k in (1, 5, 10):
        print(f"top{k} {right[:, :k].any(axis=1).mean():.6f}")


main()
