#!/usr/bin/env python3
"""Compares exported models with transformers, timm and open_clip: on the same pixels, on image files through matcher, and on texts.

usage: parity.py MATCHER CHECKPOINTS IMAGES [--precisions fp32 fp16 bf16 bf16/bf16 ...] [--limit N] [--some N] [--batch N]
                 [--vocabulary FILE] [--only NAME ...]

CHECKPOINTS has a folder per checkpoint, IMAGES a folder of images per product. A precision is that of the weights in the
file and, after a slash, of the run (default fp32). For each checkpoint and precision, `matcher export` makes a TorchScript
file, `matcher verify` replays its golden sample, Python opens it with torch.jit.load, and `matcher embed` embeds the images.

Prints a Markdown table with these columns: smallest cosine and largest difference on the same pixels; smallest cosine on
files, to Pillow's steps and to the reference's own processor; smallest cosine of texts (with --vocabulary, the public CLIP
vocabulary); share of images with the same nearest image, and with a nearest image of the same product; seconds of the
export. Ends with 1 if a bar is missed, for products 99.5 %.
"""
import argparse
import gzip
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
from preparing import form_of, open_image, processor_of, steps_of

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tiff")
TEXTS = ["red apple", "A photo of 2 kg Granny Smith!", "oat milk, 1 l", "", "crème fraîche", "苹果 りんご 🍎", "yoghurt " * 60]


def write_vocabulary(public, folder):
    """Writes vocab.json and merges.txt as OpenAI's simple_tokenizer.py reads the public file."""
    lines = gzip.open(public, "rt", encoding="utf-8").read().split("\n")[1:49152 - 256 - 2 + 1]
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters = [chr(byte) for byte in kept] + [chr(256 + n) for n in range(256 - len(kept))]
    tokens = letters + [letter + "</w>" for letter in letters] + ["".join(line.split()) for line in lines]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    with open(os.path.join(folder, "vocab.json"), "w") as file:
        json.dump({token: number for number, token in enumerate(tokens)}, file)
    with open(os.path.join(folder, "merges.txt"), "w") as file:
        file.write("#version: 0.2\n" + "\n".join(lines) + "\n")


def tensor_of(features):
    return features if torch.is_tensor(features) else features.pooler_output


def reference(folder):
    """Returns two functions of transformers' model in fp32: pixels to embeddings, and token ids to embeddings."""
    if form_of(folder) != "transformers":
        import forms
        model = forms.load(folder)
        return (model, None) if form_of(folder) == "timm" else (model.encode_image, model.encode_text)
    config = json.load(open(os.path.join(folder, "config.json")))
    kind = config["model_type"]
    if kind == "clip":
        model = transformers.CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
        return (lambda pixels: tensor_of(model.get_image_features(pixel_values=pixels)),
                lambda ids: tensor_of(model.get_text_features(input_ids=ids)))
    if kind == "clip_vision_model" and config["architectures"] == ["CLIPVisionModelWithProjection"]:
        model = transformers.CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()
        return lambda pixels: model(pixel_values=pixels).image_embeds, None
    if kind == "siglip":
        model = transformers.SiglipModel.from_pretrained(folder, dtype=torch.float32).eval()
        return (lambda pixels: tensor_of(model.get_image_features(pixel_values=pixels)),
                lambda ids: tensor_of(model.get_text_features(input_ids=ids)))
    model = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32).eval()
    if kind in ("siglip_vision_model", "dinov3_vit", "clip_vision_model"):
        return lambda pixels: model(pixel_values=pixels).pooler_output, None
    return lambda pixels: model(pixel_values=pixels).last_hidden_state[:, 0], None


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


def command(*arguments):
    """Runs a command; returns its seconds."""
    start = time.time()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return time.time() - start


def embed_files(options, run_in, file, rows, work):
    """Embeds the rows ("path,label,text") with matcher."""
    listing = os.path.join(work, "items.csv")
    with open(listing, "w") as out:
        out.write("path,label,text\n" + "".join(rows))
    output = os.path.join(work, "set")
    command(options.matcher, "--workdir", work, "--quiet", "embed", "--model", file, "--dataset", listing, "--output", output,
            "--batch-size", str(options.batch), "--precision", run_in)
    vectors = numpy.load(os.path.join(output, "vectors.npy"))
    if len(vectors) != len(rows):
        sys.exit(f"matcher embedded {len(vectors)} of {len(rows)} items; see {output}/failures.csv")
    return vectors


