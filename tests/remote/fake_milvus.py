#!/usr/bin/env python3
"""A stand-in for Milvus's REST API v2, for tests. It follows the documentation: answers are exact, and documented errors occur.

usage: fake_milvus.py PORT [TOKEN]
"""
import http.server
import json
import math
import re
import sys
import threading

OK, UNEXPECTED, NO_COLLECTION, NOT_LOADED, BAD_PARAMETER, NO_ALIAS = 0, 65535, 100, 101, 1100, 1600
NO_ACCESS, BAD_FORMAT, BAD_DATA, MISSING = 1800, 1801, 1804, 1802
TYPES = {"VarChar": str, "Int32": int, "FloatVector": list}


class Failure(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Collection:
    def __init__(self, body):
        schema = body["schema"]
        self.fields = {}
        for field in schema["fields"]:
            if field["dataType"] not in TYPES:
                raise Failure(BAD_PARAMETER, f"data type {field['dataType']} is invalid")
            for value in field["elementTypeParams"].values():
                if not isinstance(value, str):
                    raise Failure(BAD_PARAMETER, "numbers in elementTypeParams are strings")
            self.fields[field["fieldName"]] = field
        primary = [name for name, field in self.fields.items() if field.get("isPrimary")]
        if len(primary) != 1:
            raise Failure(BAD_PARAMETER, "a collection has one primary field")
        self.primary = primary[0]
        self.dynamic = schema.get("enableDynamicField", False)
        self.indexes = body.get("indexParams", [])
        for index in self.indexes:
            if not index["params"].get("index_type") and not index.get("indexType"):
                raise Failure(BAD_PARAMETER, "index_type is missing")
        self.loaded = bool(self.indexes)
        self.rows = {}

    def dimension(self):
        return int(self.fields["vector"]["elementTypeParams"]["dim"])

    def check(self, row):
        for name, field in self.fields.items():
            if name not in row:
                raise Failure(BAD_DATA, f"field {name} is missing")
            if not isinstance(row[name], TYPES[field["dataType"]]):
                raise Failure(BAD_DATA, f"field {name} is no {field['dataType']}")
            longest = int(field["elementTypeParams"].get("max_length", 1 << 30))
            if isinstance(row[name], str) and len(row[name].encode()) > longest:
                raise Failure(BAD_PARAMETER, f"field {name} is longer than {longest}")
        if len(row["vector"]) != self.dimension():
            raise Failure(BAD_DATA, f"dimension {len(row['vector'])}, not {self.dimension()}")
        if not self.dynamic and set(row) - set(self.fields):
            raise Failure(BAD_DATA, f"unknown fields {set(row) - set(self.fields)}")


def matches(filter_text):
    """Parses the part of the filter language that matcher uses."""
    if filter_text == "":
        return lambda row: True
    if found := re.fullmatch(r"(\w+) in (\[.*\])", filter_text, re.S):
        wanted = set(json.loads(found[2]))
        return lambda row: row[found[1]] in wanted
    if found := re.fullmatch(r"(\w+) >= (\d+) && \1 < (\d+)", filter_text):
        return lambda row: int(found[2]) <= row[found[1]] < int(found[3])
    raise Failure(BAD_PARAMETER, f"cannot parse expression: {filter_text}")


def cosine(a, b):
    size = math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))
    return sum(x * y for x, y in zip(a, b)) / size if size else 0.0


