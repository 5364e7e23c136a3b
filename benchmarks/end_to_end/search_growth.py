#!/usr/bin/env python3
"""Measures how search time grows with the gallery: matcher and FAISS from Python (pip install faiss-cpu numpy), same vectors.

Usage: search_growth.py MATCHER [--sizes 1000,10000,100000,1000000] [--dimension 256] [--types flat,ivf-flat] [--folder DIR]

Vectors have unit length and are clustered: one centre per 100, with noise of half the spread of the centres. Searches return
the first 10. The figures of matcher are its own: queries per second (200 queries in one batch) from `index`, and the median
of single searches from `eval`. FAISS from Python is timed in the same way, with the same factory string and the same number
of visited lists (an eighth). Both use all cores; a single search has one query.
"""
import argparse, json, pathlib, shutil, statistics, subprocess, tempfile, time

import faiss
import numpy as np

SAMPLE, K = 200, 10


def clustered(n, d, seed):
    """Returns unit vectors [n, d] in float32, made in blocks to save memory."""
    centres = np.random.default_rng(7).standard_normal((max(n // 100, 10), d), dtype=np.float32)
    random = np.random.default_rng(seed)
    out = np.empty((n, d), np.float32)
    for first in range(0, n, 50_000):
        block = out[first:first + 50_000]
        block[:] = centres[random.integers(len(centres), size=len(block))]
        block += 0.5 * random.standard_normal(block.shape, dtype=np.float32)
        block /= np.linalg.norm(block, axis=1, keepdims=True)
    return out


def write_set(folder, vectors, role):
    """Writes an embedding set (docs/reference/formats.md)."""
    folder.mkdir(parents=True)
    n, d = vectors.shape
    header = f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({n}, {d}), }}".ljust(117) + "\n"
    with open(folder / "vectors.npy", "wb") as out:
        out.write(b"\x93NUMPY\x01\x00" + (118).to_bytes(2, "little") + header.encode())
        vectors.tofile(out)
    with open(folder / "items.csv", "w") as out:
        out.write("id,path,label,role,split,view,category,text,content_hash\n")
        out.writelines(f"{role}-{i},,{i % 100},{role},,,,,{role}{i}\n" for i in range(n))
    (folder / "failures.csv").write_text("id,path,role,reason\n")
    (folder / "manifest.json").write_text(json.dumps({
        "schema": "matcher.embeddings/1", "version": "",
        "model": {"name": "generated", "fingerprint": "0" * 32, "dimension": d, "size_bytes": 0, "precision": "fp32", "device": "cpu",
                  "libtorch": ""},
        "dataset": {"name": "generated", "split": role, "protocol": "", "source_fingerprint": "", "fingerprint": ""},
        "count": n, "failures": 0, "options": {"batch_size": 1}, "speed": {"images_per_second": 1.0}}))


def matcher(binary, work, kind):
    shutil.rmtree(work / "index", ignore_errors=True)
    start = time.perf_counter()
    subprocess.run([binary, "--quiet", "index", "--embeddings", work / "gallery", "--type", kind, "--output", work / "index"], check=True,
                   stdout=subprocess.DEVNULL)
    built = time.perf_counter() - start
    manifest = json.loads((work / "index" / "manifest.json").read_text())
    report = subprocess.run([binary, "--quiet", "--workdir", work / "work", "eval", "--embeddings", work / "queries", "--index",
                             work / "index", "--depth", "10", "--format", "json"], check=True, capture_output=True).stdout
    return (manifest["type"], built, manifest["speed"]["queries_per_second"], json.loads(report)["speed"]["search_ms_p50"],
            manifest["quality"]["recall_at_10"])


def python(kind, vectors, queries):
    index = faiss.index_factory(vectors.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    start = time.perf_counter()
    index.train(vectors)
    index.add(vectors)
    built = time.perf_counter() - start
    if "IVF" in kind:
        index.nprobe = min(index.nlist, max(8, index.nlist // 8))
    index.search(queries[:1], K)
    start = time.perf_counter()
    index.search(queries, K)
    batch = len(queries) / (time.perf_counter() - start)
    single = []
    for query in queries:
        start = time.perf_counter()
        index.search(query[None], K)
        single.append(1e3 * (time.perf_counter() - start))
    return built, batch, statistics.median(single)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    parser.add_argument("--sizes", default="1000,10000,100000,1000000")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--types", default="flat,ivf-flat")
    parser.add_argument("--folder")
    args = parser.parse_args()
    print(f"FAISS {faiss.__version__} from Python, {faiss.omp_get_max_threads()} threads, {args.dimension} dimensions")
    print("| vectors | type | matcher: built s | queries/s | single ms | recall@10 | Python: built s | queries/s | single ms |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|")
    for n in map(int, args.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            work = pathlib.Path(folder)
            vectors, queries = clustered(n, args.dimension, 1), clustered(SAMPLE, args.dimension, 2)
            write_set(work / "gallery", vectors, "gallery")
            write_set(work / "queries", queries, "queries")
            for kind in args.types.split(","):
                factory, built, batch, single, recall = matcher(args.matcher, work, kind)
                other = python(factory, vectors, queries)
                print(f"| {n:,} | {factory} | {built:.1f} | {batch:,.0f} | {single:.2f} | {recall:.3f} "
                      f"| {other[0]:.1f} | {other[1]:,.0f} | {other[2]:.2f} |", flush=True)


if __name__ == "__main__":
    main()
