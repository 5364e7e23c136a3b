#!/usr/bin/env python3
"""Measures time and memory of `matcher adapt` on made-up vectors, which are not images: products with photos around them.

usage: benchmarks/end_to_end/adapt.py MATCHER FOLDER [--photos 100000] [--products 10000] [--dimension 1024]

Writes an embedding set of the built-in model's form to FOLDER, learns a map from it with fixed settings, and prints the
seconds and the peak memory of the whole command. Needs numpy.
"""
import argparse
import json
import pathlib
import resource
import subprocess
import sys
import time

import numpy


def write_set(folder, manifest, photos, products, dimension):
    """An embedding set as `matcher embed` writes it, of the model and the precision of `manifest`."""
    random = numpy.random.default_rng(1)
    labels = numpy.arange(photos) % products
    centres = random.standard_normal((products, dimension), dtype=numpy.float32)
    folder.mkdir(parents=True, exist_ok=True)
    vectors = numpy.lib.format.open_memmap(folder / "vectors.npy", "w+", numpy.float32, (photos, dimension))
    for first in range(0, photos, 10000):
        part = labels[first:first + 10000]
        rows = centres[part] + 2 * random.standard_normal((len(part), dimension), dtype=numpy.float32)
        vectors[first:first + len(part)] = rows / numpy.linalg.norm(rows, axis=1, keepdims=True)
    vectors.flush()
    lines = ["id,path,label,role,split,view,category,text,content_hash"]
    lines += [f"p{i},/none/{i}.jpg,l{label},gallery,,,,,{i:032x}" for i, label in enumerate(labels)]
    (folder / "items.csv").write_text("\n".join(lines) + "\n")
    (folder / "failures.csv").write_text("id,path,role,reason\n")
    manifest |= {"count": photos, "failures": 0}
    manifest["model"]["dimension"] = dimension
    for key in ("sum", "files"):
        manifest.pop(key, None)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("folder", type=pathlib.Path)
    for name, value in (("photos", 100_000), ("products", 10_000), ("dimension", 1024)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--like", type=pathlib.Path, required=True, help="an embedding set whose model is adapted")
    arguments = parser.parse_args()
    manifest = json.loads((arguments.like / "manifest.json").read_text())
    write_set(arguments.folder / "set", manifest, arguments.photos, arguments.products, arguments.dimension)
    command = [arguments.matcher, "--workdir", str(arguments.folder / "work"), "adapt", "big", "--embeddings",
               str(arguments.folder / "set"), "--shrinkage", "1", "--dimension", "256"]
    start = time.monotonic()
    code = subprocess.run(command).returncode
    seconds = time.monotonic() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{arguments.photos} x {arguments.dimension}, {arguments.products} products: {seconds:.1f} s, {peak:.0f} MiB")
    sys.exit(code)


if __name__ == "__main__":
    main()
