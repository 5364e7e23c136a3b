#!/usr/bin/env python3
"""Measures how building and searching grow with the gallery: matcher and FAISS from Python (pip install faiss-cpu numpy).

Usage: search_growth.py MATCHER [--sizes 10000,100000] [--dimension 768] [--types flat,ivf-flat] [--folder DIR]

matcher_micro must be beside MATCHER. Both sides get the same vectors: unit length, one centre per 100 vectors, with noise
of half the spread of the centres, or (--random) no structure. Both use all cores, return the first 10, and visit an eighth
of the lists. All times are wall times, medians of --repeat rounds in which both sides take turns:

  build     vectors in memory to an index in memory: index::build, and train and add of FAISS
  program   `matcher index`, from an embedding set to a folder, with hashes and the measured recall; in Python: start,
            import, np.load, train, add, faiss.write_index
  batch     1,000 queries at once, in queries per second
  single    one query at a time, in milliseconds
"""
import argparse, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

import faiss
import numpy as np

SAMPLE, K = 1000, 10


def make_vectors(n, d, seed, spread):
    """Returns unit vectors [n, d] in float32, made in blocks to save memory. `spread` is that of the centres."""
    centres = np.random.default_rng(7).standard_normal((max(n // 100, 10), d), dtype=np.float32)
    random = np.random.default_rng(seed)
    out = np.empty((n, d), np.float32)
    for first in range(0, n, 50_000):
        block = out[first:first + 50_000]
        block[:] = spread * centres[random.integers(len(centres), size=len(block))]
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


# The program that a user would write in Python instead of `matcher index`.
PROGRAM = """
import sys, faiss, numpy as np
vectors = np.load(sys.argv[1])
index = faiss.index_factory(vectors.shape[1], sys.argv[2], faiss.METRIC_INNER_PRODUCT)
index.train(vectors)
index.add(vectors)
faiss.write_index(index, sys.argv[3])
"""


def seconds(action):
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def describe_machine():
    with open("/proc/cpuinfo") as file:
        info = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines() if ":" in line)
    info = {key.strip(): value.strip() for key, value in info.items()}
    wanted = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
    flags = [flag for flag in wanted if flag in info.get("flags", "").split()]
    return f"{info.get('model name', 'unknown processor')}, {os.cpu_count()} cores, {' '.join(flags) or 'none of ' + ' '.join(wanted)}"


def describe_libraries(binary):
    linked = subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
    names = [line.split("=>")[1].split()[0] for line in linked.splitlines() if "faiss" in line or "dnnl" in line]
    files = [os.path.basename(os.path.realpath(name)) for name in names]
    version = subprocess.run([binary, "--version"], capture_output=True, text=True).stdout.strip()
    return f"{version} ({', '.join(files)}); FAISS {faiss.__version__} and numpy {np.__version__} from Python"


class Matcher:
    def __init__(self, binary, work, kind, dimension):
        self.binary, self.work, self.kind = binary, work, kind
        self.environment = os.environ | {"MATCHER_GALLERY": str(work / "gallery.f32"), "MATCHER_QUERIES": str(work / "queries.f32"),
                                         "MATCHER_DIMENSION": str(dimension), "MATCHER_TYPES": kind}

    def index(self):
        shutil.rmtree(self.work / "index", ignore_errors=True)
        took, _ = seconds(lambda: subprocess.run([self.binary, "--quiet", "index", "--embeddings", self.work / "gallery", "--type", self.kind,
                                                  "--output", self.work / "index"], check=True, stdout=subprocess.DEVNULL))
        return took, json.loads((self.work / "index" / "manifest.json").read_text())

    def measure(self):
        micro = pathlib.Path(self.binary).parent / "matcher_micro"
        out = subprocess.run([micro, "--benchmark_filter=file/", "--benchmark_format=json"], check=True, capture_output=True,
                             env=self.environment).stdout
        times = {run["name"].split("/")[0] + run["name"].split("/")[2]: run["real_time"] for run in json.loads(out)["benchmarks"]}
        return times["build_from_filereal_time"] / 1e3, SAMPLE * 1e3 / times["search_file1000"], times["search_file1"]


class Python:
    def __init__(self, work, factory, vectors, queries):
        self.work, self.factory, self.vectors, self.queries = work, factory, vectors, queries

    def build(self):
        index = faiss.index_factory(self.vectors.shape[1], self.factory, faiss.METRIC_INNER_PRODUCT)
        index.train(self.vectors)
        index.add(self.vectors)
        return index

    def program(self):
        return seconds(lambda: subprocess.run([sys.executable, "-c", PROGRAM, self.work / "gallery" / "vectors.npy", self.factory,
                                               self.work / "index.faiss"], check=True))[0]

    def measure(self):
        built, index = seconds(self.build)
        if "IVF" in self.factory:
            index.nprobe = min(index.nlist, max(8, index.nlist // 8))
        index.search(self.queries, K)
        batch = statistics.median(seconds(lambda: index.search(self.queries, K))[0] for _ in range(3))
        single = statistics.median(seconds(lambda: index.search(query[None], K))[0] for query in self.queries[:200])
        return built, SAMPLE / batch, 1e3 * single


def compare(args, work, kind, vectors, queries):
    ours = Matcher(args.matcher, work, kind, args.dimension)
    manifest = ours.index()[1]
    theirs = Python(work, manifest["type"], vectors, queries)
    rounds = [(ours.index()[0], *ours.measure(), theirs.program(), *theirs.measure()) for _ in range(args.repeat)]
    program, built, batch, single, their_program, their_built, their_batch, their_single = map(statistics.median, zip(*rounds))
    print(f"| {len(vectors):,} | {manifest['type']} | {built:.2f} | {program:.2f} | {batch:,.0f} | {single:.2f} "
          f"| {manifest['quality']['recall_at_10']:.3f} | {their_built:.2f} | {their_program:.2f} | {their_batch:,.0f} | {their_single:.2f} "
          f"| {their_built / built:.2f} | {their_program / program:.2f} | {batch / their_batch:.2f} | {their_single / single:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--dimension", type=int, default=768)
    parser.add_argument("--types", default="flat,ivf-flat")
    parser.add_argument("--random", action="store_true", help="vectors without structure")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder")
    args = parser.parse_args()
    print(f"{describe_machine()}; {faiss.omp_get_max_threads()} threads")
    print(f"{describe_libraries(args.matcher)}; {args.dimension} dimensions, {'random' if args.random else 'clustered'}\n")
    print("| vectors | type | matcher: build s | program s | batch /s | single ms | recall@10 | Python: build s | program s | batch /s "
          "| single ms | times faster: build | program | batch | single |")
    print("|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for n in map(int, args.sizes.split(",")):
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            work = pathlib.Path(folder)
            spread = 0 if args.random else 1
            vectors, queries = make_vectors(n, args.dimension, 1, spread), make_vectors(SAMPLE, args.dimension, 2, spread)
            vectors.tofile(work / "gallery.f32")
            queries.tofile(work / "queries.f32")
            write_set(work / "gallery", vectors, "gallery")
            for kind in args.types.split(","):
                compare(args, work, kind, vectors, queries)


if __name__ == "__main__":
    main()
