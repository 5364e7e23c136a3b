#!/usr/bin/env python3
"""Runs the scripts of docs/guides/nightly.md, and a simulated month with them, on drawn photos.

usage: nightly_page.py MATCHER DEMO_PHOTOS PAGE

The month: nights 1 to 30, each with the night.sh of the page. Night 10 fails, the catalogue grows in night 15, whose run
becomes the reference, and a worse model comes in night 22.
"""
import configparser
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

FIRST_DAY = 1767225600  # 2026-01-01
GOOD, BAD = "colour-layout", "gradient-layout"
MUTT = """#!/bin/sh
printf '%s\\n' "$*" >mail.txt
cat >>mail.txt
"""
DATE = """#!/bin/sh
echo "2026-01-$NIGHT"
"""


class Nights:
    def __init__(self, folder, matcher, page):
        self.work, self.page, self.model = folder / "work", page, GOOD
        tools = folder / "tools"
        self.work.mkdir(), tools.mkdir()
        (tools / "matcher").symlink_to(pathlib.Path(matcher).resolve())
        for name, text in (("mutt", MUTT), ("date", DATE)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        self.path = f"{tools}:{os.environ['PATH']}"
        self.write_scripts()

    def block(self, name):
        """The code block that starts with `name`, or has it as the comment below `#!`, or as its file."""
        found = [b for b in re.findall(r"```[^\n]*\n(.*?)```", self.page, re.S)
                 if b.startswith(name) or b.split("\n")[1] == name or b.split("\n")[0].endswith("/" + name)]
        assert len(found) == 1, f"{name}: {len(found)} blocks"
        return found[0]

    def write_scripts(self):
        for name in ("# night.sh", "# mail-night.sh"):
            script = self.work / name[2:]
            script.write_text(self.block(name).replace("my-model", self.model))
            script.chmod(0o755)

    def sh(self, command, night=1):
        environment = os.environ | {"PATH": self.path, "NIGHT": f"{night:02}", "SOURCE_DATE_EPOCH": str(FIRST_DAY + 86400 * (night - 1))}
        return subprocess.run(["sh", "-c", command], cwd=self.work, env=environment, capture_output=True, text=True)

    def use_model(self, model):
        self.model = model
        self.write_scripts()

    def read(self, name):
        return (self.work / name).read_text()

    def suite(self):
        return xml.fromstring(self.read("gate.xml")).find("testsuite")


def write_photos(work, demo, products):
    """photos.csv with the first `products` products of the demo."""
    with open(demo / "items.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    labels = sorted({row["label"] for row in rows})[:products]
    with open(work / "photos.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        for row in rows:
            if row["label"] in labels:
                writer.writerow(row | {"path": str(demo / row["path"])})


def check_mail(nights):
    """cron's line: nothing is printed or mailed after a pass; the summary and the page after a failure."""
    line = re.search(r"^15 2 \* \* \*  cd \S+ && (.*)$", nights.page, re.M)[1]
    passed = nights.sh(line)
    assert (passed.returncode, passed.stdout, passed.stderr) == (0, "", ""), passed
    assert not (nights.work / "mail.txt").exists()
    assert (nights.work / "reference/manifest.json").exists()
    nights.use_model(BAD)
    failed = nights.sh(line, 2)
    assert (failed.stdout, failed.stderr) == ("", ""), failed
    mail = nights.read("mail.txt")
    assert mail.startswith("-s matcher: exit code 6 -a gate.html -- team@example.com\n### matcher compare: fail"), mail[:200]
    assert "newly broken" in nights.suite().find("testcase/failure").text
    (nights.work / "photos.csv").rename(nights.work / "aside.csv")
    nights.sh(line, 3)
    mail = nights.read("mail.txt")
    assert mail.startswith("-s matcher: exit code 3 -- team@example.com\nmatcher: error: "), mail[:200]
    assert nights.suite().get("errors") == "1" and nights.suite().get("name") == "matcher eval"
    (nights.work / "aside.csv").rename(nights.work / "photos.csv")
    nights.use_model(GOOD)
    for name in ("nights", "reference"):
        shutil.rmtree(nights.work / name)


def check_systems(nights):
    """The shell lines of GitHub, GitLab and Jenkins, and the units of systemd."""
    summary = nights.work / "summary.md"
    steps = re.search(r"run: \|\n((?: {10}.*\n)+)", nights.block("on:"))[1]
    github = nights.sh(f"GITHUB_STEP_SUMMARY={summary}\n" + re.sub(r"^ {10}", "", steps, flags=re.M))
    assert github.returncode == 0 and summary.read_text().startswith("### matcher compare: pass"), github
    (nights.work / "build").mkdir()
    script = re.search(r"  script:\n((?:    - .*\n)+)", nights.block("accuracy:"))[1]
    lines = [line[6:].replace("/srv/matcher", str(nights.work)) for line in script.splitlines()]
    gitlab = nights.sh("set -e\nCI_PROJECT_DIR=build\n" + "\n".join(lines))
    assert gitlab.returncode == 0 and (nights.work / "build/gate.xml").exists(), gitlab
    shell = re.search(r"script: '(.*)'\)", nights.block("pipeline {"))[1].replace("/srv/matcher", str(nights.work))
    jenkins = nights.sh("WORKSPACE=build\nrm build/*\n" + shell)
    assert jenkins.returncode == 0 and (nights.work / "build/gate.html").exists(), jenkins
    for unit, section in (("service", "Service"), ("timer", "Timer")):
        parser = configparser.ConfigParser()
        parser.optionxform = str
        parser.read_string(nights.block(f"matcher-night.{unit}"))
        assert section in parser
    shutil.rmtree(nights.work / "nights"), shutil.rmtree(nights.work / "reference")


def check_month(nights, demo):
    codes = {}
    write_photos(nights.work, demo, 40)
    for night in range(1, 31):
        if night == 10:
            (nights.work / "photos.csv").rename(nights.work / "aside.csv")
        if night == 15:
            write_photos(nights.work, demo, 44)
        if night == 22:
            nights.use_model(BAD)
        result = nights.sh("./night.sh", night)
        codes[night] = result.returncode
        if night == 10:
            assert nights.suite().get("errors") == "1", nights.read("gate.xml")
            (nights.work / "aside.csv").rename(nights.work / "photos.csv")
        if night == 15:  # new products change some answers, so one point cannot be shown: a new reference is made
            shutil.rmtree(nights.work / "reference")
            assert nights.sh("matcher eval --run nights/2026-01-15 --promote reference").returncode == 0
        if night in (14, 15):
            common = [p.get("value") for p in nights.suite().iter("property") if p.get("name") == "common.queries"]
            assert common == ([] if night == 14 else ["160"]), common
            assert night == 14 or "compared on the 160 queries that all runs have; left out: 16 of nights/2026-01-15" in nights.read("gate.md")
    wanted = {night: 3 if night == 10 else 7 if night == 15 else 6 if night >= 22 else 0 for night in range(1, 31)}
    assert codes == wanted, codes
    trend = nights.sh("matcher trend nights/* --baseline reference --max-drop top1=0.01")
    assert trend.returncode == 6, trend
    assert "top-1 of 29 runs: first bad run 2026-01-22 (nights/2026-01-22)" in trend.stdout, trend.stdout


def main():
    matcher, demo_photos, page = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        demo = folder / "demo"
        subprocess.run([demo_photos, "--output", demo, "--products", "44", "--query-views", "4", "--unknown", "0", "--size", "64"],
                       check=True, capture_output=True)
        nights = Nights(folder, matcher, pathlib.Path(page).read_text())
        write_photos(nights.work, demo, 40)
        check_mail(nights)
        check_systems(nights)
        check_month(nights, demo)
    print("ok")


if __name__ == "__main__":
    main()
