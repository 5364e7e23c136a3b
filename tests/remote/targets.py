#!/usr/bin/env python3
"""Vector databases as targets: the real program, a real Chroma (or the stand-in for Milvus) and a proxy that faults.

usage: targets.py chroma|milvus MATCHER DEMO_PHOTOS [TEST...]

Chroma's server is $MATCHER_TEST_CHROMA, or `chroma` on the path; without it the tests are skipped. Milvus is the one at the port
$MATCHER_TEST_MILVUS of this machine, whose collections shelf_* are overwritten, or else a stand-in.
"""
import csv
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import fake_milvus
from fault_proxy import Proxy

KIND, MATCHER, DEMO_PHOTOS = sys.argv[1], *(os.path.abspath(path) for path in sys.argv[2:4])
OTHER_MODEL = """name: colour-again
family: baseline
builtin: colour-layout
dimension: 384
preprocess:
  orient: true
  resize: {shortest_edge: 240, filter: bicubic}
  crop: {height: 224, width: 224}
  mean: [0, 0, 0]
  std: [1, 1, 1]
"""


def request(port, method, path, body=None):
    """Sends a request without matcher and returns (status, answer)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class ChromaServer:
    """A real Chroma, and what the tests do to it without matcher."""
    base = "/api/v2/tenants/default_tenant/databases/default_database/collections"
    writes = re.compile(r"/upsert$")
    searches = re.compile(r"/query$")

    def __init__(self, folder):
        self.port = free_port()
        command = [chroma_program(), "run", "--host", "127.0.0.1", "--port", str(self.port), "--path", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                if request(self.port, "GET", "/api/v2/heartbeat")[0] == 200:
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("chroma does not start")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, path="", body=None):
        status, answer = request(self.port, method, self.base + path, body)
        assert status == 200, (status, answer)
        return answer

    def versions(self):
        return sorted(c["name"] for c in self.call("GET") if "__" in c["name"])

    def live(self, name):
        return self.call("GET", "/" + name)["metadata"]["matcher_live"]

    def rows(self, version):
        """id -> label of every item."""
        answer = self.call("POST", f"/{self.call('GET', '/' + version)['id']}/get", {"include": ["metadatas"]})
        assert len(answer["ids"]) == len(set(answer["ids"]))
        return {i: m["label"] for i, m in zip(answer["ids"], answer["metadatas"])}

    def make_foreign(self, name):
        self.call("POST", "", {"name": name, "metadata": {"made_by": "somebody"}})

    def make_euclidean(self, version):
        """Makes the collection again, with its record, ranked by another metric."""
        metadata = self.call("GET", "/" + version)["metadata"]
        self.call("DELETE", "/" + version)
        self.call("POST", "", {"name": version, "metadata": metadata, "configuration": {"hnsw": {"space": "l2"}}})

    def add_stranger(self, version):
        self.call("POST", f"/{self.call('GET', '/' + version)['id']}/upsert",
                  {"ids": ["stranger"], "embeddings": [[1.0] * 384], "metadatas": [{"label": "x"}]})

    @staticmethod
    def few_rows_per_request(request_, answer):
        if not request_.path.endswith("pre-flight-checks"):
            return answer
        return json.dumps(json.loads(answer) | {"max_batch_size": 4}).encode()

    @staticmethod
    def three_answers(request_, answer):
        if not request_.path.endswith("/query"):
            return answer
        found = json.loads(answer)
        return json.dumps(found | {key: [row[:3] for row in found[key]] for key in ("ids", "distances")}).encode()


class MilvusServer:
    """The stand-in for Milvus, or a real one."""
    writes = re.compile(r"/entities/upsert$")
    searches = re.compile(r"/entities/search$")

    def __init__(self, folder):
        real = os.environ.get("MATCHER_TEST_MILVUS")
        self.server = None if real else fake_milvus.start()
        self.port = int(real) if real else self.server.server_address[1]

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    def call(self, path, body):
        answer = request(self.port, "POST", "/v2/vectordb/" + path, body)[1]
        assert answer["code"] == 0, answer
        return answer["data"]

    def versions(self):
        return [name for name in self.call("collections/list", {}) if re.search("__[0-9a-f]{12}$", name)]

    def live(self, name):
        return self.call("aliases/describe", {"aliasName": name})["collectionName"]

    def rows(self, version):
        found = self.call("entities/query", {"collectionName": version, "filter": "bucket >= 0 && bucket < 1024",
                                             "outputFields": ["id", "label"]})
        return {row["id"]: row["label"] for row in found}

    def make_foreign(self, name):
        fields = [{"fieldName": "id", "dataType": "VarChar", "isPrimary": True, "elementTypeParams": {"max_length": "9"}},
                  {"fieldName": "vector", "dataType": "FloatVector", "elementTypeParams": {"dim": "2"}}]
        self.call("collections/create", {"collectionName": name, "schema": {"fields": fields}})

    def make_euclidean(self, version):
        name = version.rsplit("__", 1)[0]
        fields = [{"fieldName": "id", "dataType": "VarChar", "isPrimary": True, "elementTypeParams": {"max_length": "9"}},
                  {"fieldName": "vector", "dataType": "FloatVector", "elementTypeParams": {"dim": "384"}}]
        self.call("aliases/drop", {"aliasName": name})
        self.call("collections/drop", {"collectionName": version})
        self.call("collections/create", {
            "collectionName": version, "schema": {"fields": fields},
            "indexParams": [{"fieldName": "vector", "indexName": "vector", "metricType": "L2", "indexType": "FLAT",
                             "params": {"index_type": "FLAT"}}]})
        self.call("aliases/create", {"aliasName": name, "collectionName": version})

    def add_stranger(self, version):
        fields = ["id", "vector", "bucket", "label", "path", "role", "split", "view", "category", "text", "content_hash", "vector_hash"]
        row = self.call("entities/query", {"collectionName": version, "filter": "bucket >= 0 && bucket < 1024", "outputFields": fields})[0]
        self.call("entities/upsert", {"collectionName": version, "data": [row | {"id": "stranger"}]})

    @staticmethod
    def few_rows_per_request(request_, answer):
        return answer

    @staticmethod
    def three_answers(request_, answer):
        if not request_.path.endswith("/search"):
            return answer
        found = json.loads(answer)
        return json.dumps(found | {"data": found["data"][:3]}).encode()


def chroma_program():
    return os.environ.get("MATCHER_TEST_CHROMA") or shutil.which("chroma")


class Targets(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="matcher-test-"))
        cls.server = (ChromaServer if KIND == "chroma" else MilvusServer)(cls.root / "server")
        cls.proxy = Proxy(cls.server.port)
        cls.photos = cls.root / "photos"
        subprocess.run([DEMO_PHOTOS, "--output", cls.photos, "--products", "12", "--gallery-views", "2", "--query-views", "2",
                        "--unknown", "2", "--size", "96"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (cls.root / "models").mkdir()
        (cls.root / "models" / "colour-again.yaml").write_text(OTHER_MODEL)
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.proxy.stop()
        cls.server.stop()
        shutil.rmtree(cls.root)

    def setUp(self):
        type(self).number += 1
        self.name = f"shelf_{self.number}"
        self.proxy.calm()

    # ---- running ----

    def address(self, port=None):
        return f"{KIND}://127.0.0.1:{port or self.server.port}/{self.name}"

    def proxied(self):
        return self.address(self.proxy.port)

    def environment(self, **more):
        return os.environ | {"MATCHER_MODELS": str(self.root / "models")} | more

    def matcher(self, *arguments, code=0, **environment):
        done = subprocess.run([MATCHER, "--workdir", self.root / "work", *map(str, arguments)], capture_output=True, text=True,
                              env=self.environment(**environment), timeout=240)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout if code == 0 else done.stderr

    def index(self, *arguments, to=None, model="colour-layout", photos=None, **more):
        return self.matcher("index", "--model", model, "--dataset", photos or self.photos, "--to", to or self.address(), *arguments,
                            **more)

    def expected(self):
        """id -> label of the gallery, from its folders."""
        return {p.relative_to(self.photos).as_posix(): p.parent.name for p in (self.photos / "gallery").glob("*/*.jpg")}

    def holds_all(self):
        self.assertEqual(self.server.rows(self.server.live(self.name)), self.expected())

    def fault_writes(self, kind, times):
        """Applies a fault to the first `times` writes of rows; returns a counter of them."""
        count, lock = [0], threading.Lock()

        def fault(request_):
            with lock:
                if self.server.writes.search(request_.path) and b"record" not in request_.body and count[0] < times:
                    count[0] += 1
                    return kind
            return None
        self.proxy.fault = fault
        return count

    # ---- the same results as a folder ----

    def test_answers_are_those_of_an_exact_index(self):
        out = self.index()
        self.assertIn("24 items, 384 dimensions", out)
        self.assertRegex(out, r"24 sent, 0 unchanged, 0 removed")
        self.assertIn("agree with exact search to 1.0000", out)
        self.holds_all()
        self.matcher("index", "--model", "colour-layout", "--dataset", self.photos, "--output", self.root / "flat")
        photos = sorted((self.photos / "queries").glob("*/*.jpg"))[:6]
        here, there = (json.loads(self.matcher("query", "--index", place, "--by", "item", "--top-k", 24, "--format", "json", *photos))
                       for place in (self.root / "flat", self.address()))
        for a, b in zip(here["queries"], there["queries"]):
            scores = {answer["id"]: answer["score"] for answer in b["answers"]}
            self.assertEqual(len(scores), 24)
            for answer in a["answers"]:
                self.assertAlmostEqual(scores[answer["id"]], answer["score"], delta=1e-5)
            self.assertEqual(a["answers"][0], b["answers"][0] | {"score": a["answers"][0]["score"]})
        here, there = (json.loads(self.matcher("eval", "--model", "colour-layout", "--dataset", self.photos, "--index", place,
                                               "--output", self.root / "run", "--format", "json"))
                       for place in (self.root / "flat", self.address()))
        self.assertEqual(here["metrics"], there["metrics"])
        self.assertEqual(here["dataset"], there["dataset"])
        self.assertIn("HNSW", there["index"])

    def test_what_is_lost_is_split_whatever_the_order_of_the_dataset(self):
        rows = [f"{photo},{photo.parent.name},{split}" for split in ("gallery", "queries")
                for photo in sorted((self.photos / split).glob("p00*/*.jpg"), reverse=True)]
        table = self.root / "reversed.csv"
        table.write_text("path,label,split\n" + "\n".join(rows) + "\n")
        self.index(photos=table)
        evaluated = ["eval", "--model", "colour-layout", "--dataset", table, "--format", "json", "--output", self.root / "run"]
        exact, there = json.loads(self.matcher(*evaluated)), json.loads(self.matcher(*evaluated, "--index", self.address()))
        for metric, loss in there["losses"].items():
            self.assertAlmostEqual(sum(loss.values()), 1 - there["metrics"][metric]["value"], delta=1e-12)
            self.assertAlmostEqual(loss["model"], exact["losses"][metric]["model"], delta=1e-12)
            self.assertAlmostEqual(loss["approximation"], 0, delta=1e-12)

    def test_only_what_changed_is_sent(self):
        photos = self.root / "changing"
        shutil.copytree(self.photos / "gallery", photos)
        self.index(photos=photos)
        self.assertRegex(self.index(photos=photos), "0 sent, 24 unchanged, 0 removed")
        listing = sorted(photos.glob("*/*.jpg"))
        listing[0].unlink()
        shutil.copy(listing[1], photos / "p0005" / "new.jpg")
        shutil.copy(listing[2], listing[3])
        self.proxy.calm()
        self.assertRegex(self.index(photos=photos, to=self.proxied()), "2 sent, 22 unchanged, 1 removed")
        self.assertEqual(self.server.rows(self.server.live(self.name)),
                         {p.relative_to(photos).as_posix(): p.parent.name for p in photos.glob("*/*.jpg")})
        written = [r for r in self.proxy.requests if self.server.writes.search(r.path) and b"record" not in r.body]
        self.assertEqual(len(written), 1)
        self.assertLess(len(written[0].body), 3 * 384 * 14)

    def test_backup_is_an_embedding_set(self):
        self.index()
        out = self.index("--reindex", "--backup", self.root / "backup", model="gradient-layout")
        self.assertIn("backup: 24 items", out)
        self.matcher("index", "--embeddings", self.root / "backup", "--output", self.root / "restored")
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        answer = json.loads(self.matcher("query", "--index", self.root / "restored", "--format", "json", photo))
        self.assertEqual(answer["model"]["name"], "colour-layout")
        self.assertAlmostEqual(answer["queries"][0]["answers"][0]["score"], 1, delta=1e-5)
        with open(self.root / "backup" / "items.csv") as file:
            self.assertEqual({row["id"]: row["label"] for row in csv.DictReader(file)}, self.expected())

    # ---- mismatches ----

    def test_another_model_is_refused_without_reindex(self):
        self.index()
        first = self.server.live(self.name)
        error = self.index(model="colour-again", code=4)
        self.assertRegex(error, r"vectors of colour-layout \(384-d, fp32, \w{8}\), but the new ones are of colour-again \(384-d, fp32, \w{8}\)")
        self.assertIn("add --reindex", error)
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        error = self.matcher("query", "--index", self.address(), "--model", "colour-again", photo, code=4)
        self.assertRegex(error, "was built by colour-layout .* but the queries come from colour-again")
        error = self.matcher("eval", "--index", self.address(), "--model", "colour-again", "--dataset", self.photos, code=4)
        self.assertRegex(error, "was built by colour-layout .* but the queries come from colour-again")
        self.assertEqual(self.server.live(self.name), first)
        self.holds_all()

    def test_reindex_roll_back_and_drop(self):
        self.index()
        first = self.server.live(self.name)
        staged = self.index("--reindex", "--stage", model="gradient-layout")
        self.assertIn(f"staged: {first} is live", staged)
        self.assertEqual(self.server.live(self.name), first)
        version = re.search(r"version (\w+):", staged)[1]
        report = json.loads(self.matcher("eval", "--model", "gradient-layout", "--dataset", self.photos, "--format", "json", "--index",
                                         self.address().replace(self.name, version)))
        self.assertEqual(report["model"]["name"], "gradient-layout")
        out = self.index("--reindex", model="gradient-layout")
        self.assertIn(f"live: {version}, before it {first}", out)
        self.assertIn("changed in place; leave --stage out", self.index("--stage", model="gradient-layout", code=2))
        self.assertIn("0 sent, 24 unchanged", out)
        self.assertEqual(self.server.live(self.name), version)
        self.assertIn(first, self.server.versions())
        self.assertIn(f"live: {first}", self.matcher("index", "--to", self.address(), "--rollback"))
        self.assertEqual(self.server.live(self.name), first)
        self.holds_all()
        error = self.matcher("index", "--to", self.address(), "--rollback", code=3)
        self.assertIn("has no earlier one that is complete; nothing was changed", error)
        self.assertIn(f"dropped: {version}", self.index("--drop-old"))
        self.assertNotIn(version, self.server.versions())
        self.holds_all()

    def test_another_dataset_is_refused(self):
        self.index()
        other = self.root / "other"
        if not other.exists():
            shutil.copytree(self.photos / "gallery", other)
        error = self.index(photos=other, code=4)
        self.assertIn('is live with 24 items of "demo", which 24 items of "other" would replace; add --reindex', error)

    def test_a_foreign_collection_is_refused(self):
        self.server.make_foreign(self.name)
        error = self.index(code=4)
        self.assertIn(f'collection "{self.name}" of {self.address()} was not made by matcher', error)
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        self.assertIn("was not made by matcher", self.matcher("query", "--index", self.address(), photo, code=4))

    def test_another_metric_is_refused(self):
        self.index()
        self.server.make_euclidean(self.server.live(self.name))
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        for error in (self.matcher("query", "--index", self.address(), photo, code=4), self.index(code=4)):
            self.assertIn("ranks by l2, but matcher's vectors are compared by cosine", error)

    def test_items_of_another_program_are_reported_and_repaired(self):
        self.index()
        self.server.add_stranger(self.server.live(self.name))
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        error = self.matcher("query", "--index", self.address(), photo, code=4)
        self.assertIn("holds 25 items that differ from the 24 that matcher wrote", error)
        self.assertIn("Repair it: matcher index", error)
        self.assertRegex(self.index(), "0 sent, 24 unchanged, 1 removed")
        self.holds_all()

    def test_a_threshold_is_stored_with_folders_only(self):
        self.index()
        error = self.matcher("threshold", "--index", self.address(), code=2)
        self.assertIn("Use --dry-run, and give the printed threshold to query --threshold", error)

    def test_flags_that_do_not_go_together(self):
        self.assertIn("index needs --output FOLDER, or --to ADDRESS", self.matcher("index", "--dataset", self.photos, code=2))
        for flags, said in ((["--output", "x"], "--output"), (["--type", "flat"], "--type"), (["--stage", "--drop-old"], "--stage"),
                            (["--rollback", "--reindex"], "--reindex")):
            with self.subTest(flags=flags):
                self.assertIn(said, self.matcher("index", "--to", self.address(), *flags, code=2))
        self.assertIn("has the scheme \"http\", which is not a database",
                      self.matcher("index", "--to", f"http://127.0.0.1:{self.server.port}/{self.name}", code=2))
        version = f"{self.address()}__0123456789ab"
        self.assertIn(f'names a version of "{self.name}"; write to the name itself', self.index(to=version, code=2))

    def test_missing_versions(self):
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        self.assertIn("has no live version. Build one: matcher index",
                      self.matcher("query", "--index", self.address(), photo, code=3))
        self.assertIn("nothing to roll back", self.matcher("index", "--to", self.address(), "--rollback", code=3))

    # ---- proof ----

    def test_a_short_count_is_not_made_live(self):
        self.index()
        first = self.server.live(self.name)
        self.fault_writes("lose", 1)
        error = self.index("--reindex", model="gradient-layout", to=self.proxied(), code=6)
        self.assertIn("is not proven: it holds 0 items, not 24; it was not made live", error)
        self.assertEqual(self.server.live(self.name), first)
        self.proxy.calm()
        self.assertIn("24 sent, 0 unchanged", self.index("--reindex", model="gradient-layout"))

    def test_wrong_answers_are_not_made_live(self):
        self.proxy.change = self.server.three_answers
        error = self.index(to=self.proxied(), code=6)
        self.assertIn("its top 10 agree with exact search to 0.3000, below --min-agreement 0.95; it was not made live", error)
        self.proxy.calm()
        self.assertIn("live: ", self.index("--min-agreement", "1"))

    # ---- two writers ----

    def test_of_two_writers_the_earlier_one_stops(self):
        self.proxy.change = self.server.few_rows_per_request
        lock, started = threading.Lock(), []

        def fault(request_):
            with lock:
                first = self.server.writes.search(request_.path) and b"record" not in request_.body and not started
                if first:
                    started.append(True)
            if first:
                self.index()  # the later writer, without the proxy
            return None
        self.proxy.fault = fault
        error = self.index(to=self.proxied(), code=5)
        self.assertIn(f'another matcher writes to "{self.server.live(self.name)}" of {self.proxied()} too, and this one '
                      "stopped. Wait until the other ends, then run the command again", error)
        self.holds_all()
        self.assertIn("0 sent, 24 unchanged, 0 removed", self.index())

    def test_a_collection_that_another_writer_creates_first(self):
        if KIND != "chroma":
            self.skipTest("Milvus creates a collection that exists again")
        conflict = (409, '{"error":"UniqueConstraintError","message":"Collection [shelf] already exists"}')
        self.proxy.fault = lambda r: conflict if r.method == "POST" and r.path.endswith("/collections") else None
        error = self.index(to=self.proxied(), code=5)
        self.assertRegex(error, r'another matcher created "shelf_\w+__\w+" of \S+ meanwhile. Wait until it ends, then run '
                                "the command again")
        self.assertNotIn("UniqueConstraintError", error)

    # ---- faults ----

    def test_nothing_is_lost_or_doubled_by_faults(self):
        for kind in ("drop", "drop-answer", "half", (500, "{}"), (503, "{}"), (429, "{}")):
            with self.subTest(kind=kind):
                self.name = f"shelf_{self.number}_{re.sub('[^a-z0-9]', '', str(kind))}"
                self.proxy.change = self.server.few_rows_per_request
                count = self.fault_writes(kind, 2)
                self.index(to=self.proxied())
                self.assertEqual(count[0], 2)
                self.holds_all()
                self.assertIn("0 sent, 24 unchanged, 0 removed", self.index())

    def test_a_slow_server_is_waited_for(self):
        self.fault_writes(1.5, 2)
        self.index(to=self.proxied())
        self.holds_all()

    def test_a_server_that_stays_down_leaves_the_live_version(self):
        self.index()
        first = self.server.live(self.name)
        self.fault_writes((503, "overloaded"), 99)
        error = self.index("--reindex", model="gradient-layout", to=self.proxied(), code=5)
        self.assertIn("failed with status 503: overloaded after 6 attempts", error)
        self.assertEqual(self.server.live(self.name), first)
        self.holds_all()

    def test_a_request_that_is_too_large_is_halved(self):
        limit = 7 * 384 * 6

        def fault(request_):
            too_large = self.server.writes.search(request_.path) and len(request_.body) > limit
            return (413, "Request Entity Too Large") if too_large else None
        self.proxy.fault = fault
        self.index(to=self.proxied())
        self.holds_all()
        self.assertTrue(any(len(r.body) > limit for r in self.proxy.requests))
        self.proxy.fault = lambda r: (413, "no") if self.server.writes.search(r.path) and b"record" not in r.body else None
        error = self.index("--reindex", model="gradient-layout", to=self.proxied(), code=5)
        self.assertRegex(error, r"refused a request of \d+ bytes as too large \(413\)")

    def test_answers_of_the_server_are_reported(self):
        said = {(401, "no"): "refused the credentials (401); put the token into $MATCHER_SERVER_TOKEN",
                (403, "no"): "refused the credentials (403)",
                (200, "<html>hello</html>"): "<html>hello</html>",
                (404, "<html>not here</html>"): "is it a " + KIND.capitalize()}
        for answer, text in said.items():
            self.proxy.fault = lambda r, answer=answer: answer
            with self.subTest(answer=answer):
                error = self.index(to=self.proxied(), code=5)
                self.assertIn(text, error)
                if "<html>" in answer[1]:
                    self.assertIn("is it a " + KIND.capitalize(), error)
        self.fault_writes((500, '{"error":"write failed: No space left on device"}'), 99)
        error = self.index(to=self.proxied(), code=5)
        self.assertIn("has no disk space left", error)
        writes = [r for r in self.proxy.requests if self.server.writes.search(r.path) and b"record" not in r.body]
        self.assertEqual(len(writes), 1)

    def test_a_missing_server(self):
        error = self.index(to=self.address(free_port()), code=5)
        self.assertRegex(error, r"cannot connect to \w+://127.0.0.1:\d+/\w+: connection refused; start the server \(")

    def test_secrets_come_from_the_environment(self):
        self.index(to=self.proxied(), MATCHER_SERVER_TOKEN="root:Milvus", MATCHER_SERVER_HEADERS="x-chroma-token: abc\nx-other: d")
        for sent in self.proxy.requests:
            self.assertEqual(sent.headers.get("Authorization"), "Bearer root:Milvus")
            self.assertEqual((sent.headers.get("x-chroma-token"), sent.headers.get("x-other")), ("abc", "d"))
        error = self.index(to=f"{KIND}://root:Milvus@127.0.0.1:1/{self.name}", code=2)
        self.assertIn("contains a user name or password; remove it", error)
        self.assertNotIn("root:Milvus", error)

    @unittest.skipUnless(shutil.which("openssl"), "openssl makes the certificate")
    def test_only_a_trusted_certificate_is_accepted(self):
        pem = self.root / "server.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-keyout", pem, "-out", self.root / "ca.pem"], check=True, capture_output=True)
        pem.write_text(pem.read_text() + (self.root / "ca.pem").read_text())
        proxy = Proxy(self.server.port, pem)
        self.addCleanup(proxy.stop)
        to = f"{KIND}+https://127.0.0.1:{proxy.port}/{self.name}"
        self.assertIn("has no certificate that is trusted; set ca_file", self.index(to=to, code=5))
        self.assertEqual(proxy.requests, [])
        config = self.root / "tls.yaml"
        config.write_text(f"server: {{ca_file: {self.root / 'ca.pem'}}}\n")
        left = [2]

        def fault(request_):
            if self.server.writes.search(request_.path) and b"record" not in request_.body and left[0]:
                left[0] -= 1
                return "drop"
        proxy.fault = fault
        self.index(to=to, MATCHER_CONFIG=str(config))
        self.assertEqual(left[0], 0)
        self.holds_all()

    # ---- interruption ----

    def test_an_interrupted_change_in_place_is_reported_and_continued(self):
        photos = self.root / "interrupted"
        shutil.copytree(self.photos / "gallery", photos)
        self.index(photos=photos)
        shutil.copy(photos / "p0001" / "1.jpg", photos / "p0002" / "new.jpg")
        (photos / "p0003" / "1.jpg").unlink()
        self.fault_writes((503, "later"), 99)
        self.index(photos=photos, to=self.proxied(), code=5)
        photo = photos / "p0001" / "1.jpg"
        done = subprocess.run([MATCHER, "--workdir", self.root / "work", "query", "--index", self.address(), photo], capture_output=True,
                              text=True, env=self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, "is being changed, or a change was interrupted: it holds 24 items of 24")
        self.assertIn("p0001", done.stdout)
        self.proxy.calm()
        self.assertRegex(self.index(photos=photos), "1 sent, 23 unchanged, 1 removed")
        self.assertEqual(self.server.rows(self.server.live(self.name)),
                         {p.relative_to(photos).as_posix(): p.parent.name for p in photos.glob("*/*.jpg")})
        self.matcher("query", "--index", self.address(), photo)

    def test_killed_in_the_middle_and_continued(self):
        self.index()
        first = self.server.live(self.name)
        writes, third = [0], threading.Event()

        def fault(request_):
            if not self.server.writes.search(request_.path) or b"record" in request_.body:
                return None
            if KIND == "milvus" and len(request_.body) > 20000:
                return (413, "")
            writes[0] += 1
            if writes[0] < 3:
                return None
            third.set()
            return 30
        self.proxy.fault, self.proxy.change = fault, self.server.few_rows_per_request
        command = [MATCHER, "--workdir", self.root / "work", "index", "--model", "gradient-layout", "--dataset", self.photos, "--to",
                   self.proxied(), "--reindex"]
        job = subprocess.Popen(command, env=self.environment() | {"MATCHER_CONFIG": str(self.one_request_at_a_time())},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(third.wait(60))
        finally:
            job.send_signal(signal.SIGKILL)
            job.wait()
        self.assertEqual(self.server.live(self.name), first)
        self.holds_all()
        photo = self.photos / "gallery" / "p0001" / "1.jpg"
        self.assertEqual(json.loads(self.matcher("query", "--index", self.address(), "--format", "json", photo))["model"]["name"],
                         "colour-layout")
        self.assertIn("has no earlier one that is complete", self.matcher("index", "--to", self.address(), "--rollback", code=3))
        self.proxy.calm()
        out = self.index("--reindex", model="gradient-layout")
        sent = int(re.search(r"(\d+) sent", out)[1])
        self.assertTrue(0 < sent < 24, out)
        self.assertNotEqual(self.server.live(self.name), first)
        self.holds_all()

    def one_request_at_a_time(self):
        path = self.root / "one.yaml"
        path.write_text("server: {requests: 1}\n")
        return path


if __name__ == "__main__":
    if KIND == "chroma" and not chroma_program():
        print("SKIPPED: chroma was not found; pip install chromadb, and put chroma on the path or into $MATCHER_TEST_CHROMA")
        sys.exit(0)
    unittest.main(argv=[sys.argv[0], "-v"] + sys.argv[4:])
