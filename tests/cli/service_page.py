#!/usr/bin/env python3
"""Runs the programs of docs/guides/service.md on an index of drawn photos.

usage: service_page.py MATCHER DEMO_PHOTOS PAGE
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def main():
    matcher, demo_photos, page = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    text = page.read_text()
    programs = {sys.executable: ("find.py", "python"), shutil.which("node"): ("find.js", "js")}
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "bin").mkdir()
        (work / "bin/matcher").symlink_to(matcher)
        environment = dict(os.environ, PATH=f"{work / 'bin'}:{os.environ['PATH']}")
        run = lambda words: subprocess.run(words, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
        made = run([demo_photos, "--output", "demo-photos", "--products", "6", "--size", "64"])
        assert made.returncode == 0, made.stderr
        built = run(["matcher", "index", "--model", "colour-layout", "--dataset", "demo-photos/gallery", "--output", "shelf"])
        assert built.returncode == 0, built.stderr
        photos = sorted(str(path.relative_to(work)) for path in work.glob("demo-photos/gallery/*/1.jpg"))
        for program, (name, language) in programs.items():
            if program is None:
                continue
            (work / name).write_text(re.search(rf"```{language}\n(.*?)```", text, re.S)[1])
            result = run([program, name, *photos, "none.jpg"])
            wanted = [f"{photo} {photo.split('/')[2]} 1{'.0' if language == 'python' else '.0000'}" for photo in photos]
            wanted.append("none.jpg: cannot be read: No such file or directory")
            assert result.stdout.splitlines() == wanted, (name, result.stdout, result.stderr)
            assert result.returncode == 0, (name, result.returncode, result.stderr)
    print("ok")


if __name__ == "__main__":
    main()
