#!/usr/bin/env python3
"""Measures how fast vectors get into a real vector database, by matcher index --to and by the database's own Python client.

usage: database_push.py MATCHER --server chroma|milvus|milvus-server [--count 200000] [--dimension 768] [--rounds 1] [--batch N]

Needs numpy and chromadb, or pymilvus with milvus-lite or milvus, beside the Python that runs this. Each push goes to a new
server with an empty folder. Both create the collection with the same index and send the same ids, vectors and fields. The
client sends one batch after the other, as its documentation shows, and for Milvus flushes at the end, as matcher does.
"""
import argparse
import csv
import hashlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

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


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Chroma:
    scheme, batch = "chroma", 5461

    def __init__(self, folder):
        import chromadb
        self.port = free_port()
        self.process = subprocess.Popen([program("chroma"), "run", "--host", "127.0.0.1", "--port", str(self.port), "--path", folder],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.client = wait_for(lambda: chromadb.HttpClient(host="127.0.0.1", port=self.port))

    def push(self, vectors, rows, batch):
        ids = [row["id"] for row in rows]
        metadatas = [{k: v for k, v in row.items() if k != "id"} for row in rows]
        collection = self.client.create_collection(
            "products", embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}})
        start, processor = time.monotonic(), time.process_time()
        for i in range(0, len(ids), batch):
            collection.upsert(ids=ids[i:i + batch], embeddings=vectors[i:i + batch], metadatas=metadatas[i:i + batch])
        times = time.monotonic() - start, time.process_time() - processor
        assert collection.count() == len(ids)
        return times


class Milvus:
    scheme, batch = "milvus", 2000  # 6 MiB of vectors of 768 dimensions

    def __init__(self, folder):
        from pymilvus import MilvusClient
        self.port = free_port()
        self.process = subprocess.Popen(self.command(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.client = wait_for(lambda: MilvusClient(f"http://127.0.0.1:{self.port}", timeout=5))
        wait_for(lambda: self.client.list_collections() is not None)

    def command(self, folder):
        return [program("milvus-lite"), "server", "--data-dir", folder, "--host", "127.0.0.1", "--port", str(self.port)]

    def push(self, vectors, rows, batch):
        from pymilvus import DataType, MilvusClient
        schema = MilvusClient.create_schema(enable_dynamic_field=True)
        schema.add_field("id", DataType.VARCHAR, is_primary=True, max_length=1024)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=vectors.shape[1])
        names = ["label", "path", "role", "split", "view", "category", "text", "content_hash", "vector_hash"]
        for name in names:
            schema.add_field(name, DataType.VARCHAR, max_length=65535)
        self.client.create_collection("products", schema=schema, consistency_level="Strong")
        index = self.client.prepare_index_params()
        index.add_index("vector", index_type="HNSW", metric_type="COSINE", params={"M": 16, "efConstruction": 200})
        self.client.create_index("products", index)
        self.client.load_collection("products")
        start, processor = time.monotonic(), time.process_time()
        for i in range(0, len(rows), batch):
            self.client.upsert("products", [{"id": row["id"], "vector": vector, **{name: row.get(name, "") for name in names}}
                                            for row, vector in zip(rows[i:i + batch], vectors[i:i + batch])])
        self.client.flush("products")
        times = time.monotonic() - start, time.process_time() - processor
        assert self.client.query("products", output_fields=["count(*)"])[0]["count(*)"] == len(rows)
        return times


class MilvusServer(Milvus):
    def command(self, folder):
        return [program("milvus-server"), "--data", folder, "--proxy-port", str(self.port)]


SERVERS = {"chroma": Chroma, "milvus": Milvus, "milvus-server": MilvusServer}


def program(name):
    return str(pathlib.Path(sys.executable).parent / name)


def wait_for(connect):
    for _ in range(900):
        try:
            return connect()
        except Exception:
            time.sleep(0.1)
    sys.exit("the server does not start")


def stop(server):
    os.killpg(server.process.pid, signal.SIGTERM)
    try:
        server.process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()


def push_with_matcher(matcher, server, folder):
    """Returns seconds to send, seconds in all, processor seconds and the peak memory in MiB."""
    start, processor = time.monotonic(), processor_time()
    command = [matcher, "index", "--embeddings", folder, "--type", "hnsw", "--to", f"{server.scheme}://127.0.0.1:{server.port}/products"]
    done = subprocess.run(["/usr/bin/env", "python3", "-c", PEAK, *map(str, command)], capture_output=True, text=True)
    whole, processor = time.monotonic() - start, processor_time() - processor
    if done.returncode not in (0, 6):
        sys.exit(done.stderr)
    sending = re.search(r"sent in ([\d.]+) s", done.stdout)
    print(done.stdout.strip())
    return float(sending[1]), whole, processor, int(re.search(r"peak (\d+)", done.stderr)[1]) // 1024


PEAK = """import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)"""


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("matcher")
    parser.add_argument("--server", choices=SERVERS, required=True)
    for name, default in (("count", 200000), ("dimension", 768), ("rounds", 1), ("batch", 0)):
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    root = pathlib.Path(tempfile.mkdtemp(prefix="database-push-"))
    vectors, rows = write_set(root / "set", options.count, options.dimension), list(items(options.count))
    for i in range(options.rounds):
        for who in ("client", "matcher"):
            server = SERVERS[options.server](str(root / f"{who}{i}"))
            if who == "client":
                seconds, processor = server.push(vectors, rows, options.batch or server.batch)
                print(f"client: {options.count} in {seconds:.1f} s, {options.count / seconds:.0f} vectors/s; {processor:.1f} s of "
                      "its own processor time", flush=True)
            else:
                seconds, whole, processor, peak = push_with_matcher(options.matcher, server, root / "set")
                print(f"matcher: {options.count} in {seconds:.1f} s, {options.count / seconds:.0f} vectors/s; {whole:.1f} s with "
                      f"reading, proof and going live, {processor:.1f} s of its own processor time, {peak} MiB at most", flush=True)
            stop(server)
            shutil.rmtree(root / f"{who}{i}", ignore_errors=True)
    shutil.rmtree(root)


main()
