#!/usr/bin/env python3
"""Runs the commands of docs/guides/shelf-photos.md, with its own files, on a drawn shelf.

usage: shelf_page.py MATCHER DEMO_PHOTOS PAGE
"""
import csv
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import zlib


def write_shelf(path, width, height):
    """A PNG under the name of the page: matcher reads the content."""
    row = bytes(1) + bytes((x * 7 + c * 50) % 256 for x in range(width) for c in range(3))
    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                     chunk(b"IDAT", zlib.compress(row * height, 1)) + chunk(b"IEND", b""))


def main():
    matcher, demo_photos, page = sys.argv[1:]
    text = pathlib.Path(page).read_text()
    commands = re.findall(r"^matcher .*$", text, re.M)
    assert len(commands) == 5, commands
    boxes = json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        run = lambda words: subprocess.run(words, cwd=work, capture_output=True, text=True)
        made = run([demo_photos, "--output", "demo-photos", "--products", "6", "--size", "64"])
        assert made.returncode == 0, made.stderr
        image = boxes["images"][0]
        write_shelf(work / image["file_name"], image["width"], image["height"])
        (work / "boxes.json").write_text(json.dumps(boxes))
        (work / "shelf.yaml").write_text(re.search(r"```yaml\n(.*?)```", text, re.S)[1])
        for command in commands:
            if " eval " in command:  # the page says: give the product as the category
                labels = sorted(entry.name for entry in (work / "demo-photos/gallery").iterdir())[:2]
                boxes["categories"] = [{"id": i, "name": label} for i, label in enumerate(labels)]
                for i, annotation in enumerate(boxes["annotations"]):
                    annotation["category_id"] = i
                (work / "boxes.json").write_text(json.dumps(boxes))
            result = run([matcher] + command.split()[1:])
            assert result.returncode == 0, f"{command}: {result.returncode}: {result.stderr}"
        with open(work / "found.csv", newline="") as file:
            found = list(csv.DictReader(file))
        assert [row["query"] for row in found] == ["shelf.jpg#120,80,200,340", "shelf.jpg#330,85,190,335"], found
        assert (work / "found.html").read_text().count("data:image/jpeg") >= 2
    print("ok")


if __name__ == "__main__":
    main()
