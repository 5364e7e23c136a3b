#!/usr/bin/env python3
"""Writes a run of synthetic queries, in matcher's own files or in those of TREC, to time its evaluation.

    benchmarks/end_to_end/make_run.py OUTPUT [--queries 1000000] [--labels 1000] [--per-label 10] [--answers 10] [--seed 1] [--trec]
    /usr/bin/time -v matcher eval --run OUTPUT

The seed decides which answers are correct; the queries are the same for every seed. One query in 50 has no correct item in the
gallery.
"""

import argparse
import json
import pathlib
import random

METRICS = ["top1", "top5", "top10", "mrr", "map"]


def metrics_of(right, relevant):
    """Metrics, from the ranks of the correct answers."""
    if not relevant:
        return dict.fromkeys(METRICS)
    first = right[0] if right else float("inf")
    precisions = [i / rank for i, rank in enumerate(right, 1)]
    return {f"top{k}": float(first <= k) for k in (1, 5, 10)} | {"mrr": 1 / first, "map": sum(precisions) / relevant}


def query_of(number, options, rng):
    """Yields id, label, number of gallery items with the label, and answers as (item, label, score)."""
    known = number % 50 != 0
    label = number * 7919 % options.labels if known else options.labels + number % 7
    luck = rng.random()
    answers, used = [], set()
    for rank in range(options.answers):
        right = known and rng.random() < luck
        its = label if right else rng.randrange(options.labels)
        item = (its, rng.randrange(options.per_label))
        if item not in used:
            used.add(item)
            answers.append((f"gallery/p{its:04d}/{item[1]}.jpg", f"p{its:04d}", 1 - 0.03 * rank - 0.01 * rng.random()))
    right = [f"gallery/p{label:04d}/{i}.jpg" for i in range(options.per_label)] if known else []
    return f"queries/p{label:04d}/{number}.jpg", f"p{label:04d}", right, answers


def write_own(folder, options, rng):
    with open(folder / "queries.jsonl", "w") as lines:
        for number in range(options.queries):
            query, label, relevant, answers = query_of(number, options, rng)
            right = [rank for rank, (_, its, _) in enumerate(answers, 1) if relevant and its == label]
            lines.write(json.dumps({
                "id": query, "label": label, "path": "/photos/" + query, "known": bool(relevant), "relevant": len(relevant),
                "right": right, "metrics": metrics_of(right, len(relevant)),
                "answers": [{"id": item, "label": its, "score": round(score, 7)} for item, its, score in answers],
                "category": f"aisle-{int(label[1:]) % 20}"}, separators=(",", ":")) + "\n")
    zeros = dict.fromkeys(["gallery_failures", "query_failures", "unknown_queries", "self_matches"], 0)
    estimate = {"value": 0.5, "low": 0.5, "high": 0.5}
    report = {"schema": "matcher.report/1",
              "model": {"name": "synthetic", "dimension": 0, "fingerprint": "", "size_bytes": 0, "precision": "fp32", "device": "cpu"},
              "dataset": {"name": "synthetic", "fingerprint": "", "gallery": options.labels * options.per_label,
                          "queries": options.queries, "labels": options.labels, "protocol": "generated", "unknown_labels": []} | zeros,
              "index": "exact", "depth": options.answers, "metrics": dict.fromkeys(METRICS, estimate),
              "speed": {"images_per_second": 0, "search_ms_p50": 0, "search_ms_p95": 0}}
    (folder / "report.json").write_text(json.dumps(report))
    names = {f"p{label:04d}": f"Product {label}" for label in range(options.labels)}
    (folder / "manifest.json").write_text(json.dumps({"schema": "matcher.run/1", "label_names": names}))


def write_trec(folder, options, rng):
    with open(folder / "run.trec", "w") as run, open(folder / "qrels.trec", "w") as qrels:
        for number in range(options.queries):
            query, _, relevant, answers = query_of(number, options, rng)
            run.writelines(f"{query} Q0 {item} {rank} {score:.7f} synthetic\n" for rank, (item, _, score) in enumerate(answers, 1))
            qrels.writelines(f"{query} 0 {item} 1\n" for item in relevant)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--queries", type=int, default=1_000_000)
    parser.add_argument("--labels", type=int, default=1000)
    parser.add_argument("--per-label", type=int, default=10)
    parser.add_argument("--answers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trec", action="store_true", help="run.trec and qrels.trec and nothing else")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    (write_trec if options.trec else write_own)(options.output, options, random.Random(options.seed))


if __name__ == "__main__":
    main()
