#!/usr/bin/env python3
"""Checks the rules of the source tree (docs/developing/architecture.md, "Rules").

usage: layers.py ROOT LAYERS [--expect FILE]

LAYERS         layers.txt of a build folder, which matcher_add_layer writes: one line per layer, `NAME uses … rooms …`
--expect FILE  fails unless exactly the problems in FILE are found; the test of this script

Prints FILE:LINE: RULE: PROBLEM: NEXT STEP, and ends with 1 if there is any.
"""
import argparse
import pathlib
import re
import sys

# Third-party headers, and the folders that may include them. Faces include none. fmt may be everywhere else; the rule for
# nlohmann-json is below.
THIRD_PARTY = [
    (r"(torch|ATen|c10|caffe2)/", ["lib/matcher/model/torch/"]),
    (r"cuda\w*\.h", ["lib/matcher/model/cuda/", "lib/matcher/model/torch/", "lib/matcher/index/gpu/"]),
    (r"(jpeglib|jerror|png|tiffio)\.h|webp/", ["lib/matcher/image/codec/"]),
    (r"libheif/|gif_lib\.h", ["lib/matcher/image/codec/plugins/"]),
    (r"faiss/gpu/", ["lib/matcher/index/gpu/"]),
    (r"faiss/", ["lib/matcher/index/"]),
    (r"(oneapi/)?dnnl\w*\.hp*", ["lib/matcher/index/exact/", "lib/matcher/model/cpu/"]),
    (r"omp\.h", ["lib/matcher/index/exact/", "lib/matcher/process/"]),
    (r"immintrin\.h", ["lib/matcher/model/cpu/kernels/", "lib/matcher/index/faiss/", "lib/matcher/index/exact/",
                       "lib/matcher/image/resize/"]),
    (r"zlib\.h", ["lib/matcher/model/text/", "lib/matcher/image/codec/"]),
    (r"sentencepiece_processor\.h", ["lib/matcher/model/text/sentencepiece/"]),
    (r"utf8proc\.h", ["lib/matcher/core/", "lib/matcher/model/text/"]),
    (r"xxhash\.h", ["lib/matcher/files/"]),
    (r"boost/math/", ["lib/matcher/eval/"]),
    (r"simdjson\.h", ["lib/matcher/run/folder/", "lib/matcher/dataset/formats/"]),
    (r"minizip/", ["lib/matcher/store/import/"]),
    (r"(arrow|parquet)/", ["lib/matcher/store/import/arrow/"]),
    (r"(grpc|grpcpp|google/protobuf)/|milvus\.(grpc\.)?pb\.h", ["lib/matcher/database/milvus/grpc/"]),
    (r"curl/", ["lib/matcher/database/http/"]),
    (r"yaml-cpp/", ["lib/matcher/config/yaml/"]),
    (r"CLI/", ["apps/"]),
]
STANDARD = re.compile(r"[a-z0-9_]+")
SYSTEM = re.compile(r"(dlfcn|fcntl|fnmatch|malloc|poll|pthread|signal|spawn|unistd|sys/\w+)\.h")
# Benchmarks measure kernels that no face offers.
BENCHMARKS = {("benchmarks/micro/network.cpp", "model/cpu")}
# Source files without a header: entry points, a linker symbol, and operators that register themselves when loaded.
WITHOUT_HEADER = re.compile(
    r"(^|/)(main|plugin)\.cpp$|_test\.cpp$|/index/faiss/(blas|inner_product)\.cpp$|/model/torch/older_torch\.cpp$")
