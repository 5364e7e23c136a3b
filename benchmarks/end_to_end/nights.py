#!/usr/bin/env python3
"""Simulates nights of a regression gate: breaks or shuffles the answers of a stored run and counts the verdicts.

    benchmarks/end_to_end/nights.py MATCHER RUN [--nights 200] [--max-drop 0.01]

A night breaks each correct first answer of RUN with some probability: the planted drop. A share of the queries also changes
without a drop on average, as after a harmless change: as many break as are fixed. A failed gate is a false alarm if the true
drop is at most the margin. A passed gate is a miss if the true drop is larger.
"""

import argparse
import json
import pathlib
import random
import subprocess
import tempfile

VERDICTS = {0: "pass", 6: "fail", 7: "undecided"}


def night(lines, drop, churn, rng):
    """Returns the lines with the right ranks, top1 and the first answer after such a night."""
    known = [line for line in lines if line["known"]]
    right = sum(line["metrics"]["top1"] for line in known) / len(known)
    out = []
    for line in lines:
        line = dict(line)
        if line["known"]:
            now = bool(line["metrics"]["top1"])
            chance = drop / right + churn / (2 * right) if now else churn / (2 * (1 - right))
            if rng.random() < chance:
                now = not now
            line["metrics"] = dict(line["metrics"], top1=float(now))
            line["right"] = [1] * now + [rank for rank in line["right"] if rank > 1]
            first = {"id": "x", "label": line["label"] if now else line["label"] + "?", "score": 0.5}
            line["answers"] = [first]
        out.append(line)
    return out


def write(folder, source, lines):
    folder.mkdir()
    manifest = json.loads((source / "manifest.json").read_text())
    for key in ("files", "sum"):  # as in a run of an older version: without hashes, it may be changed
        manifest.pop(key, None)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    report = json.loads((source / "report.json").read_text())
    report["model"]["fingerprint"] = "0" * 64  # another model, or the gate would report that nothing changed
    (folder / "report.json").write_text(json.dumps(report))
    (folder / "queries.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def verdict(matcher, folder, run, margin):
    command = [matcher, "--quiet", "compare", folder, "--baseline", run, "--max-drop", f"top1={margin}", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    told = json.loads(done.stdout)["gate"]["verdict"]
    assert VERDICTS[done.returncode] == told, (done.returncode, told)
    return told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("run", type=pathlib.Path)
    parser.add_argument("--nights", type=int, default=200)
    parser.add_argument("--max-drop", type=float, default=0.01)
    options = parser.parse_args()
    lines = [json.loads(line) for line in (options.run / "queries.jsonl").open()]
    print("| true drop, points | churn, % | pass | fail | undecided |\n|--:|--:|--:|--:|--:|")
    for drop, churn in [(0, 0), (0, 0.01), (0, 0.02), (0.005, 0.01), (options.max_drop, 0.01), (0.02, 0.01), (0.03, 0.01), (0.05, 0), (0.05, 0.01)]:
        counts = dict.fromkeys(VERDICTS.values(), 0)
        for number in range(options.nights):
            with tempfile.TemporaryDirectory() as scratch:
                folder = pathlib.Path(scratch) / "night"
                write(folder, options.run, night(lines, drop, churn, random.Random(f"{drop} {churn} {number}")))
                counts[verdict(options.matcher, folder, options.run, options.max_drop)] += 1
        print(f"| {100 * drop:g} | {100 * churn:g} | {counts['pass']} | {counts['fail']} | {counts['undecided']} |", flush=True)


if __name__ == "__main__":
    main()
