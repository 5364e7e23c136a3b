"""A folder in which one command is run again and again from the same state."""
import pathlib
import re
import shutil

import trees

NEIGHBOURS = {"notes.txt": b"notes of the user\n", "idx.txt": b"beside\n", "set.tmp.mine/thesis.txt": b"thesis\n",
              "run.old/report.json": b"{}\n", "result.bak": b"an old result\n"}
# Every process has a pack of its own in the cache, with vectors that later commands use.
OWN_NAMES = re.compile(r"/cache/[^/]+/[^/]+\.pack$")


class Sandbox:
    """`program` runs in `folder`; `before` has the state before the command, `after` that after it."""

    def __init__(self, program, command, base):
        self.program, self.command = program, command
        self.folder, self.start = program.folder, pathlib.Path(base, "start")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.make_state_before()
        trees.replace_tree(self.folder, self.start)
        self.before = self.state()
        self.learn_state_after()

    def make_state_before(self):
        for name, data in NEIGHBOURS.items():
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_bytes(data)
        for number, arguments in enumerate(self.command.before):
            if self.command.cut and number == len(self.command.before) - 1:
                self.cut_short(arguments)
            else:
                self.expect(self.program.run(arguments), 0, arguments)

    def cut_short(self, arguments):
        aside = self.folder.with_name("aside")
        trees.replace_tree(self.folder, aside)
        _, points = self.program.list_points(arguments, hurry=True)
        trees.replace_tree(aside, self.folder)
        self.program.run(arguments, at=len(points) * self.command.cut // 100, hurry=True)

    def learn_state_after(self):
        """Runs the command twice: files that differ contain times or speeds."""
        result, self.points = self.program.list_points(self.command.arguments, hurry=self.command.hurry)
        self.expect(result, self.command.code, self.command.arguments)
        self.after = self.state()
        self.restore()
        self.expect(self.program.run(self.command.arguments), self.command.code, self.command.arguments)
        # A speed that comes from the cache is the same twice, but another one if the cache fails.
        # A duration in JUnit's form is the same twice if both were short.
        timed = {path for path, data in self.after.items()
                 if path.endswith("manifest.json") and (b'"images_per_second"' in data or b'"created"' in data)
                 or path.endswith(".xml")}
        self.changing = trees.differing(self.after, self.state()) | timed

    def expect(self, result, code, arguments):
        if result.code != code:
            raise RuntimeError(f"matcher {' '.join(arguments)} ended with {result.code}: {result.err}")

    def restore(self):
        trees.replace_tree(self.start, self.folder)

    def state(self):
        return {path: data for path, data in trees.read_tree(self.folder).items() if not OWN_NAMES.search("/" + path)}

    def changing_in(self, name):
        return {path[len(name) + 1:] for path in self.changing if path == name or path.startswith(name + "/")}

    def is_new(self, state, name):
        return trees.same(trees.part(state, name), trees.part(self.after, name), self.changing_in(name))

    def is_old(self, state, name):
        return trees.part(state, name) == trees.part(self.before, name)

    def neighbours_are_whole(self, state):
        return all(state.get(name) == data for name, data in NEIGHBOURS.items())

    def litter(self, state):
        """Returns what neither the state before nor that after the command has."""
        return sorted(path for path in state if path not in self.before and path not in self.after)

    def short(self, path):
        return path.removeprefix(str(self.folder) + "/")

    def run(self, **points):
        return self.program.run(self.command.arguments, hurry=self.command.hurry, **points)