class Milvus:
    def __init__(self):
        self.collections, self.aliases = {}, {}
        self.lock = threading.Lock()

    def find(self, body):
        name = self.aliases.get(body["collectionName"], body["collectionName"])
        if name not in self.collections:
            raise Failure(NO_COLLECTION, f"can't find collection[database=default][collection={name}]")
        return self.collections[name]

    def loaded(self, body):
        collection = self.find(body)
        if not collection.loaded:
            raise Failure(NOT_LOADED, f"collection not loaded[collection={body['collectionName']}]")
        return collection

    # ---- collections ----

    def collections_list(self, body):
        return sorted(self.collections)

    def collections_has(self, body):
        return {"has": body["collectionName"] in self.collections or body["collectionName"] in self.aliases}

    def collections_create(self, body):
        name = body["collectionName"]
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,254}", name):
            raise Failure(BAD_PARAMETER, f"Invalid collection name: {name}")
        if name in self.aliases:
            raise Failure(UNEXPECTED, f"collection name [{name}] conflicts with an existing alias")
        if name in self.collections:
            raise Failure(UNEXPECTED, "create duplicate collection with different parameters")
        self.collections[name] = Collection(body)
        return {}

    def collections_describe(self, body):
        collection = self.find(body)
        return {
            "collectionName": self.aliases.get(body["collectionName"], body["collectionName"]),
            "fields": [{"name": name, "type": field["dataType"], "primaryKey": name == collection.primary,
                        "params": [{"key": k, "value": v} for k, v in field["elementTypeParams"].items()]}
                       for name, field in collection.fields.items()],
            "indexes": [{"fieldName": i["fieldName"], "indexName": i["indexName"], "metricType": i["metricType"]}
                        for i in collection.indexes],
            "load": "LoadStateLoaded" if collection.loaded else "LoadStateNotLoad",
            "consistencyLevel": "Strong", "enableDynamicField": collection.dynamic}

    def collections_get_load_state(self, body):
        return {"loadState": "LoadStateLoaded" if self.find(body).loaded else "LoadStateNotLoad"}

    def collections_load(self, body):
        self.find(body).loaded = True
        return {}

    def collections_release(self, body):
        self.find(body).loaded = False
        return {}

    def collections_drop(self, body):
        if body["collectionName"] in self.aliases.values():
            raise Failure(UNEXPECTED, "cannot drop the collection which has aliases")
        self.collections.pop(body["collectionName"], None)
        return {}

    # ---- aliases ----

    def aliases_describe(self, body):
        if body["aliasName"] not in self.aliases:
            raise Failure(NO_ALIAS, f"alias not found[database=default][alias={body['aliasName']}]")
        return {"dbName": "default", "collectionName": self.aliases[body["aliasName"]], "aliasName": body["aliasName"]}

    def aliases_create(self, body):
        if body["aliasName"] in self.collections:
            raise Failure(1601, "alias and collection name conflict")
        if self.aliases.get(body["aliasName"], body["collectionName"]) != body["collectionName"]:
            raise Failure(UNEXPECTED, "alias exists already to another collection")
        self.find(body)
        self.aliases[body["aliasName"]] = body["collectionName"]
        return {}

    def aliases_alter(self, body):
        if body["aliasName"] not in self.aliases:
            raise Failure(NO_ALIAS, "alias not found")
        self.find(body)
        self.aliases[body["aliasName"]] = body["collectionName"]
        return {}

    def aliases_drop(self, body):
        self.aliases.pop(body["aliasName"], None)
        return {}

    # ---- entities ----

    def entities_upsert(self, body):
        collection = self.find(body)
        for row in body["data"]:
            collection.check(row)
        for row in body["data"]:
            collection.rows[row[collection.primary]] = row
        return {"upsertCount": len(body["data"]), "upsertIds": [row[collection.primary] for row in body["data"]]}

    def entities_delete(self, body):
        collection = self.find(body)
        chosen = matches(body["filter"])
        gone = [key for key, row in collection.rows.items() if chosen(row)]
        for key in gone:
            del collection.rows[key]
        return {"deleteCount": len(gone)}

    def entities_query(self, body):
        collection = self.loaded(body)
        fields = body["outputFields"]
        chosen = [row for row in collection.rows.values() if matches(body.get("filter", ""))(row)]
        if fields == ["count(*)"]:
            return [{"count(*)": len(chosen)}]
        if not body.get("filter") and "limit" not in body:
            raise Failure(BAD_PARAMETER, "empty expression should be used with limit")
        return [{name: row[name] for name in fields} for row in chosen]

    def entities_search(self, body):
        collection = self.loaded(body)
        if not 1 <= body["limit"] <= 16384:
            raise Failure(UNEXPECTED, f"topk [{body['limit']}] is invalid, it should be in range [1, 16384]")
        if body["searchParams"]["params"].get("ef", body["limit"]) < body["limit"]:
            raise Failure(UNEXPECTED, "ef should be larger than k")
        if body["searchParams"].get("metricType", "COSINE") != collection.indexes[0]["metricType"]:
            raise Failure(BAD_PARAMETER, "metric type not match")
        found = []
        for query in body["data"]:
            if len(query) != collection.dimension():
                raise Failure(BAD_FORMAT, f"dimension: {collection.dimension()}, but length of []float: {len(query)}")
            scored = [(cosine(query, row["vector"]), key) for key, row in collection.rows.items()]
            scored.sort(key=lambda pair: -pair[0])
            found += [{"distance": score, "id": key} for score, key in scored[:body["limit"]]]
        return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or "{}")
        action = getattr(self.server.milvus, self.path.removeprefix("/v2/vectordb/").replace("/", "_"), None)
        if not self.path.startswith("/v2/vectordb/") or action is None:
            return self.answer(404, b"404 page not found")
        if self.server.token and self.headers.get("Authorization") != "Bearer " + self.server.token:
            return self.answer_json({"code": NO_ACCESS, "message": "user hasn't authenticated"})
        try:
            with self.server.milvus.lock:
                self.answer_json({"code": OK, "data": action(body)})
        except Failure as failure:
            self.answer_json({"code": failure.code, "message": str(failure)})
        except KeyError as missing:
            self.answer_json({"code": MISSING, "message": f"missing required parameters, error: {missing}"})

    def do_GET(self):
        self.answer(200, b"OK") if self.path == "/healthz" else self.answer(404, b"404 page not found")

    def answer_json(self, value):
        self.answer(200, json.dumps(value).encode())

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def start(port=0, token=""):
    """Starts a server in threads of this process; its port is `server_address[1]`."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.milvus, server.token = Milvus(), token
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    start(int(sys.argv[1]), *sys.argv[2:])
    threading.Event().wait()
