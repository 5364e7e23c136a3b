"""The command line that tests/kill and tests/faults share: makes a sandbox per command and counts tries and problems."""
import argparse
import contextlib
import pathlib
import tempfile

import commands
from program import Program
from sandbox import Sandbox


def parse(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("matcher", "demo_photos", "library"):
        parser.add_argument(name, type=lambda path: str(pathlib.Path(path).resolve()))
    parser.add_argument("--sample", type=int)
    parser.add_argument("--group", choices=commands.GROUPS)
    parser.add_argument("--only", default="")
    parser.add_argument("--folder")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def chosen(points, sample):
    """Chooses points in equal distances."""
    if sample is None or sample >= len(points):
        return points
    return [points[(2 * i + 1) * len(points) // (2 * sample)] for i in range(sample)]


def list_points(sandbox):
    for point in sandbox.points:
        print(f"  {sandbox.command.name}: {point.number} {point.call} {sandbox.short(point.path)}")


def try_command(options, base, command, name, check):
    """Returns (number of tries, problems)."""
    try:
        sandbox = Sandbox(Program(options.matcher, options.library, base / "here"), command, base)
    except RuntimeError as error:
        print(f"{name}: {command.name}: cannot be tried: {error}", flush=True)
        return 0, [str(error)]
    if options.list:
        list_points(sandbox)
        return 0, []
    tries, problems = check(sandbox, options) if sandbox.points else (0, ["no point was found: the library does not see its calls"])
    print(f"{name}: {command.name}: {tries} at {len(sandbox.points)} points, {len(problems)} problems", flush=True)
    for problem in problems:
        print(f"  {problem}", flush=True)
    return tries, problems


def run(name, description, check):
    """Runs `check(sandbox, options)` for each chosen command. Returns the exit code."""
    options = parse(description)
    with contextlib.ExitStack() as stack:
        temporary = stack.enter_context(tempfile.TemporaryDirectory(prefix=f"matcher-{name}-"))
        base = pathlib.Path(options.folder or temporary).resolve()
        if not (base / "inputs").exists():
            commands.make_inputs(base / "inputs", options.matcher, options.demo_photos)
        wanted = commands.find_commands(options)
        results = [try_command(options, base, command, name, check) for command in wanted]
    tries, problems = sum(tries for tries, _ in results), sum(len(found) for _, found in results)
    print(f"{name}: {tries} tries of {len(wanted)} commands, {problems} problems")
    return 1 if problems or not wanted else 0
