#!/usr/bin/env python3
"""Measures how fast large catalogues are read, and the memory that it takes.

usage: catalogue.py MATCHER FOLDER [--rows N] [--files N]

FOLDER is made and kept: a second run measures a warm disk. `eval` reads the catalogue and then ends, because it has no
queries; the time and the memory are those of the whole process. `find` lists the same folder for comparison.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import time


def write_csv(path, rows):
    with open(path, "w") as file:
        file.write("path,label,category\n")
        for i in range(rows):
            file.write(f"photos/{i % 1000:03}/{i:07}.jpg,product-{i % 50000},group-{i % 100}\n")


def make_files(folder, count, per_folder=1000):
    for first in range(0, count, per_folder):
        place = folder / f"product-{first // per_folder:05}"
        place.mkdir(parents=True)
        for i in range(first, min(first + per_folder, count)):
            os.close(os.open(place / f"{i}.jpg", os.O_CREAT | os.O_WRONLY))


def measure(command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    message = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 2**20, message


def report(name, matcher, dataset, work):
    for _ in range(2):
        seconds, memory, message = measure([matcher, "--workdir", str(work), "eval", "--model", "colour-layout",
                                            "--dataset", str(dataset)])
        assert "has no queries" in message, message
        print(f"{name}: {seconds:.2f} s, {memory:.2f} GiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--files", type=int, default=1_000_000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    table, files = options.folder / "items.csv", options.folder / "files"
    if not table.exists():
        write_csv(table, options.rows)
    report(f"CSV of {options.rows:,} rows", options.matcher, table, options.folder / "w")
    if options.files == 0:
        return
    if not files.exists():
        make_files(files, options.files)
    seconds, _, _ = measure(["find", str(files), "-type", "f", "-name", "*.jpg"])
    print(f"find over {options.files:,} files: {seconds:.2f} s")
    report(f"folder of {options.files:,} files", options.matcher, files, options.folder / "w")


if __name__ == "__main__":
    main()
