#!/usr/bin/env python3
"""Measures how well `matcher audit` finds wrong labels of the Grocery Store Dataset.

Usage: GROCERY_STORE_ROOT=... MATCHER_MODELS=... audit.py MATCHER [--models mobilenet-v2,mobilenet-v3-small] [--seeds 3]
       [--share 0.02] [--first 0.03] [--require 0.8] [--workdir DIR]

For each model and seed, the labels of --share of all photos are replaced by other labels at random. Prints the share of
these that are among the first --first of the suspects, and how many of the suggested labels are the true ones. Ends with 1
if a share is below --require. Prints SKIPPED and ends with 0 if the data is missing.
"""
import argparse, csv, json, os, pathlib, random, subprocess, sys, tempfile


def read_photos(root):
    """Photos of train.txt and test.txt: path, label, split."""
    photos = []
    for split in ("train", "test"):
        for line in (root / f"{split}.txt").read_text().splitlines():
            path, label = [field.strip() for field in line.split(",")][:2]
            photos.append([str(root / path), label, split])
    return photos


def shuffle(photos, share, seed):
    """Returns the photos with wrong labels, and the true labels of those by id."""
    draw = random.Random(seed)
    labels = sorted({label for _, label, _ in photos})
    wrong = draw.sample(range(len(photos)), round(share * len(photos)))
    changed, true = [list(photo) for photo in photos], {}
    for i in wrong:
        path, label, _ = photos[i]
        true[path] = label
        changed[i][1] = draw.choice([other for other in labels if other != label])
    return changed, true


def audit(matcher, workdir, model, photos):
    with tempfile.TemporaryDirectory() as folder:
        manifest = pathlib.Path(folder) / "shuffled.csv"
        with open(manifest, "w", newline="") as out:
            csv.writer(out).writerows([["path", "label", "split"], *photos])
        run = [matcher, "--quiet", "--workdir", workdir, "audit", "--model", model, "--dataset", manifest, "--format", "json"]
        return json.loads(subprocess.run(run, check=True, capture_output=True, text=True).stdout)


def measure(report, photos, true, first):
    """The share of wrong labels that were found, and the share of those whose true label is suggested."""
    suspects = report["suspects"][: int(first * len(photos))]
    found = [s for s in suspects if s["path"] in true]
    return len(found) / len(true), sum(s["suggested"] == true[s["path"]] for s in found) / max(1, len(found))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("--models", default="mobilenet-v2,mobilenet-v3-small")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--share", type=float, default=0.02)
    parser.add_argument("--first", type=float, default=0.03)
    parser.add_argument("--require", type=float, default=0.8)
    parser.add_argument("--workdir", default="matcher-work")
    options = parser.parse_args()
    root = pathlib.Path(os.environ.get("GROCERY_STORE_ROOT", ""))
    models = pathlib.Path(os.environ.setdefault("MATCHER_MODELS", os.environ.get("MATCHER_TEST_MODELS", "")))
    if not (root / "train.txt").is_file():
        print("SKIPPED: GROCERY_STORE_ROOT is not the folder with train.txt of the Grocery Store Dataset")
        return 0
    for model in options.models.split(","):
        if not (models / f"{model}.pt").is_file():
            print(f"SKIPPED: MATCHER_MODELS is not a folder with {model}.pt")
            return 0
    photos, worst = read_photos(root), 1.0
    print("model seed found suggested likely likely_wrong", flush=True)
    for model in options.models.split(","):
        for seed in range(1, options.seeds + 1):
            changed, true = shuffle(photos, options.share, seed)
            report = audit(options.matcher, options.workdir, model, changed)
            found, suggested = measure(report, photos, true, options.first)
            likely = [s for s in report["suspects"] if s["likely"]]
            print(model, seed, f"{found:.3f} {suggested:.3f}", len(likely), sum(s["path"] in true for s in likely), flush=True)
            worst = min(worst, found)
    return 0 if worst >= options.require else 1


if __name__ == "__main__":
    sys.exit(main())
