#!/usr/bin/env python3
"""Runs the commands of all pages whose output is not shown, in folders with small stand-ins, and checks their exit codes.

usage: run_commands.py MATCHER DEMO_PHOTOS [--server chroma|milvus] [--page PAGE] [--list]

--server  run the commands for this vector database instead, with a server that is started here; skipped if it is missing
--page    run this page only; may be repeated
--list    list the commands that no test runs, with the reason

prepare.sh makes the stand-ins, and commands.txt has the exceptions. scripts/check-docs runs the ```console blocks.
"""
import argparse
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import servers

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
# What every command gets instead of its words: there is no GPU and no /data, and stand-ins are small. The file `version` has
# the name of the version of dinov2-large in a database.
STAND_INS = [(re.compile(r"--device cuda[:\d,]*"), "--device cpu"),
             (re.compile(r"--dimension \d+"), "--dimension 8"), (re.compile(r"--shards 64"), "--shards 4"),
             (re.compile(r"(?<=TASK_ID)/400"), "/2"), (re.compile("a01b22c3d4e5"), "$(cat version)"),
             (re.compile(r"(?<=[\s\"])/data/"), "data/")]
ADDRESS = re.compile(r"\b(chroma|milvus)://[\w.]+:\d+")
SERVER_PAGES = {"docs/guides/chroma.md": "chroma", "docs/guides/milvus.md": "milvus", "docs/guides/milvus-cluster.md": "milvus"}
# What a page needs besides prepare.sh.
BEFORE = {
    "docs/commands/query.md":
        {"chroma": "matcher index --model my-model --dataset demo --to chroma://127.0.0.1:8000/products"},
    "docs/guides/milvus-cluster.md":
        {"milvus": "matcher embed --model dinov2-large --dataset products.csv --shard 2/2 --output data/vectors.2"}}
SCRIPT = """set -uo pipefail
trap 'echo "$line $?" >>"$FAILED"' ERR
"""


@dataclasses.dataclass
class Rule:
    """A line of commands.txt."""
    page: str
    start: str
    action: str
    used: bool = False

    def fits(self, page, command):
        return self.page in ("*", page) and command.text.strip().startswith(self.start)


@dataclasses.dataclass
class Command:
    line: int
    text: str


def read_rules():
    lines = (HERE / "commands.txt").read_text(encoding="utf-8").splitlines()
    return [Rule(*line.split(" | ")) for line in lines if line and not line.startswith("#")]


def join_lines(first, lines):
    """The commands of a block; one that ends with a backslash goes on in the next line."""
    commands, text, start = [], "", first
    for number, line in enumerate(lines, first):
        start = start if text else number
        text += re.sub(r"\s+# .*$", "", line)
        if text.endswith("\\"):
            text = text[:-1]
        elif text.strip():
            commands.append(Command(start, text))
            text = ""
    return commands


def blocks_of(page):
    """The blocks of commands of a page: those without a language, and those of sh."""
    text = page.read_text(encoding="utf-8")
    for match in re.finditer(r"(?ms)^ *```(?:sh)?\n(.*?)^ *```$|^ *```[^\n]+\n.*?^ *```$", text):
        if match[1] is not None:
            yield join_lines(text[:match.start(1)].count("\n") + 1, match[1].splitlines())


class Plan:
    """Decides which commands are run."""

    def __init__(self, server):
        self.server, self.rules, self.not_run = server, read_rules(), []

    def action_of(self, page, command):
        fitting = [rule for rule in self.rules if rule.fits(page, command)]
        for rule in fitting[:1]:
            rule.used = True
            return rule.action
        return ""

    def server_of(self, page, command):
        address = ADDRESS.search(command.text)
        return SERVER_PAGES.get(page) or (address[1] if address else None)

    def lines_of(self, page):
        """The lines of a page that are run, each with its number."""
        lines = []
        for block in blocks_of(ROOT / page):
            actions = [self.action_of(page, command) for command in block]
            if block and block[0].text.startswith("#!"):
                actions = [next(filter(None, actions), "")] * len(block)
            for command, action in zip(block, actions):
                if action.startswith("not run"):
                    self.not_run.append(f"{page}:{command.line}: {command.text.strip()}: {action}")
                elif not action.startswith("by") and self.server_of(page, command) == self.server:
                    code = f" || [[ ,{action.split()[1]}, = *,$?,* ]]" if action else ""
                    lines.append(f"line={command.line}; {command.text}{code}")
        before = BEFORE.get(page, {}).get(self.server)
        return [f"line=0; {before}", *lines] if lines and before else lines

    def unused_rules(self):
        return [f'tests/docs/commands.txt: no command of {rule.page} starts with "{rule.start}": remove the line'
                for rule in self.rules if not rule.used]


