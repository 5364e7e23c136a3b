#!/usr/bin/env python3
"""Fails every command that writes at every call in turn, and checks its error and its files (docs/developing/harnesses.md).

usage: faults.py MATCHER DEMO_PHOTOS POINTS_LIBRARY [OPTION ...]

--sample N     fail each command at only N calls
--quick        one command per writer
--group GROUP  the commands of a group: embedding, index, results or adapted
--only WORDS   commands whose name contains WORDS
--folder DIR   work here, and keep it (default: a temporary folder)
--list         print the commands and their points, fail nothing
"""
import collections
import csv
import errno
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "points"))
import driver  # noqa: E402
import trees  # noqa: E402

# A fault: the kinds of calls, their errno, whether all later calls fail too, and the exit codes that it may cause.
Fault = collections.namedtuple("Fault", "name kinds error always codes")
RESOURCE, INPUT_OR_RESOURCE = (5,), (2, 3, 5)
FAULTS = [
    Fault("disk full", "write,create,unnamed", errno.ENOSPC, True, RESOURCE),
    Fault("one write fails", "write", errno.EIO, False, RESOURCE),
    Fault("sync fails", "sync", errno.EIO, False, RESOURCE),
    Fault("rename refused", "rename", errno.EACCES, False, RESOURCE),
    Fault("creation refused", "create", errno.EACCES, False, RESOURCE),
    Fault("no files without a name", "unnamed", errno.EOPNOTSUPP, True, ()),
    Fault("removal refused", "remove", errno.EACCES, False, RESOURCE),
    Fault("open refused", "open", errno.EACCES, False, INPUT_OR_RESOURCE),
    Fault("too many open files", "open,create,unnamed", errno.EMFILE, True, INPUT_OR_RESOURCE),
    Fault("read fails", "read", errno.EIO, False, INPUT_OR_RESOURCE),
    Fault("map fails", "map", errno.ENOMEM, False, INPUT_OR_RESOURCE),
    Fault("no memory", "memory", errno.ENOMEM, False, INPUT_OR_RESOURCE),
]
MEMORY_POINTS = 40  # a command asks for memory thousands of times
MAY_PASS = ("cannot be read: ", "not enough memory")
ERROR = "matcher: error: "
JSON_ERROR = '{"schema":"matcher.error/1"'  # with --format json
LEFT_OUT = "images that could not be read: "
# Texts of exceptions and libraries that are no sentence for a user.
RAW = re.compile(r"terminate called|json\.exception|filesystem error|basic_ios|iostream error|std::|what\(\)|\bc10::|\[enforce fail")


