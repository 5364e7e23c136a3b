#!/usr/bin/env python3
"""Times `matcher embed` on photos of 12 megapixels, decoded exactly and fast, and Pillow on the same files.

usage: photos.py MATCHER [--photos FOLDER] [--model NAME] [--count N] [--repeat N] [--threads N]

Without --photos, JPEGs of 4032 x 3024 pixels are drawn: smooth shapes, edges and the noise of a sensor, at quality 90. The ways
take turns, --repeat times, and medians are compared. "decode" and "resize" are Pillow's steps on one core; with `draft` they are
what --decode fast does. Prints Markdown tables, and the processor.

Needs pillow and numpy.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy
from PIL import Image

EDGE = 256  # of the resize of most models


def draw(path, seed):
    """A photo: large shapes with soft edges, and noise that survives compression."""
    random = numpy.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 255, (24, 32, 3), dtype=numpy.uint8))
    pixels = numpy.asarray(small.resize((4032, 3024), Image.BICUBIC)).astype(numpy.float32)
    pixels += random.normal(0, 3, pixels.shape[:2])[..., None]
    Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(path, quality=90)


def photos_in(folder, count):
    paths = sorted(os.path.join(place, name) for place, _, names in os.walk(folder) for name in names
                   if name.lower().endswith((".jpg", ".jpeg")))
    return (paths * (count // len(paths) + 1))[:count]


def pillow(path, draft):
    """CPU milliseconds of decode and resize."""
    start = time.process_time()
    image = Image.open(path)
    scale = EDGE / min(image.size)
    size = tuple(int(side * scale) for side in image.size)
    if draft:
        image.draft("RGB", tuple(2 * side for side in size))
    image = image.convert("RGB")
    decoded = time.process_time()
    image.resize(size, Image.BICUBIC)
    return 1000 * (decoded - start), 1000 * (time.process_time() - decoded)


def matcher(options, listing, work, decode):
    """Seconds of the whole process and of its loop."""
    target = os.path.join(work, "set")
    subprocess.run(["rm", "-rf", target])
    start = time.perf_counter()
    subprocess.run([options.matcher, "--workdir", work, "--quiet", "embed", "--model", options.model, "--dataset", listing,
                    "--output", target, "--no-cache", "--decode", decode, "--threads", str(options.threads)],
                   check=True, stdout=subprocess.DEVNULL)
    manifest = json.load(open(os.path.join(target, "manifest.json")))
    return time.perf_counter() - start, manifest["count"] / manifest["speed"]["images_per_second"]


def processor():
    lines = open("/proc/cpuinfo").read().split("\n")
    field = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in lines if ":" in line}
    known = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in field.get("flags", "").split()]
    return f"{field.get('model name', 'unknown')}, {os.cpu_count()} cores, {' '.join(known)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("matcher")
    parser.add_argument("--photos", help="folder of JPEGs (default: drawn)")
    parser.add_argument("--model", default="gradient-layout", help="of matcher")
    parser.add_argument("--count", type=int, default=32, help="photos of each run")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="of matcher; 0: one per core")
    options = parser.parse_args()
    options.matcher = os.path.abspath(options.matcher)
    print(f"processor: {processor()}\n")
    with tempfile.TemporaryDirectory() as work:
        if not options.photos:
            options.photos = os.path.join(work, "photos")
            os.mkdir(options.photos)
            for seed in range(min(options.count, 8)):
                draw(os.path.join(options.photos, f"{seed}.jpg"), seed)
        paths = [os.path.abspath(path) for path in photos_in(options.photos, options.count)]
        listing = os.path.join(work, "photos.csv")
        with open(listing, "w") as out:
            out.write("id,path\n" + "".join(f"{i},{path}\n" for i, path in enumerate(paths)))
        size = sum(map(os.path.getsize, paths)) / len(paths)
        print(f"{len(paths)} photos, {size / 1e6:.1f} MB on average\n")
        print("| Pillow, one core | decode, ms | resize, ms |\n|---|--:|--:|")
        for draft in (False, True):
            steps = [pillow(path, draft) for path in paths[:8] for _ in range(options.repeat)]
            decode, resize = (statistics.median(step) for step in zip(*steps))
            print(f"| {'draft' if draft else 'whole'} | {decode:.1f} | {resize:.1f} |", flush=True)
        times = {"exact": [], "fast": []}
        for _ in range(options.repeat):
            for way, measured in times.items():
                measured.append(matcher(options, listing, work, way))
        median = {way: [1000 * statistics.median(values) / len(paths) for values in zip(*measured)] for way, measured in times.items()}
        print(f"\n| matcher embed --model {options.model} | ms a photo: process | loop | times as fast: loop |\n|---|--:|--:|--:|")
        for way, (process, loop) in median.items():
            print(f"| --decode {way} | {process:.1f} | {loop:.1f} | {median['exact'][1] / loop:.2f} |")


if __name__ == "__main__":
    main()