def with_stand_ins(line, server):
    for pattern, stand_in in STAND_INS:
        line = pattern.sub(stand_in, line)
    return ADDRESS.sub(lambda match: f"{match[1]}://127.0.0.1:{server.port}", line) if server else line


def run_page(page, lines, base, environment):
    """Runs the lines in a copy of the prepared folder and returns the problems."""
    with tempfile.TemporaryDirectory() as folder:
        work, failed = pathlib.Path(folder) / "work", pathlib.Path(folder) / "failed"
        shutil.copytree(base, work, symlinks=True, copy_function=os.link)
        failed.touch()
        done = subprocess.run(["bash", "-c", SCRIPT + "\n".join(lines)], cwd=work, capture_output=True, text=True,
                              env=environment | {"FAILED": str(failed)}, stdin=subprocess.DEVNULL, timeout=600)
        problems = [f"{page}:{line}: exit code {code}" for line, code in map(str.split, failed.read_text().splitlines())]
        if done.returncode and not problems:
            problems = [f"{page}: the script of its commands ended with code {done.returncode}", done.stderr]
        return problems + [f"  {row}" for row in done.stderr.splitlines() if problems and "error" in row]


def run_with_server(kind, page, lines, base, environment):
    if not kind:
        return run_page(page, [with_stand_ins(line, None) for line in lines], base, environment)
    with tempfile.TemporaryDirectory() as folder, servers.Server(kind, folder) as server:
        return run_page(page, [with_stand_ins(line, server) for line in lines], base, environment)


def run_all(options, plan, pages):
    with tempfile.TemporaryDirectory() as folder:
        base = pathlib.Path(folder) / "base"
        base.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MATCHER", "XDG_"))}
        (base / "scripts").symlink_to(ROOT / "scripts")
        programs = ":".join(str(pathlib.Path(program).resolve().parent) for program in (options.matcher, options.demo_photos))
        environment |= {"PATH": f"bin:{programs}:{os.environ['PATH']}", "HOME": f"{folder}/home", "COLUMNS": "",
                        "CHECKPOINTS": str(ROOT / "tests/data/model"), "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "2"}
        subprocess.run([HERE / "prepare.sh"], cwd=base, env=environment, check=True, stderr=subprocess.DEVNULL)
        problems = []
        for page, lines in pages.items():
            start = time.time()
            found = run_with_server(options.server, page, lines, base, environment)
            problems += found
            print("\n".join([f"{page}: {len(lines)} commands, {time.time() - start:.1f} s", *found]), file=sys.stderr, flush=True)
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matcher")
    parser.add_argument("demo_photos")
    parser.add_argument("--server", choices=servers.PROGRAMS)
    parser.add_argument("--page", action="append", default=[])
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    if options.server and not servers.program_of(options.server):
        print(f"SKIPPED: the server of {options.server} was not found")
        return 0
    plan = Plan(options.server)
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True)
    pages = {page: plan.lines_of(page) for page in listed.stdout.split() if (ROOT / page).exists()}
    if options.list:
        print("\n".join(plan.not_run))
        return 0
    problems = plan.unused_rules() if not options.page else []
    chosen = {page: lines for page, lines in pages.items() if lines and (page in options.page or not options.page)}
    problems += run_all(options, plan, chosen)
    print("\n".join(problems) or f"ok: {sum(map(len, chosen.values()))} commands")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