class Faults:
    """Fails calls of one command and collects problems."""

    def __init__(self, sandbox):
        self.sandbox, self.command, self.program = sandbox, sandbox.command, sandbox.program
        self.problems, self.tries = [], 0

    def all_points(self):
        """Returns (fault, point) for every call that each fault can hit."""
        pairs = []
        for fault in FAULTS:
            self.sandbox.restore()
            _, points = self.program.list_points(self.command.arguments, **self.where(fault))
            if fault.kinds == "memory":
                points = driver.chosen(points, self.command.memory_points or MEMORY_POINTS)
            pairs += [(fault, point) for point in points]
        return pairs

    def where(self, fault):
        """Inputs can fail too, not only files of the sandbox."""
        return {"kinds": fault.kinds, "root": self.sandbox.folder.parent}

    def try_point(self, fault, point):
        self.sandbox.restore()
        result, reached = self.program.list_points(self.command.arguments, at=point.number, error=fault.error,
                                                   always=fault.always, **self.where(fault))
        self.tries += 1
        # Threads take photos in any order: the call of this number can be another one than in the first run.
        point = next((one for one in reached if one.number == point.number), point)
        state = self.sandbox.state()
        reasons = self.reasons(state) if result.code == 0 else []
        left_out = result.code == 0 and LEFT_OUT in result.err
        problems = self.check_rerun()
        if reasons:  # an image that cannot be read is a row
            problems += self.check_reasons(reasons)
        elif left_out:  # the same for a result without a list of them: it says so, and is right after the next run
            problems += self.check_litter(fault, state)
        else:
            problems += self.check_result(fault, result, state) + self.check_state(fault, state)
        where = f"{self.command.name}, {fault.name} at point {point.number} ({point.call} {self.sandbox.short(point.path)})"
        self.problems += [f"{where}: {problem}" for problem in problems]

    def reasons(self, state):
        """Returns the reasons in failures.csv."""
        lists = [state.get(f"{name}/failures.csv", b"").decode() for name in self.command.writes]
        return [row["reason"] for text in lists for row in csv.DictReader(text.splitlines())]

    def check_reasons(self, reasons):
        """An image of the inputs is valid: only a reason that may pass is correct."""
        wrong = [reason for reason in reasons if not reason.startswith(MAY_PASS)]
        return [f"a valid image is called \"{reason}\"" for reason in wrong]

    def check_result(self, fault, result, state):
        if result.code == self.command.code:
            old = [name for name in self.command.writes if not self.sandbox.is_new(state, name)]
            return [f"ends with {result.code}, but {', '.join(old)} is not new"] if old else []
        if result.code not in fault.codes:
            return [f"ends with {result.code}: {result.err.strip()[-500:]}"]
        return self.check_message(result.err)

    def check_message(self, text):
        lines = text.splitlines()
        errors = [line for line in lines if line.startswith((ERROR, JSON_ERROR))]
        if len(errors) != 1 or lines[-1] != errors[0]:
            return [f"the error is not one last line: {text.strip()}"]
        return [f"the error has raw text: {errors[0]}"] if RAW.search(errors[0]) else []

    def check_state(self, fault, state):
        problems = [] if self.sandbox.neighbours_are_whole(state) else ["a file of the user was changed"]
        problems += [f"{name} is neither old nor new" for name in self.command.writes if not self.is_whole(state, name)]
        return problems + self.check_litter(fault, state)

    def check_litter(self, fault, state):
        # An embedding set continues from its .partial. A folder that cannot be opened, or whose files cannot be removed,
        # cannot be cleaned now; the same command again does it.
        litter = [path for path in self.sandbox.litter(state) if not re.search(r"\.partial(/|$)", path)]
        cleans = "open" not in fault.kinds and fault.kinds != "remove"
        return [f"there is {', '.join(litter)}"] if litter and cleans else []

    def is_whole(self, state, name):
        if self.sandbox.is_old(state, name) or self.sandbox.is_new(state, name):
            return True
        if name == "junit.xml" and b' errors="1"' in state.get(name, b""):
            return True  # the report of the failure, whole
        kept = trees.part(state, name)
        return name.endswith(".previous") and kept == trees.part(self.sandbox.before, name.removesuffix(".previous"))

    def check_rerun(self):
        result = self.program.run(self.command.arguments)
        if result.code != self.command.code:
            return [f"the same command again ends with {result.code}: {result.err.strip()}"]
        state = self.sandbox.state()
        again = "--rollback" in self.command.arguments
        wrong = [name for name in self.command.writes
                 if not name.endswith(".previous") and not again and not self.sandbox.is_new(state, name)]
        litter = [path for path in self.sandbox.litter(state) if ".previous" not in path]
        return ([f"after the same command again {', '.join(wrong)} is wrong"] if wrong else []) + \
               ([f"after the same command again there is {', '.join(litter)}"] if litter else [])


def check(sandbox, options):
    faults = Faults(sandbox)
    for fault, point in driver.chosen(faults.all_points(), options.sample):
        faults.try_point(fault, point)
    return faults.tries, faults.problems


if __name__ == "__main__":
    sys.exit(driver.run("faults", __doc__, check))
