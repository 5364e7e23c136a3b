#!/usr/bin/env python3
"""Measures time and memory of `matcher adapt` on imported vectors of many products.

usage: adapt.py MATCHER FOLDER --model M [--products N] [--photos N] [--vector-dimension N] [flags of adapt]

FOLDER is made and kept. Each product has its own direction, and each photo another one beside it. M is a model of the
vectors' dimension: the base of the map. Needs numpy.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import time

import numpy


def write_vectors(folder, products, photos, dimension):
    random = numpy.random.default_rng(1)
    centres = random.standard_normal((products, dimension), dtype=numpy.float32)
    noise = numpy.linspace(2, 0.2, dimension, dtype=numpy.float32)  # some directions differ more within products
    out = numpy.lib.format.open_memmap(folder / "vectors.npy", "w+", numpy.float32, (products * photos, dimension))
    with open(folder / "items.csv", "w") as items:
        items.write("id,label\n")
        for product in range(products):
            rows = centres[product] + noise * random.standard_normal((photos, dimension), dtype=numpy.float32)
            out[product * photos:(product + 1) * photos] = rows
            items.writelines(f"{product}-{photo},product-{product}\n" for photo in range(photos))
    out.flush()


def measure(command):
    start = time.monotonic()
    child = subprocess.Popen(command)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(f"{command[3]}: {time.monotonic() - start:.1f} s by the clock, {usage.ru_utime + usage.ru_stime:.1f} s of "
          f"processor time, {usage.ru_maxrss / 2**20:.2f} GiB", flush=True)
    if child.returncode != 0:
        sys.exit(child.returncode)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--model", required=True)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--photos", type=int, default=10)
    parser.add_argument("--vector-dimension", type=int, default=1024)
    options, flags = parser.parse_known_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    vectors, items, made = (options.folder / name for name in ("vectors.npy", "items.csv", "set"))
    if not vectors.exists():
        write_vectors(options.folder, options.products, options.photos, options.vector_dimension)
    program = [options.matcher, "--workdir", str(options.folder / "w")]
    if not made.exists():
        measure([*program, "import", str(vectors), "--items", str(items), "--name", "many", "--output", str(made)])
    measure([*program, "adapt", "many-mapped", "--embeddings", str(made), "--model", options.model, *flags])


if __name__ == "__main__":
    main()
