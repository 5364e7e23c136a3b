#!/usr/bin/env python3
"""Computes the numbers of docs/commands/adapt.md with numpy alone, from embedding sets of matcher.

    matcher embed --model mobilenet-v2 --dataset grocery-store --output set
    python3 tests/oracle/adapt.py set

Several sets of the same images are joined with equal weights. Prints top-1 and mAP over the whole gallery: as it is,
centred, and mapped by lda. Then the same on products that the map never saw: of the labels as texts, in an order drawn
by numpy's default_rng(--seed), the first --seen teach.
"""
import argparse
import csv
import pathlib

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def read_sets(folders):
    parts, items = [], None
    for folder in map(pathlib.Path, folders):
        with open(folder / "items.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        assert items is None or [r["id"] for r in rows] == [r["id"] for r in items], "sets of different images"
        items = rows
        parts.append(unit(np.load(folder / "vectors.npy").astype(np.float64)))
    vectors = unit(np.hstack(parts))
    role = np.array([r["role"] for r in items])
    label = np.array([r["label"] for r in items])
    sides = [(vectors[role == side], label[role == side]) for side in ("gallery", "queries")]
    return sides[0] + sides[1]


def learn_lda(gallery, labels, shrinkage, dimension):
    """Whitening of S + shrinkage * trace(S) / d * I, then the principal directions of the whitened gallery."""
    mean = gallery.mean(axis=0)
    centred = gallery - mean
    within = centred.copy()
    for label in np.unique(labels):
        within[labels == label] -= within[labels == label].mean(axis=0)
    scatter = within.T @ within / len(gallery)
    scatter += shrinkage * np.trace(scatter) / len(scatter) * np.eye(len(scatter))
    values, directions = np.linalg.eigh(scatter)
    whitening = directions / np.sqrt(values)
    white = centred @ whitening
    values, principal = np.linalg.eigh(white.T @ white / len(white))
    matrix = whitening @ principal[:, ::-1][:, :dimension]
    return lambda x: unit((x - mean) @ matrix)


def measure(gallery, gallery_labels, queries, query_labels):
    """Top-1, and mAP over the whole gallery, of the queries that have a right answer."""
    known = np.isin(query_labels, gallery_labels)
    right = gallery_labels[np.argsort(-(queries[known] @ gallery.T), axis=1, kind="stable")] == query_labels[known, None]
    precision = np.cumsum(right, axis=1) / np.arange(1, right.shape[1] + 1)
    return right[:, 0].mean(), ((precision * right).sum(axis=1) / right.sum(axis=1)).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", help="embedding sets of gallery and queries")
    parser.add_argument("--shrinkage", type=float, default=1)
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--seen", type=int, default=40, help="labels that teach")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    gallery, labels, queries, asked = read_sets(options.sets)

    def show(name, dimension, values):
        print(f"{name:44} {dimension:5}  top-1 {values[0]:.4f}  mAP {values[1]:.4f}")

    show("as it is", gallery.shape[1], measure(gallery, labels, queries, asked))
    mean = gallery.mean(axis=0)
    show("centred", gallery.shape[1], measure(unit(gallery - mean), labels, unit(queries - mean), asked))
    apply = learn_lda(gallery, labels, options.shrinkage, options.dimension)
    show("lda", options.dimension, measure(apply(gallery), labels, apply(queries), asked))

    names = np.random.default_rng(options.seed).permutation(np.unique(labels))
    seen = np.isin(labels, names[: options.seen])
    unseen = np.isin(asked, names[options.seen :])
    sides = gallery[~seen], labels[~seen], queries[unseen], asked[unseen]
    title = f"{len(names) - options.seen} products never seen"
    show(f"{title}, as it is", gallery.shape[1], measure(*sides))
    apply = learn_lda(gallery[seen], labels[seen], options.shrinkage, options.dimension)
    show(f"{title}, lda", options.dimension, measure(apply(sides[0]), sides[1], apply(sides[2]), sides[3]))
    print("labels that taught:", *names[: options.seen])


if __name__ == "__main__":
    main()