INCLUDE = re.compile(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')


class Layer:
    def __init__(self, name, uses=(), rooms=()):
        self.name, self.uses, self.rooms = name, uses, rooms

    @staticmethod
    def parse(line):
        name, uses, rooms = re.fullmatch(r"(\w+) uses(.*) rooms(.*)", line).groups()
        return Layer(name, uses.split(), rooms.split())


class Check:
    def __init__(self, root, layers):
        self.root = root
        self.layers = {layer.name: layer for layer in layers}
        self.problems = []

    def report(self, place, rule, problem, next_step):
        self.problems.append(f"{place}: {rule}: {problem}: {next_step}")

    def run(self):
        for top in ("lib", "apps", "tests", "benchmarks"):
            for path in sorted((self.root / top).rglob("*")):
                name = path.relative_to(self.root).as_posix()
                if path.suffix in (".hpp", ".cpp", ".cu", ".in") and not name.startswith("tests/data/"):
                    self.check_file(name, path)
        return self.problems

    def check_file(self, name, path):
        layer, room = self.home(name)
        if room and room not in layer.rooms:
            self.report(name, "room order", f"{room} is not a room of {layer.name}",
                        f"add it to ROOMS in lib/matcher/{layer.name}/CMakeLists.txt")
            return
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            include = INCLUDE.match(line)
            if include and include[1]:
                self.check_own(name, f"{name}:{number}", layer, room, include[1])
            elif include and name.startswith(("lib/", "apps/")):
                self.check_third_party(name, f"{name}:{number}", layer, room, include[2])
        if name.startswith(("lib/", "apps/")) and path.suffix in (".cpp", ".cu"):
            self.check_pair(name, path)

    def home(self, name):
        """The layer of a file in lib/, or None, and its room, or None at the top of the layer."""
        parts = name.split("/")
        if parts[:2] != ["lib", "matcher"] or len(parts) < 4:
            return None, None
        return self.layers.get(parts[2]) or Layer(parts[2]), parts[3] if len(parts) > 4 else None

    def check_own(self, name, place, layer, room, include):
        parts = include.split("/")
        if parts[0] != "matcher":
            if layer or ".." in parts:
                self.report(place, "face", f'"{include}" hides its layer', 'include headers as "matcher/<layer>/…"')
            return
        used, used_room = self.layers.get(parts[1]), parts[2] if len(parts) > 3 else None
        if used is None:
            self.report(place, "face", f'"{include}" is in no layer', "add the layer to lib/matcher/CMakeLists.txt")
        elif used_room and used_room not in used.rooms:
            self.report(place, "room order", f'"{include}" is in no room',
                        f"add {used_room} to ROOMS in lib/matcher/{used.name}/CMakeLists.txt")
        elif used_room and not self.may_see(name, used.name, used_room):
            self.report(place, "face", f'"{include}" is private to {used.name}',
                        f"include a header at the top of lib/matcher/{used.name}")
        elif layer and used.name != layer.name and used.name not in layer.uses:
            self.report(place, "face", f"{layer.name} does not use {used.name}",
                        f"add it to USES in lib/matcher/{layer.name}/CMakeLists.txt")
        elif layer and used_room and room is None and name.endswith(".hpp"):
            self.report(place, "face header", f'the face includes the room "{include}"', "move what both need to a face")
        elif layer and used_room and room and layer.rooms.index(used_room) > layer.rooms.index(room):
            self.report(place, "room order", f"{room} comes before {used_room} in ROOMS of {layer.name}",
                        "move the shared part down to a room that both may include")

    @staticmethod
    def may_see(name, layer, room):
        return name.startswith((f"lib/matcher/{layer}/", f"tests/unit/{layer}/", f"tests/fuzz/{layer}/")) or \
            (name, f"{layer}/{room}") in BENCHMARKS

    def check_third_party(self, name, place, layer, room, include):
        if STANDARD.fullmatch(include):
            return
        if layer and room is None and name.endswith(".hpp"):
            self.report(place, "face header", f"the face includes <{include}>", "include it in the .cpp file or in a room")
        elif SYSTEM.fullmatch(include) or include.startswith("fmt/"):
            return
        elif include.startswith("nlohmann/"):
            if layer is None:
                self.report(place, "third party", f"a program includes <{include}>", "write the JSON in report/json")
        else:
            places = next((places for pattern, places in THIRD_PARTY if re.match(pattern, include)), None)
            if places is None:
                self.report(place, "third party", f"<{include}> has no place", "add it to THIRD_PARTY in tests/cli/layers.py")
            elif not name.startswith(tuple(places)):
                self.report(place, "third party", f"<{include}> is only for {' and '.join(places)}", "use that layer's face")

    def check_pair(self, name, path):
        folder = path.parent
        headers = [path.with_suffix(".hpp"), folder / f"{folder.name}.hpp", folder.parent / f"{folder.name}.hpp"]
        if folder.name == "sources":
            headers = [folder.parent / f"{path.stem}.hpp"]
        if not WITHOUT_HEADER.search(name) and not any(header.exists() for header in headers):
            self.report(name, "pair", f"neither {path.stem}.hpp nor {folder.name}.hpp exists",
                        "name the source after the header that it implements")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("layers", type=pathlib.Path)
    parser.add_argument("--expect", type=pathlib.Path)
    options = parser.parse_args()
    layers = [Layer.parse(line) for line in options.layers.read_text().splitlines()]
    problems = Check(options.root, layers).run()
    print("\n".join(problems) or "layers: no problems")
    if options.expect:
        return 0 if problems == options.expect.read_text().splitlines() else 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
