"""Runs matcher with the library that ends it, or fails a call, at a point (points.cpp)."""
import collections
import errno
import os
import pathlib
import subprocess

Result = collections.namedtuple("Result", "code out err")  # code: exit code, or minus the number of a signal
Point = collections.namedtuple("Point", "number kind call path")
CHANGES = "write,sync,rename,remove,create,unnamed"


class Program:
    """Runs one matcher in one folder. `points` is the library; a sanitizer's library has to be before it."""

    def __init__(self, matcher, points, folder):
        self.matcher, self.points, self.folder = os.path.abspath(matcher), os.path.abspath(points), pathlib.Path(folder)
        self.log = self.folder.with_name(self.folder.name + ".points")

    def run(self, arguments, **points):
        """Runs a command in the folder. `points`: at, error, always, hurry, kinds, root."""
        environment = dict(os.environ, **self.variables(**points) if points else {})
        command = [self.matcher, "--workdir", "matcher-work", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, timeout=300)
        return Result(done.returncode, done.stdout, done.stderr.decode(errors="replace"))

    def variables(self, at=0, error=0, always=False, hurry=False, kinds=CHANGES, root=None):
        ahead = os.environ.get("MATCHER_POINTS_PRELOAD", "")
        return {"LD_PRELOAD": f"{ahead} {self.points}".strip(), "MATCHER_POINTS_ROOT": str(root or self.folder),
                "MATCHER_POINTS_KINDS": kinds, "MATCHER_POINTS_AT": str(at), "MATCHER_POINTS_ERRNO": str(error),
                "MATCHER_POINTS_ALWAYS": str(int(always)), "MATCHER_POINTS_HURRY": str(int(hurry)),
                "MATCHER_POINTS_LOG": str(self.log)}

    def list_points(self, arguments, **points):
        """Runs a command and returns (result, the points that it reached)."""
        self.log.unlink(missing_ok=True)
        result = self.run(arguments, **points)
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return result, [Point(int(number), kind, call, path) for number, kind, call, path in
                        (line.split(" ", 3) for line in lines)]


def name_of(error):
    return errno.errorcode[error]
