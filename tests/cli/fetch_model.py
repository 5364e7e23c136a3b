#!/usr/bin/env python3
"""Tests scripts/fetch-model with a stand-in for the model hub and tiny checkpoints of random weights.

usage: fetch_model.py MATCHER FETCH_MODEL   (77: skipped)
"""
import contextlib
import hashlib
import http.server
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest

MATCHER, FETCH = (os.path.abspath(path) for path in sys.argv[1:3])
TOKEN = "hf_stand_in_token"
PINNED_CLIP = "b33cedfd0df4e43b8238760678fcc89e1a0d38b3"


# ---- tiny checkpoints ----

def safetensors(tensors):
    """Returns a safetensors file in F32 with random weights; `tensors` is {name: (shape, spread)}."""
    numbers, header, data = random.Random(5), {}, b""
    for name, (shape, spread) in tensors.items():
        count = 1
        for side in shape:
            count *= side
        values = struct.pack(f"<{count}f", *(numbers.uniform(-spread, spread) for _ in range(count)))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(values)]}
        data += values
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def layer(prefix, names, width, hidden):
    norm1, query, key, value, output, norm2 = names
    tensors = {f"{prefix}{n}.{part}": ([width], 1.0) for n in (norm1, norm2) for part in ("weight", "bias")}
    shapes = {query: (width, width), key: (width, width), value: (width, width), output: (width, width),
              "mlp.fc1": (hidden, width), "mlp.fc2": (width, hidden)}
    for name, (out, into) in shapes.items():
        tensors[f"{prefix}{name}.weight"] = ([out, into], 0.3)
        tensors[f"{prefix}{name}.bias"] = ([out], 0.1)
    return tensors


def norm(name, width):
    return {f"{name}.weight": ([width], 1.0), f"{name}.bias": ([width], 0.5)}


def dinov2_tensors(width=64, layers=3):
    tensors = {"embeddings.cls_token": ([1, 1, width], 1.0), "embeddings.mask_token": ([1, width], 1.0),
               "embeddings.position_embeddings": ([1, 17, width], 1.0),
               "embeddings.patch_embeddings.projection.weight": ([width, 3, 14, 14], 0.1),
               "embeddings.patch_embeddings.projection.bias": ([width], 0.1), **norm("layernorm", width)}
    names = ("norm1", "attention.attention.query", "attention.attention.key", "attention.attention.value",
             "attention.output.dense", "norm2")
    for i in range(layers):
        prefix = f"encoder.layer.{i}."
        tensors |= layer(prefix, names, width, 4 * width)
        tensors |= {f"{prefix}layer_scale{k}.lambda1": ([width], 1.0) for k in (1, 2)}
    return tensors


def clip_tensors(width=16, dimension=512):
    names = ("layer_norm1", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "layer_norm2")
    return {"vision_model.embeddings.class_embedding": ([width], 1.0),
            "vision_model.embeddings.patch_embedding.weight": ([width, 3, 32, 32], 0.1),
            "vision_model.embeddings.position_embedding.weight": ([50, width], 1.0),
            "visual_projection.weight": ([dimension, width], 0.3),
            **norm("vision_model.pre_layrnorm", width), **norm("vision_model.post_layernorm", width),
            **layer("vision_model.encoder.layers.0.", names, width, 2 * width)}


def processor(edge, crop, mean, deviation):
    return json.dumps({"do_resize": True, "size": {"shortest_edge": edge}, "resample": 3, "do_center_crop": True,
                       "crop_size": {"height": crop, "width": crop}, "do_rescale": True,
                       "rescale_factor": 0.00392156862745098, "do_normalize": True, "image_mean": mean,
                       "image_std": deviation}).encode()


