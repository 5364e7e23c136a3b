#!/usr/bin/env python3
"""Milvus's REST API v2 in front of a Milvus that has only gRPC, to run the tests of targets on a real engine without a newer server.

usage: milvus_bridge.py PORT MILVUS_PORT     (needs pymilvus; then MATCHER_TEST_MILVUS=PORT targets.py milvus ...)
"""
import sys
import threading

import fake_milvus
from fake_milvus import Failure
from pymilvus import Collection, CollectionSchema, DataType, FieldSchema, MilvusException, connections, utility

TYPES = {"VarChar": DataType.VARCHAR, "Int32": DataType.INT32, "FloatVector": DataType.FLOAT_VECTOR}


class Bridge:
    """Runs the actions of fake_milvus.Milvus on a server."""

    def __init__(self):
        self.lock = threading.Lock()

    def __getattribute__(self, name):
        action = object.__getattribute__(self, name)
        if "_" not in name or name.startswith("_"):
            return action

        def told(body):
            try:
                return action(body)
            except MilvusException as error:
                raise Failure(error.code or fake_milvus.UNEXPECTED, error.message) from error
        return told

    def collections_list(self, body):
        return utility.list_collections()

    def collections_create(self, body):
        fields = []
        for field in body["schema"]["fields"]:
            params = {k: int(v) for k, v in field["elementTypeParams"].items()}
            fields.append(FieldSchema(field["fieldName"], TYPES[field["dataType"]], is_primary=field.get("isPrimary", False), **params))
        schema = CollectionSchema(fields, enable_dynamic_field=body["schema"].get("enableDynamicField", False))
        collection = Collection(body["collectionName"], schema,
                                consistency_level=body.get("params", {}).get("consistencyLevel", "Bounded"))
        for index in body.get("indexParams", []):
            collection.create_index(index["fieldName"], {
                "index_type": index["indexType"], "metric_type": index["metricType"],
                "params": {k: int(v) for k, v in index["params"].items() if k != "index_type"}}, index_name=index["indexName"])
            collection.load()
        return {}

    def collections_describe(self, body):
        if not utility.has_collection(body["collectionName"]):
            raise Failure(fake_milvus.NO_COLLECTION, "can't find collection")
        collection = Collection(body["collectionName"])
        return {"collectionName": collection.name,
                "fields": [{"name": f.name, "params": [{"key": k, "value": str(v)} for k, v in f.params.items()]}
                           for f in collection.schema.fields],
                "indexes": [{"fieldName": i.field_name, "indexName": i.index_name, "metricType": i.params["metric_type"]}
                            for i in collection.indexes]}

    def collections_get_load_state(self, body):
        return {"loadState": {"Loaded": "LoadStateLoaded", "Loading": "LoadStateLoading"}.get(
            str(utility.load_state(body["collectionName"])), "LoadStateNotLoad")}

    def collections_load(self, body):
        Collection(body["collectionName"]).load()
        return {}

    def collections_drop(self, body):
        utility.drop_collection(body["collectionName"])
        return {}

    def aliases_describe(self, body):
        for name in utility.list_collections():
            if body["aliasName"] in utility.list_aliases(name):
                return {"aliasName": body["aliasName"], "collectionName": name}
        raise Failure(fake_milvus.NO_ALIAS, "alias not found")

    def aliases_create(self, body):
        utility.create_alias(body["collectionName"], body["aliasName"])
        return {}

    def aliases_alter(self, body):
        utility.alter_alias(body["collectionName"], body["aliasName"])
        return {}

    def aliases_drop(self, body):
        utility.drop_alias(body["aliasName"])
        return {}

    def entities_upsert(self, body):
        return {"upsertCount": Collection(body["collectionName"]).upsert(body["data"]).upsert_count}

    def entities_delete(self, body):
        return {"deleteCount": Collection(body["collectionName"]).delete(body["filter"]).delete_count}

    def entities_query(self, body):
        rows = Collection(body["collectionName"]).query(body["filter"], body["outputFields"], consistency_level="Strong")
        return [{k: [float(x) for x in v] if k == "vector" else v for k, v in row.items()} for row in rows]

    def entities_search(self, body):
        asked = body["searchParams"]
        found = Collection(body["collectionName"]).search(
            body["data"], body["annsField"], {"metric_type": asked["metricType"], "params": asked["params"]}, body["limit"],
            consistency_level="Strong")
        return [{"id": hit.id, "distance": hit.distance} for hits in found for hit in hits]


if __name__ == "__main__":
    connections.connect(host="127.0.0.1", port=sys.argv[2])
    fake_milvus.Milvus = Bridge
    fake_milvus.start(int(sys.argv[1]))
    threading.Event().wait()
