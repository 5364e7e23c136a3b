#!/usr/bin/env python3
"""Measures how fast vectors get into a real Chroma, by matcher index --to and by Chroma's own Python client.

usage: chroma_push.py MATCHER [--count 200000] [--dimension 768] [--rounds 1] [--batch 5461]

Needs chromadb and numpy, and `chroma` beside the Python that runs this. Each push goes to a new server with an empty
folder. Both create the collection with the same HNSW parameters and send the same ids, vectors and metadata. The client
sends one batch after the other, in the largest size that the server accepts, as its documentation shows.
"""
import argparse
import csv
import hashlib
import json
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import chromadb
import numpy

FIELDS = ["id", "path", "label", "role", "split", "view", "category", "text", "content_hash"]


def items(count):
    for i in range(count):
        label = f"p{i // 4:06d}"
        yield {"id": f"gallery/{label}/{i % 4}.jpg", "path": f"/data/gallery/{label}/{i % 4}.jpg", "label": label, "role": "gallery",
               "content_hash": hashlib.md5(str(i).encode()).hexdigest()}


def write_set(folder, count, dimension):
    """Writes an embedding set of unit vectors around 1000 centres."""
    random = numpy.random.default_rng(1)
    centres = random.standard_normal((1000, dimension), dtype=numpy.float32)
    vectors = centres[random.integers(0, 1000, count)] + random.standard_normal((count, dimension), dtype=numpy.float32) / 2
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    folder.mkdir()
    numpy.save(folder / "vectors.npy", vectors)
    with open(folder / "items.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(items(count))
    (folder / "failures.csv").write_text("id,path,role,reason\n")
    model = {"name": "made-up", "fingerprint": "0" * 32, "dimension": dimension, "size_bytes": 0, "precision": "fp32", "device": "cpu",
             "libtorch": ""}
    data = {"name": "made-up", "split": "gallery", "protocol": "", "source_fingerprint": "", "fingerprint": ""}
    (folder / "manifest.json").write_text(json.dumps(
        {"schema": "matcher.embeddings/1", "version": "0", "model": model, "dataset": data, "count": count, "failures": 0,
         "options": {"batch_size": 1}, "speed": {"images_per_second": 1.0}}))
    return vectors


class Server:
    def __init__(self, folder):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        program = pathlib.Path(sys.executable).parent / "chroma"
        self.process = subprocess.Popen([program, "run", "--host", "127.0.0.1", "--port", str(self.port), "--path", folder],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                self.client = chromadb.HttpClient(host="127.0.0.1", port=self.port)
                return
            except ValueError:
                time.sleep(0.1)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def push_with_client(server, vectors, batch):
    rows = list(items(len(vectors)))
    ids = [row["id"] for row in rows]
    metadatas = [{k: v for k, v in row.items() if k != "id"} for row in rows]
    collection = server.client.create_collection(
        "products", embedding_function=None,
        configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}})
    start, processor = time.monotonic(), time.process_time()
    for i in range(0, len(ids), batch):
        collection.upsert(ids=ids[i:i + batch], embeddings=vectors[i:i + batch], metadatas=metadatas[i:i + batch])
    seconds, processor = time.monotonic() - start, time.process_time() - processor
    assert collection.count() == len(ids)
    return seconds, processor


def push_with_matcher(matcher, server, folder):
    start, processor = time.monotonic(), processor_time()
    done = subprocess.run([matcher, "index", "--embeddings", folder, "--to", f"chroma://127.0.0.1:{server.port}/products"],
                          capture_output=True, text=True)
    whole, processor = time.monotonic() - start, processor_time() - processor
    if done.returncode not in (0, 6):
        sys.exit(done.stderr)
    sending = re.search(r"sent in ([\d.]+) s", done.stdout)
    print(done.stdout.strip())
    return float(sending[1]), whole, processor


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    for name, default in (("count", 200000), ("dimension", 768), ("rounds", 1), ("batch", 5461)):
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    root = pathlib.Path(tempfile.mkdtemp(prefix="chroma-push-"))
    vectors = write_set(root / "set", options.count, options.dimension)
    for i in range(options.rounds):
        for who in ("client", "matcher"):
            server = Server(root / f"{who}{i}")
            if who == "client":
                seconds, processor = push_with_client(server, vectors, options.batch)
                print(f"client: {options.count} in {seconds:.1f} s, {options.count / seconds:.0f} vectors/s; {processor:.1f} s of "
                      "its own processor time", flush=True)
            else:
                seconds, whole, processor = push_with_matcher(options.matcher, server, root / "set")
                print(f"matcher: {options.count} in {seconds:.1f} s, {options.count / seconds:.0f} vectors/s; {whole:.1f} s with "
                      f"reading, proof and going live, {processor:.1f} s of its own processor time", flush=True)
            server.stop()
            shutil.rmtree(root / f"{who}{i}")
    shutil.rmtree(root)


main()
