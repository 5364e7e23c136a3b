"""Folders on disk as values: {path: bytes}, so that states before and after a command can be compared."""
import json
import os
import pathlib
import re
import shutil

FOLDER = b"(folder)"
# Times, speeds and the hashes of files that hold them differ between two runs of one command, and so does the space
# before them in a table.
CHANGING = re.compile(rb" *(?:[0-9a-f]{16,}|-?\d[\d.,]*(?:e[+-]?\d+)?%?)")


def read_tree(root):
    """Returns all files and folders below `root`, by relative path. Links are named, not followed."""
    tree = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = pathlib.Path(folder, name)
            key = path.relative_to(root).as_posix()
            if path.is_symlink():
                tree[key] = b"-> " + os.fsencode(os.readlink(path))
            else:
                tree[key] = FOLDER if path.is_dir() else path.read_bytes()
    return tree


def part(tree, name):
    """Returns the file or folder `name` of a tree, its paths relative to it; empty if it does not exist."""
    inside = {path[len(name) + 1:]: data for path, data in tree.items() if path.startswith(name + "/")}
    return {"": tree[name], **inside} if name in tree else {}


def differing(a, b):
    """Returns the paths with different content in two trees that one command made."""
    return {path for path in a.keys() & b.keys() if a[path] != b[path]}


def timeless(data):
    """Returns a map of adapt, a file of safetensors, without the times in its header, which differ from run to run."""
    length = int.from_bytes(data[:8], "little")
    if data[8:9] != b"{" or b'"created"' not in data[8:8 + length]:
        return data
    header = json.loads(data[8:8 + length])
    for key in ("created", "host", "seconds"):
        header["__metadata__"].pop(key, None)
    return json.dumps(header, sort_keys=True).encode() + data[8 + length:]


def same(a, b, changing=frozenset()):
    """True if two trees have the same files. Numbers are not compared in those that are `changing`."""
    def equal(path):
        if timeless(a[path]) == timeless(b[path]):
            return True
        return path in changing and CHANGING.sub(b"#", a[path]) == CHANGING.sub(b"#", b[path])
    return a.keys() == b.keys() and all(equal(path) for path in a)


def first_difference(a, b, changing=frozenset()):
    """Names one path in which two trees differ, for messages."""
    for path in sorted(a.keys() | b.keys()):
        if path not in a or path not in b:
            return f"{path or '.'} {'is missing' if path in b else 'was added'}"
        if not same({path: a[path]}, {path: b[path]}, changing):
            return f"{path or '.'} has another content ({len(a[path])} and {len(b[path])} bytes)"
    return "nothing"


def replace_tree(source, target):
    """Makes `target` a copy of `source`, with times of change."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
