#!/usr/bin/env python3
"""Tests scripts/array: 64 shards of one dataset, with jobs that fail at random, under each scheduler.

usage: array.py ARRAY MATCHER DEMO_PHOTOS

Slurm is a stand-in: an `sbatch` that runs the wrapped line for each number of --array. Ends with 1 if a check fails.
"""
import json
import os
import pathlib
import random
import stat
import subprocess
import sys
import tempfile

FLAKY = """#!/usr/bin/env python3
# Runs matcher; of the jobs of embed, a third is killed, half of these before they begin.
import os, random, signal, subprocess, sys
if "embed" not in sys.argv or random.random() > 0.33:
    os.execv(MATCHER, [MATCHER, *sys.argv[1:]])
if random.random() < 0.5:
    sys.exit(5)
subprocess.run([MATCHER, *sys.argv[1:]], timeout=60)
os.kill(os.getpid(), signal.SIGKILL)
"""

SBATCH = """#!/usr/bin/env python3
# A stand-in: runs the wrapped line once per number of --array.
import os, subprocess, sys
words = sys.argv[1:]
line = words[words.index("--wrap") + 1]
numbers = [word for word in words if word.startswith("--array=")][0].split("=")[1].split(",")
codes = [subprocess.run(["sh", "-c", line], env={**os.environ, "SLURM_ARRAY_TASK_ID": number}).returncode for number in numbers]
sys.exit(1 if any(codes) else 0)
"""


def write_program(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def check(is_right, text):
    if not is_right:
        print(f"array: failed: {text}", file=sys.stderr)
        sys.exit(1)


class Trial:
    def __init__(self, array, matcher, photos, folder):
        self.array, self.matcher, self.photos, self.folder = array, matcher, photos, folder
        write_program(folder / "flaky", FLAKY.replace("MATCHER", repr(matcher)))
        write_program(folder / "sbatch", SBATCH)

    def run(self, name, shards, *words, program="flaky", embed=None):
        output = self.folder / name
        command = [self.array, "--shards", str(shards), "--output", str(output), "--matcher",
                   str(self.folder / program) if program == "flaky" else program, *words, "--",
                   *(embed or ["--model", "gradient-layout", "--dataset", self.photos, "--no-cache", "--threads", "1"])]
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.folder), output

    def check_set(self, output, shards):
        """The joined shards are the set that one command makes."""
        whole = self.folder / "whole"
        if not whole.exists():
            subprocess.run([self.matcher, "--quiet", "embed", "--model", "gradient-layout", "--dataset", self.photos, "--output", str(whole)],
                           check=True, stdout=subprocess.DEVNULL)
        counts = [json.loads((output / f"shard-{i}" / "manifest.json").read_text())["count"] for i in range(1, shards + 1)]
        check(sum(counts) == json.loads((whole / "manifest.json").read_text())["count"], f"the shards hold {sum(counts)} items")
        joined = b"".join((output / f"shard-{i}" / "vectors.npy").read_bytes()[128:] for i in range(1, shards + 1))
        check(joined == (whole / "vectors.npy").read_bytes()[128:], "the joined vectors differ from those of one command")


def main():
    array, matcher, demo = map(str, map(pathlib.Path.absolute, map(pathlib.Path, sys.argv[1:4])))
    with tempfile.TemporaryDirectory(prefix="matcher-array-") as name:
        folder = pathlib.Path(name)
        photos = str(folder / "photos")
        subprocess.run([demo, "--output", photos, "--products", "12", "--size", "48"], check=True, stdout=subprocess.DEVNULL)
        trial = Trial(array, matcher, photos, folder)
        done, output = trial.run("local", 64, "--jobs", "4", "--tries", "30")
        check(done.returncode == 0, f"64 shards end with {done.returncode}: {done.stderr[-2000:]}")
        check("try 2" in done.stderr, "no shard failed, so nothing was tried")
        trial.check_set(output, 64)
        done, _ = trial.run("local", 64)
        check(done.returncode == 0 and "to embed" not in done.stderr, "a finished array embeds again")
        done, output = trial.run("slurm", 4, "--scheduler", "slurm", "--tries", "30")
        check(done.returncode == 0, f"slurm ends with {done.returncode}: {done.stderr[-2000:]}")
        trial.check_set(output, 4)
        done, _ = trial.run("bad", 4, "--tries", "9", program=matcher, embed=["--model", "nope", "--dataset", photos])
        check(done.returncode == 3 or done.returncode == 2, f"an unknown model ends with {done.returncode}")
        check("try 2" not in done.stderr, "an error of the command was repeated")
    print("array: no problems")


if __name__ == "__main__":
    random.seed(1)
    main()
