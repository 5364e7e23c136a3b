#!/usr/bin/env python3
"""Evaluates TorchScript models on the Grocery Store Dataset with Pillow, PyTorch and numpy alone, to check matcher.

usage: evaluate.py DATASET_FOLDER MODEL.pt[:WEIGHT[:imagenet]] ... [--catalogue] [--every N]

DATASET_FOLDER holds train.txt, test.txt and classes.csv. Shortest side 256 (bicubic), centre crop 224, RGB in [0, 1];
`imagenet` subtracts ImageNet's mean and divides by its deviation. --catalogue uses the images of classes.csv as
gallery. --every N uses only every N-th query. Reports each model alone, then all together: the sum of their cosines,
each times its weight (default 1).
"""
import argparse
import csv
import os

import numpy
import torch
from PIL import Image


def load_image(path, imagenet):
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
        batch = numpy.stack([load_image(os.path.join(root, path), imagenet) for path, _ in rows[first:first + 32]])
        with torch.no_grad():
            vectors.append(model(torch.from_numpy(batch)).numpy())
    vectors = numpy.concatenate(vectors)
    return vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)


def rows_of(path):
    return [tuple(field.strip() for field in line.split(",")[:2]) for line in open(path)]


def catalogue_of(path):
    with open(path, newline="") as file:
        return [(row["Iconic Image Path (str)"].lstrip("/"), row["Class ID (int)"]) for row in csv.DictReader(file)]


def report(name, scores, gallery, queries):
    order = numpy.argsort(-scores, axis=1, kind="stable")
    labels = numpy.array([label for _, label in gallery])
    right = labels[order] == numpy.array([label for _, label in queries])[:, None]
    print(name, *(f"top{k} {right[:, :k].any(axis=1).mean():.6f}" for k in (1, 5, 10)), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--catalogue", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    name = "classes.csv" if options.catalogue else "train.txt"
    gallery = (catalogue_of if options.catalogue else rows_of)(os.path.join(options.root, name))
    queries = rows_of(os.path.join(options.root, "test.txt"))[::options.every]
    total = 0
    for argument in options.models:
        file, weight, normalisation = (argument.split(":") + ["", ""])[:3]
        model = torch.jit.load(file).eval()
        left, right = (embed(model, options.root, rows, normalisation == "imagenet") for rows in (queries, gallery))
        report(os.path.basename(file), left @ right.T, gallery, queries)
        total = total + float(weight or 1) * (left @ right.T)
    if len(options.models) > 1:
        report(" + ".join(options.models), total, gallery, queries)


main()
