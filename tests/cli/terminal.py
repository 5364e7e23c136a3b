#!/usr/bin/env python3
"""Tests what matcher prints on a terminal: width, columns, names and colours.

usage: terminal.py MATCHER DEMO_PHOTOS
"""
import fcntl
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
import unittest

MATCHER, DEMO_PHOTOS = (os.path.abspath(path) for path in sys.argv[1:3])
COLOUR = re.compile(r"\x1b\[\d+m")


def environment(extra):
    plain = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "NO_COLOR", "CLICOLOR_FORCE")}
    return {**plain, "TERM": "xterm-256color", **extra}


def on_terminal(work, arguments, columns, extra={}):
    """Returns what `matcher ARGUMENTS` prints on a terminal of this many columns."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    child = subprocess.Popen([MATCHER, "--quiet", *arguments], cwd=work, stdin=subprocess.DEVNULL, stdout=follower,
                             stderr=subprocess.PIPE, env=environment(extra))
    os.close(follower)
    text = b""
    while True:
        try:
            block = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        text += block
    os.close(leader)
    error = child.stderr.read().decode()
    child.stderr.close()
    if child.wait() != 0:
        raise AssertionError(error)
    return text.decode().replace("\r\n", "\n")


def in_pipe(work, arguments, extra={}):
    return subprocess.run([MATCHER, "--quiet", *arguments], cwd=work, env=environment(extra), check=True,
                          capture_output=True, text=True).stdout


def cells(line):
    """Returns the number of columns that a terminal needs, by Python's tables."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in COLOUR.sub("", line))


class Terminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.folder.name)
        subprocess.run([DEMO_PHOTOS, "--output", cls.work / "demo", "--products", "12", "--gallery-views", "2",
                        "--query-views", "2", "--unknown", "2", "--size", "96"], check=True, capture_output=True)
        for model in ("colour-layout", "gradient-layout"):
            in_pipe(cls.work, ["eval", "--model", model, "--dataset", "./demo", "--output", f"runs/{model}"])

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def compare(self, columns, *more, runs=("runs/colour-layout", "runs/gradient-layout"), extra={}):
        return on_terminal(self.work, ["compare", *runs, *more], columns, extra)

    def test_every_line_fits(self):
        for columns in (60, 80, 120, 200):
            for arguments in (["compare", "runs/colour-layout", "runs/gradient-layout"],
                              ["eval", "--run", "runs/colour-layout"],
                              ["eval", "--run", "runs/colour-layout", "--by", "label"],
                              ["views", "--model", "colour-layout", "--dataset", "./demo"],
                              ["fuse", "runs/colour-layout", "runs/gradient-layout"]):
                for line in on_terminal(self.work, arguments, columns).splitlines():
                    self.assertLessEqual(cells(line), columns, (columns, arguments, line))

    def test_a_wider_terminal_shows_more_columns(self):
        narrow, wide = self.compare(60), self.compare(200)
        self.assertIn("left out: dim, size, ", narrow)
        self.assertNotIn("left out: dim", wide)
        self.assertRegex(wide, "model .*top-10 .*dim")

    def test_columns_in_the_environment_count(self):
        self.assertEqual(self.compare(200, extra={"COLUMNS": "60"}), self.compare(60))
        self.assertEqual(self.compare(60, extra={"COLUMNS": "many"}), self.compare(60))

    def test_a_pipe_has_all_columns_and_no_colours(self):
        text = in_pipe(self.work, ["compare", "runs/colour-layout", "runs/gradient-layout"], {"COLUMNS": "60"})
        self.assertNotIn("left out: dim", text)
        self.assertNotRegex(text, COLOUR)
        self.assertEqual(COLOUR.sub("", in_pipe(self.work, ["compare", "runs/colour-layout", "runs/gradient-layout"],
                                                {"CLICOLOR_FORCE": "1"})), text)

    def test_colours_can_be_turned_off(self):
        gate = ["compare", "runs/gradient-layout", "runs/colour-layout"]
        coloured = on_terminal(self.work, gate, 200)
        shown = re.search(r"^colour-layout .*", COLOUR.sub("", coloured), re.M)[0]
        self.assertEqual(bool(COLOUR.search(coloured)), "no difference shown" not in shown)
        for extra in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotRegex(on_terminal(self.work, gate, 200, extra), COLOUR)

    def test_twelve_models_fit_on_a_screen(self):
        runs = []
        for i in range(12):
            runs.append(f"r{i:02}")
            shutil.copytree(self.work / "runs" / ("colour-layout", "gradient-layout")[i % 2], self.work / runs[-1])
        text = self.compare(80, runs=runs)
        self.assertLessEqual(len(text.splitlines()), 30, text)
        self.assertNotIn("baseline said", text)
        self.assertIn("baseline said", self.compare(80, "--changes", runs=runs))

    def test_wide_labels_keep_the_columns_in_line(self):
        shop = self.work / "shop"
        for label in ("緑茶", "cafe\u0301", "🍎 red", "tea"):
            for role, source in (("gallery", "gallery"), ("queries", "queries")):
                target = shop / role / label
                target.mkdir(parents=True)
                first = sorted((self.work / "demo").rglob("*.jpg"))[len(list(shop.rglob("*.jpg")))]
                shutil.copy(first, target / "1.jpg")
        text = on_terminal(self.work, ["eval", "--model", "colour-layout", "--dataset", "./shop", "--by", "label"], 80)
        header = next(line for line in text.splitlines() if line.startswith("label"))
        place = header.index("queries") + len("queries")
        rows = [line for line in text.splitlines() if line.startswith(("緑茶", "cafe", "🍎", "tea"))]
        self.assertEqual(len(rows), 4, text)
        for row in rows:
            start = next(i for i in range(len(row)) if cells(row[:i]) == place)
            self.assertEqual(row[:start].rstrip()[-1], "1", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