def text_cosine(options, run_in, folder, file, network, embed_ids, work):
    """Returns the smallest cosine of texts, embedded by matcher and by the network in the file."""
    tokenizer = transformers.CLIPTokenizer.from_pretrained(folder)
    ids = tokenizer(TEXTS, padding="max_length", truncation=True, max_length=77, return_tensors="pt")["input_ids"]
    with torch.no_grad():
        expected, ours = embed_ids(ids).numpy(), network.encode_text(ids).float().numpy()
    embedded = embed_files(options, run_in, file, [f',x,"{text}"\n' for text in TEXTS if text], work)
    filled = numpy.array([bool(text) for text in TEXTS])
    return min(cosines(expected, ours).min(), cosines(expected[filled], embedded).min())


def precisions(text):
    """Splits "bf16/fp32" into the precisions of the weights in the file and of the run (default fp32)."""
    weights, _, run_in = text.partition("/")
    return weights, run_in or "fp32"


class Reference:
    """The embeddings of the images by transformers, computed once for all precisions."""

    def __init__(self, options, name, images):
        self.name, self.images, self.folder = name, images, os.path.join(options.checkpoints, name)
        pixels_of, self.ids_of = reference(self.folder)
        is_clip = os.path.exists(os.path.join(self.folder, "config.json")) and "clip" in name
        if options.vocabulary is None or not is_clip:
            self.ids_of = None
        elif self.ids_of:
            write_vocabulary(options.vocabulary, self.folder)
        prepare = steps_of(self.folder)
        pixels = torch.stack([prepare(open_image(path)) for path in images])
        self.pixels = pixels[:options.some]
        self.expected = run(pixels_of, pixels, options.batch)
        processor = processor_of(self.folder)
        processed = torch.stack([processor(open_image(path)) for path in images[:options.some]])
        self.with_processor = run(pixels_of, processed, options.batch)


def compare(options, theirs, weights, run_in):
    """Returns a row of the table, and True if every bar is met."""
    with tempfile.TemporaryDirectory() as work:
        file = os.path.join(work, "parity.pt")
        seconds = command(options.matcher, "--workdir", work, "export", "parity-" + theirs.name, "--checkpoint", theirs.folder,
                          "--output", file, "--precision", weights)
        command(options.matcher, "--workdir", work, "--quiet", "verify", file)
        network = torch.jit.load(file).eval()
        ours = run(network, theirs.pixels.to(next(network.parameters()).dtype), options.batch)
        rows = [f'"{os.path.abspath(path)}",x,\n' for path in theirs.images]
        embedded = embed_files(options, run_in, file, rows, work)
        texts = text_cosine(options, run_in, theirs.folder, file, network, theirs.ids_of, work) if theirs.ids_of else None
    some = len(ours)
    products = numpy.array([os.path.dirname(path) for path in theirs.images])
    before, after = nearest(theirs.expected), nearest(embedded)
    same, same_product = (before == after).mean(), (products[before] == products[after]).mean()
    pixel_cosine, difference = cosines(theirs.expected[:some], ours).min(), numpy.abs(theirs.expected[:some] - ours).max()
    file_cosine = cosines(theirs.expected, embedded).min()
    processor_cosine = cosines(theirs.with_processor, embedded[:some]).min()
    bar_pixels = 0.999999 if weights == "fp32" else 0.9995
    bar_files = 0.9999 if weights == run_in == "fp32" else 0.9995
    good = (pixel_cosine >= bar_pixels and min(file_cosine, processor_cosine) >= bar_files and same_product >= 0.995
            and (weights != "fp32" or difference < 1e-4) and (texts is None or texts >= bar_files))
    by_words = "" if texts is None else f"{texts:.7f}"
    return (f"| {theirs.name} | {weights} / {run_in} | {embedded.shape[1]} | {pixel_cosine:.8f} | {difference:.1e} | "
            f"{file_cosine:.7f} | {processor_cosine:.7f} | {by_words} | {100 * same:.1f} % | {100 * same_product:.1f} % | {seconds:.1f} s |"
            f"{'' if good else ' MISSED'}"), good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    parser.add_argument("checkpoints")
    parser.add_argument("images")
    parser.add_argument("--precisions", nargs="*", default=["fp32"])
    parser.add_argument("--limit", type=int, default=1000000)
    parser.add_argument("--some", type=int, default=40)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--vocabulary")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    images = sorted(os.path.join(place, name) for place, _, names in os.walk(options.images) for name in names
                    if name.lower().endswith(SUFFIXES))
    images = images[::max(1, len(images) // options.limit)][:options.limit]
    print(f"{len(images)} images; on the same pixels, and with the reference's processor, the first {min(options.some, len(images))}\n")
    print("| model | weights / run | d | pixels: cosine | pixels: difference | files: cosine | processor: cosine | texts: cosine | same photo | same product | export |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|", flush=True)
    missed = 0
    for name in sorted(os.listdir(options.checkpoints)):
        if options.only and name not in options.only:
            continue
        theirs = Reference(options, name, images)
        for weights, run_in in map(precisions, options.precisions):
            row, good = compare(options, theirs, weights, run_in)
            missed += not good
            print(row, flush=True)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
