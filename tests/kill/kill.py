#!/usr/bin/env python3
"""Kills every command that writes at every point in turn, and checks what is left (docs/developing/harnesses.md).

usage: kill.py MATCHER DEMO_PHOTOS POINTS_LIBRARY [OPTION ...]

--sample N     kill each command at only N of its points
--quick        one command per writer
--group GROUP  the commands of a group: embedding, index, results or adapted
--only WORDS   commands whose name contains WORDS
--folder DIR   work here, and keep it (default: a temporary folder)
--list         print the commands and their points, kill nothing
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "points"))
import driver  # noqa: E402
import trees  # noqa: E402


# Where the file system needs names for all files, a process that is killed before it has named its file leaves it empty.
TEMPORARY = re.compile(r"\.tmp-[0-9a-f]{16}$")


class Kills:
    """Kills one command at points and collects problems."""

    def __init__(self, sandbox):
        self.sandbox, self.command, self.program = sandbox, sandbox.command, sandbox.program
        self.problems, self.kills = [], 0

    def try_point(self, point):
        self.sandbox.restore()
        result = self.sandbox.run(at=point.number)
        where = f"{self.command.name}, killed at point {point.number} ({point.call} {self.sandbox.short(point.path)})"
        if result.code == -9:
            self.kills += 1
            problems = self.check_state(self.sandbox.state()) + self.check_next_steps(point)
        elif result.code == self.command.code:
            problems = []  # this time the command had fewer points
        else:
            problems = [f"ended with {result.code}: {result.err.strip()}"]
        self.problems += [f"{where}: {problem}" for problem in problems]

    def check_state(self, state):
        """A temporary file may be left, also inside an artefact that the command adds a file to; the same command again
        removes it, which check_rerun() looks at."""
        state = {path: data for path, data in state.items() if not TEMPORARY.search(path)}
        problems = [f"{name} is neither old nor new: {self.difference(state, name)}"
                    for name in self.command.writes if not self.is_whole(state, name)]
        if not self.sandbox.neighbours_are_whole(state):
            problems.append("a file of the user was changed")
        if self.command.reads and self.command.writes[0] in state:
            result = self.program.run(self.command.reads)
            problems += [f"{self.command.writes[0]} cannot be read: {result.err.strip()}"] if result.code != 0 else []
        return problems

    def is_whole(self, state, name):
        """True for the old and the new artefact. A `.previous` may also be the old target, or be missing for a moment."""
        if self.sandbox.is_old(state, name) or self.sandbox.is_new(state, name):
            return True
        kept = trees.part(state, name)
        return name.endswith(".previous") and kept in ({}, trees.part(self.sandbox.before, name.removesuffix(".previous")))

    def difference(self, state, name):
        return trees.first_difference(trees.part(state, name), trees.part(self.sandbox.after, name), self.sandbox.changing_in(name))

    def check_next_steps(self, point):
        """Checks the two commands that a user may run next: the same again, and --rollback. Kills twice for this, because
        a copy of the folder would have other inodes than those that the killed command noted."""
        problems = self.check_rerun(self.sandbox.state())
        if self.command.rollback:
            self.sandbox.restore()
            self.sandbox.run(at=point.number)
            problems += self.check_rollback(self.sandbox.state())
        return problems

    def check_rerun(self, killed):
        result = self.program.run(self.command.arguments)
        if result.code != self.command.code:
            return [f"the same command again ends with {result.code}: {result.err.strip()}"]
        state = self.sandbox.state()
        problems = [] if self.sandbox.neighbours_are_whole(state) else ["the same command again changed a file of the user"]
        # A command that was complete before the kill has been run twice, and keeps what it replaced.
        litter = [path for path in self.sandbox.litter(state) if not self.is_kept_by_second_run(killed, path)]
        if len(litter) > 1 or any(state[path] or not TEMPORARY.search(path) for path in litter):
            problems.append(f"after the same command again there is {', '.join(litter)}")
        for name in self.command.writes:
            if not self.is_right_after_rerun(killed, state, name):
                problems.append(f"after the same command again {name} is wrong: {self.difference(state, name)}")
        return problems

    def is_kept_by_second_run(self, killed, path):
        target, dot, _ = path.partition(".previous")
        return dot and target in self.command.writes and self.sandbox.is_new(killed, target)

    def is_right_after_rerun(self, killed, state, name):
        """A command whose target was new before the rerun has been run twice: `.previous` may be new too, and a second
        --rollback goes back."""
        if self.sandbox.is_new(state, name):
            return True
        target = name.removesuffix(".previous")
        twice = self.sandbox.is_new(killed, target)
        if "--rollback" in self.command.arguments:
            return twice and self.sandbox.is_old(state, name)
        return twice and name != target and trees.same(
            trees.part(state, name), trees.part(self.sandbox.after, target), self.sandbox.changing_in(target))

    def check_rollback(self, killed):
        """After --rollback the target is the one before the killed command, or the one before that."""
        result = self.program.run(self.command.rollback)
        target, kept = self.command.writes
        older = trees.part(self.sandbox.before, kept)
        replaced = not self.sandbox.is_old(killed, target)
        if not replaced and not older and result.code == 3:
            return []
        if result.code != 0:
            return [f"--rollback ends with {result.code}: {result.err.strip()}"]
        wanted = trees.part(self.sandbox.before, target) if replaced else older
        found = trees.part(self.sandbox.state(), target)
        return [] if found == wanted else [f"--rollback gives a wrong index: {trees.first_difference(found, wanted)}"]


def check(sandbox, options):
    kills = Kills(sandbox)
    for point in driver.chosen(sandbox.points, options.sample):
        kills.try_point(point)
    return kills.kills, kills.problems


if __name__ == "__main__":
    sys.exit(driver.run("kill", __doc__, check))