DINOV2 = {
    "config.json": json.dumps({"model_type": "dinov2", "hidden_size": 64, "num_hidden_layers": 3,
                               "num_attention_heads": 4, "image_size": 56, "patch_size": 14}).encode(),
    "preprocessor_config.json": processor(64, 56, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    "model.safetensors": safetensors(dinov2_tensors()),
}
CLIP = {
    "config.json": json.dumps({"model_type": "clip_vision_model", "hidden_size": 16, "intermediate_size": 32,
                               "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 224, "patch_size": 32,
                               "projection_dim": 512}).encode(),
    "preprocessor_config.json": processor(224, 224, [0.48145466, 0.4578275, 0.40821073],
                                          [0.26862954, 0.26130258, 0.27577711]),
    "model.safetensors": safetensors(clip_tensors()),
    "vocab.json": b'{"a": 0}',
    "merges.txt": b"#version: 0.2\na b\n",
}


def sharded(files):
    tensors = dinov2_tensors()
    names = sorted(tensors)
    shards = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    index = {"weight_map": {name: shard for shard, members in shards.items() for name in members}}
    rest = {name: text for name, text in files.items() if name != "model.safetensors"}
    return {**rest, "model.safetensors.index.json": json.dumps(index).encode(),
            **{shard: safetensors({name: tensors[name] for name in members}) for shard, members in shards.items()}}


# ---- the stand-in ----

class Hub:
    """Repositories by revision, and the faults to simulate."""

    def __init__(self):
        self.files = {}       # (repo, commit) -> {name: bytes}
        self.revisions = {}   # (repo, revision) -> commit
        self.sent = {}        # file name -> number of content bytes sent
        self.ranges = []      # (file name, first byte) of requests that continue a download
        self.asked = []       # paths requested from the hub
        self.storage_tokens = []  # Authorization headers that the storage received
        self.private = set()
        self.cut_after = None     # bytes after which the connection is cut, once
        self.always_cut = False
        self.damage = None        # the file with one wrong byte
        self.slow = None          # the file that is sent slowly
        self.move_main_to = None  # (repo, commit): moves "main" to the commit after the next answer
        self.token_seen = None    # a command line that shows the token
        self.servers = []

    def put(self, repo, files, commit="1" * 40, revision="main"):
        self.files[repo, commit] = files
        self.revisions[repo, revision] = self.revisions[repo, commit] = commit

    def start(self):
        for host in ("127.0.0.1", "127.0.0.2"):  # two hosts, like the hub and its storage
            server = http.server.ThreadingHTTPServer((host, 0), type("Bound", (Handler,), {"hub": self}))
            server.daemon_threads = True
            server.handle_error = lambda *_: None  # tests stop clients during a download
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            self.servers.append(server)
        self.endpoint, self.storage = (f"http://{s.server_address[0]}:{s.server_address[1]}" for s in self.servers)

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()


def command_line_with(text):
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().decode(errors="replace")
            if text in line:
                return line
    return None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.hub.token_seen = self.hub.token_seen or command_line_with(TOKEN)
        if self.path.startswith("/storage/"):
            self.hub.storage_tokens.append(self.headers.get("Authorization"))
            _, _, owner, repo, commit, name = self.path.split("/")
            return self.content(name, self.hub.files[f"{owner}/{repo}", commit][name], {})
        if self.path.startswith("/api/resolve-cache/models/"):
            owner, repo, commit, name = self.path.split("/")[4:]
            text = self.hub.files[f"{owner}/{repo}", commit][name]
            git = hashlib.sha1(b"blob %d\0" % len(text) + text).hexdigest()
            return self.content(name, text, {"ETag": f'W/"{git}"', "X-Repo-Commit": commit})
        return self.resolve()

    def resolve(self):
        self.hub.asked.append(self.path)
        owner, repo, _, revision, name = self.path[1:].split("/")
        repo, revision = f"{owner}/{repo}", revision.replace("%2F", "/")
        if repo in self.hub.private and self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.refuse(401, "RepoNotFound")
        if not any(known == repo for known, _ in self.hub.revisions):
            return self.refuse(404, "RepoNotFound")
        commit = self.hub.revisions.get((repo, revision))
        if commit is None:
            return self.refuse(404, "RevisionNotFound")
        text = self.hub.files[repo, commit].get(name)
        if text is None:
            return self.refuse(404, "EntryNotFound")
        if self.hub.move_main_to:
            moved, self.hub.move_main_to = self.hub.move_main_to, None
            self.hub.revisions[moved[0], "main"] = moved[1]
        if name.endswith(".safetensors"):
            return self.reply(302, b"Found", {
                "Location": f"{self.hub.storage}/storage/{repo}/{commit}/{name}", "X-Repo-Commit": commit,
                "X-Linked-Size": str(len(text)), "X-Linked-Etag": f'"{hashlib.sha256(text).hexdigest()}"',
                "ETag": '"of the redirect"'})
        return self.reply(307, b"Moved", {"Location": f"/api/resolve-cache/models/{repo}/{commit}/{name}",
                                          "X-Repo-Commit": commit})

    def refuse(self, status, code):
        self.reply(status, b"refused", {"X-Error-Code": code})

    def reply(self, status, text, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(text)

    def content(self, name, text, headers):
        if name == self.hub.damage:
            text = text[:-1] + bytes([text[-1] ^ 1])
        first, wanted = 0, self.headers.get("Range")
        if wanted:
            first = int(wanted.removeprefix("bytes=").split("-")[0])
            self.hub.ranges.append((name, first))
            headers = {**headers, "Content-Range": f"bytes {first}-{len(text) - 1}/{len(text)}"}
        self.send_response(206 if wanted else 200)
        for key, value in {**headers, "Content-Length": str(len(text) - first)}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "GET":
            self.send_body(name, text[first:])

    def send_body(self, name, text):
        cut = self.hub.cut_after if name.endswith(".safetensors") else None
        if cut is not None and not self.hub.always_cut:
            self.hub.cut_after = None
        whole = text if cut is None else text[:cut]
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(whole), 16384):
                piece = whole[start:start + 16384]
                self.wfile.write(piece)
                self.hub.sent[name] = self.hub.sent.get(name, 0) + len(piece)
                if name == self.hub.slow:
                    time.sleep(0.1)
            self.wfile.flush()
        if cut is not None:
            self.close_connection = True


FAKE_CLIENT = """#!/bin/sh
# download REPO FILE --revision COMMIT --local-dir DIR
echo "$@" >>"$HOME/client.log"
mkdir -p "$7" && exec curl -sfL -o "$7/$3" "$HF_ENDPOINT/$2/resolve/$5/$3"
"""


# ---- the tests ----

class FetchModel(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="matcher-fetch-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.hub = Hub()
        self.hub.put("tiny/shelf", DINOV2)
        self.hub.start()
        self.addCleanup(self.hub.stop)
        clients = [d for d in os.environ["PATH"].split(":")
                   if not any(os.path.exists(f"{d}/{name}") for name in ("hf", "huggingface-cli"))]
        self.environment = {"PATH": ":".join(clients), "HOME": str(self.folder), "HF_ENDPOINT": self.hub.endpoint,
                            "MATCHER": MATCHER, "no_proxy": "127.0.0.1,127.0.0.2", "LC_ALL": "C.UTF-8"}
        self.environment |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}

    def fetch(self, *arguments, code=0, **environment):
        done = subprocess.run([FETCH, *arguments], cwd=self.folder, env=self.environment | environment,
                              capture_output=True, text=True, timeout=240)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def checkpoint(self, name="shelf"):
        return self.folder / ".cache/matcher/checkpoints" / name

    def assert_whole(self, files, name="shelf"):
        for file, text in files.items():
            self.assertEqual((self.checkpoint(name) / file).read_bytes(), text, file)
        self.assertEqual(list(self.checkpoint(name).glob("*.part")), [])

    def test_a_known_name_ends_with_a_verified_model_that_matcher_lists_as_ready(self):
        self.hub.put("openai/clip-vit-base-patch32", CLIP, PINNED_CLIP, revision=PINNED_CLIP)
        done = self.fetch("clip-vit-b-32", "--precision", "bf16")
        self.assert_whole(CLIP, "clip-vit-b-32")
        self.assertIn("the same", done.stdout)
        self.assertTrue(done.stderr.endswith("fetch-model: ready: matcher eval --model clip-vit-b-32 --dataset DATASET\n"))
        listed = subprocess.run([MATCHER, "models", "--format", "json"], cwd=self.folder, env=self.environment,
                                capture_output=True, text=True, check=True)
        model = {m["name"]: m for m in json.loads(listed.stdout)["models"]}["clip-vit-b-32"]
        self.assertTrue(model["ready"])
        self.assertEqual(model["next_command"], "")
        self.assertEqual((self.checkpoint("clip-vit-b-32") / "SOURCE").read_text(),
                         f"openai/clip-vit-base-patch32 {PINNED_CLIP}\n")

    def test_a_second_run_fetches_nothing(self):
        self.fetch("tiny/shelf", "--output", "shelf.pt", "--name", "mine")
        self.assertTrue((self.folder / "shelf.pt").exists())
        sent = dict(self.hub.sent)
        self.fetch("tiny/shelf", "--fetch-only", "--name", "mine")
        self.assertEqual(self.hub.sent, sent)
        self.assert_whole(DINOV2, "mine")

    def test_a_cut_connection_is_continued(self):
        self.hub.cut_after = 200000
        self.fetch("tiny/shelf", "--fetch-only")
        self.assertEqual([name for name, _ in self.hub.ranges], ["model.safetensors"])
        self.assertGreater(self.hub.ranges[0][1], 0)
        size = len(DINOV2["model.safetensors"])
        self.assertLess(self.hub.sent["model.safetensors"], size + 200000)
        self.assert_whole(DINOV2)

    def test_an_interrupted_run_is_continued_by_the_next(self):
        self.hub.slow = "model.safetensors"
        run = subprocess.Popen([FETCH, "tiny/shelf", "--fetch-only"], cwd=self.folder, env=self.environment,
                               stderr=subprocess.DEVNULL, start_new_session=True)
        part = self.checkpoint() / "model.safetensors.part"
        for _ in range(600):
            if part.exists() and part.stat().st_size > 65536:
                break
            time.sleep(0.02)
        os.killpg(run.pid, signal.SIGINT)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        self.assertFalse((self.checkpoint() / "model.safetensors").exists())
        self.hub.slow = None
        done = self.fetch("tiny/shelf", "--fetch-only")
        self.assertIn("continued after", done.stderr)
        self.assertGreater(self.hub.ranges[-1][1], 65536 - 1)
        self.assert_whole(DINOV2)

    def test_a_server_that_always_cuts_is_reported_and_nothing_looks_complete(self):
        self.hub.cut_after, self.hub.always_cut = 1000, True
        done = self.fetch("tiny/shelf", code=5)
        self.assertIn("the connection was cut; run this again to continue", done.stderr)
        self.assertFalse((self.checkpoint() / "model.safetensors").exists())
        self.assertFalse((self.checkpoint() / "SOURCE").exists())

    def test_a_wrong_byte_is_found_in_large_and_small_files(self):
        for file in ("model.safetensors", "config.json"):
            self.hub.damage = file
            shutil.rmtree(self.checkpoint(), ignore_errors=True)
            done = self.fetch("tiny/shelf", code=4)
            self.assertIn(f"the downloaded {file} is damaged: its checksum is ", done.stderr)
            self.assertFalse((self.checkpoint() / file).exists())
            self.assertFalse((self.checkpoint() / f"{file}.part").exists())

    def test_a_file_damaged_on_this_disk_is_downloaded_again(self):
        self.fetch("tiny/shelf", "--fetch-only")
        (self.checkpoint() / "model.safetensors").write_bytes(b"damaged")
        self.fetch("tiny/shelf", "--fetch-only")
        self.assert_whole(DINOV2)

    def test_missing_repositories_revisions_and_files_are_reported(self):
        self.assertIn("has no repository tiny/shelves", self.fetch("tiny/shelves", code=3).stderr)
        self.assertIn('has no revision "v2"', self.fetch("tiny/shelf", "--revision", "v2", code=3).stderr)
        self.hub.put("tiny/pickled", {**DINOV2, "model.safetensors": None})
        self.assertIn("refs/pr/NUMBER", self.fetch("tiny/pickled", code=3).stderr)
        self.hub.put("tiny/raw", {**DINOV2, "preprocessor_config.json": None})
        self.assertIn("tiny/raw has no preprocessor_config.json", self.fetch("tiny/raw", code=3).stderr)

    def test_the_newer_processor_file_is_fetched_and_replaces_the_older(self):
        newer = {"processor_config.json": b'{"image_processor": %s}' % DINOV2["preprocessor_config.json"]}
        for name, files in {"both": {**DINOV2, **newer}, "one": {**DINOV2, **newer, "preprocessor_config.json": None}}.items():
            self.hub.put(f"tiny/{name}", files)
            self.fetch(f"tiny/{name}")
            self.assert_whole({file: text for file, text in files.items() if text is not None}, name)

    def test_open_clips_form_is_fetched_where_the_other_has_no_text_tower_or_needs_the_makers_code(self):
        data = pathlib.Path(__file__).resolve().parent.parent / "data/model"
        form = {file: (data / "open-clip" / file).read_bytes() for file in ("open_clip_config.json", "open_clip_model.safetensors")}
        for name, others in {"alone": {}, "tower": {"config.json": b'{"architecture": "vit_base_patch16_siglip_224"}'},
                             "code": {"config.json": b'{"auto_map": {}, "model_type": "siglip"}'}}.items():
            self.hub.put(f"tiny/{name}", {**form, **others})
            self.assertIn("ready: matcher eval", self.fetch(f"tiny/{name}").stderr)
            self.assert_whole(form, name)

    def test_timms_form_needs_no_processor_file(self):
        data = pathlib.Path(__file__).resolve().parent.parent / "data/model/timm-vit"
        files = {file: (data / file).read_bytes() for file in ("config.json", "model.safetensors")}
        self.hub.put("tiny/timm", files)
        self.assertIn("ready: matcher eval", self.fetch("tiny/timm").stderr)
        self.assert_whole(files, "timm")

    def test_transformers_form_is_fetched_where_both_are_whole(self):
        self.hub.put("tiny/both", {**DINOV2, "open_clip_config.json": b"{}"})
        self.fetch("tiny/both")
        self.assertFalse((self.checkpoint("both") / "open_clip_config.json").exists())
        self.assert_whole(DINOV2, "both")

    def test_a_gated_model_says_where_to_accept_its_licence(self):
        self.hub.put("facebook/dinov3-vitb16-pretrain-lvd1689m", DINOV2)
        self.hub.private.add("facebook/dinov3-vitb16-pretrain-lvd1689m")
        said = self.fetch("dinov3-vitb16", code=3).stderr
        self.assertIn(f"accept its terms at {self.hub.endpoint}/facebook/dinov3-vitb16-pretrain-lvd1689m", said)
        self.assertIn("set HF_TOKEN", said)

    def test_usage(self):
        self.assertIn("one of: dinov2-small", self.fetch("dinov2-lage", code=2).stderr)
        self.assertIn("fp32, bf16 or fp16", self.fetch("dinov2-large", "--precision", "int8", code=2).stderr)
        self.assertIn("--name needs a value", self.fetch("dinov2-large", "--name", code=2).stderr)
        self.assertIn("unknown option --frob", self.fetch("--frob", code=2).stderr)
        self.assertIn("is not a valid name", self.fetch("tiny/shelf", "--name", "../up", code=2).stderr)
        self.assertIn("Usage:", self.fetch(code=2).stderr)
        self.assertIn("/nowhere is missing", self.fetch("tiny/shelf", code=5, MATCHER="/nowhere").stderr)
        self.assertEqual(self.hub.asked, [])

    def test_no_server(self):
        self.hub.stop()
        self.hub.servers.clear()
        self.assertEqual(self.fetch("tiny/shelf", code=5).stderr.count("\n"), 1)
        self.assertIn("cannot be reached: no connection", self.fetch("tiny/shelf", code=5).stderr)

    def test_a_private_repository_needs_the_token_which_stays_secret(self):
        self.hub.private.add("tiny/shelf")
        self.assertIn("set HF_TOKEN to a token that can read it", self.fetch("tiny/shelf", code=3).stderr)
        self.assertIn("(answer 401 to HF_TOKEN)", self.fetch("tiny/shelf", code=3, HF_TOKEN="hf_wrong").stderr)
        done = self.fetch("tiny/shelf", HF_TOKEN=TOKEN)
        self.assertIsNone(self.hub.token_seen)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        self.assertEqual(set(self.hub.storage_tokens), {None})
        self.assert_whole(DINOV2)

    def test_shards(self):
        files = sharded(DINOV2)
        self.hub.put("tiny/sharded", files)
        self.assertIn("the same", self.fetch("tiny/sharded").stdout)
        self.assert_whole(files, "sharded")

    def test_all_files_come_from_one_commit_even_if_main_moves(self):
        self.hub.put("tiny/shelf", {**CLIP}, "2" * 40, revision="next")
        self.hub.move_main_to = ("tiny/shelf", "2" * 40)
        self.fetch("tiny/shelf", "--fetch-only")
        self.assertEqual(self.hub.revisions["tiny/shelf", "main"], "2" * 40)
        self.assert_whole(DINOV2)
        self.assertEqual((self.checkpoint() / "SOURCE").read_text(), f"tiny/shelf {'1' * 40}\n")

    def test_another_commit_replaces_existing_files_and_a_stale_part(self):
        files = sharded(DINOV2)
        self.hub.put("tiny/shelf", files, "2" * 40, revision="refs/pr/7")
        self.fetch("tiny/shelf", "--fetch-only")
        (self.checkpoint() / "model-00001-of-00002.safetensors.part").write_bytes(b"of another commit")
        self.fetch("tiny/shelf", "--fetch-only", "--revision", "refs/pr/7")
        self.assert_whole(files)
        self.assertFalse((self.checkpoint() / "model.safetensors").exists())

    def test_the_hubs_own_client_is_used_if_it_is_installed(self):
        for program in ("hf", "huggingface-cli"):
            shutil.rmtree(self.checkpoint(), ignore_errors=True)
            tools = self.folder / program
            tools.mkdir()
            (tools / program).write_text(FAKE_CLIENT)
            (tools / program).chmod(0o755)
            path = f"{tools}:{self.environment['PATH']}"
            self.assertIn("the same", self.fetch("tiny/shelf", PATH=path).stdout)
            self.assert_whole(DINOV2)
            log = (self.folder / "client.log").read_text().splitlines()
            self.assertEqual([line.split()[2] for line in log], list(DINOV2))
            self.assertIn(f"download tiny/shelf config.json --revision {'1' * 40} --local-dir", log[0])
            (self.folder / "client.log").unlink()
            self.hub.damage = "model.safetensors"
            (self.checkpoint() / "model.safetensors").unlink()
            self.fetch("tiny/shelf", code=4, PATH=path)
            self.assertFalse((self.checkpoint() / "model.safetensors").exists())
            (self.folder / "client.log").unlink()
            self.hub.damage = None

    def test_a_full_disk_is_reported(self):
        def small_files():  # writes fail as on a full disk; Python and its children ignore SIGXFSZ
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

        done = subprocess.run([FETCH, "tiny/shelf", "--fetch-only"], cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, timeout=60, preexec_fn=small_files, restore_signals=False)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("make room and run this again to continue", done.stderr)


if __name__ == "__main__":
    if not shutil.which("curl"):
        print("SKIPPED: curl is missing")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
