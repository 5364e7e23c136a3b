"""Commands that write, each with the state before it. Everything is small and needs no weights and no network."""
import csv
import dataclasses
import pathlib
import shutil
import subprocess

IMAGES = pathlib.Path(__file__).parents[1] / "data" / "image"
FORMATS = ["420.jpg", "progressive.jpg", "cmyk.jpg", "rgb.png", "p_transparent.png", "odd/interlaced6_8.png",
           "odd/turn_packed_profile.png", "odd/turn_packed_xmp.png", "lossy.webp", "lossless_alpha.webp", "odd/animated.webp",
           "odd/turn_xmp.webp", "deflate.tiff", "lzw.tiff", "odd/jpeg.tiff", "odd/zstd.tiff", "odd/lzma.tiff", "odd/group4.tiff",
           "odd/ycbcr.tiff", "odd/tile_planes.tiff", "rgb.bmp", "rle8.bmp"]
MODEL, OTHER = "colour-layout", "gradient-layout"


@dataclasses.dataclass
class Command:
    """One command of matcher in a sandbox. Paths are relative to it; ../inputs has what commands only read."""
    name: str
    arguments: list
    writes: list                                  # artefacts: files and folders that are old or new, never between
    before: list = dataclasses.field(default_factory=list)  # commands that make the state before
    reads: list = dataclasses.field(default_factory=list)   # a command that reads the first artefact
    rollback: list = dataclasses.field(default_factory=list)
    cut: int = 0                                  # the last command before is killed at this share of its points, in percent
    hurry: bool = False                           # checkpoints after every batch
    code: int = 0
    memory_points: int = 0                        # requests for memory that fail in turn; 0: the usual number


def embed(*more, model=MODEL, photos="photos"):
    return ["embed", "--model", model, "--dataset", f"../inputs/{photos}", "--batch-size", "4", *more]


def index(vectors, kind, output="idx"):
    return ["index", "--embeddings", f"../inputs/{vectors}", "--type", kind, "--output", output]


def adapt(method):
    return ["adapt", "mine", "--embeddings", "../inputs/vectors", "--method", method]


def evaluate(vectors="vectors", *more):
    return ["eval", "--embeddings", f"../inputs/{vectors}", "--output", "run", *more]


READ_INDEX = ["eval", "--embeddings", "../inputs/vectors", "--index", "idx", "--no-loss", "--output", "../scratch"]
READ_SET = ["eval", "--embeddings", "set", "--output", "../scratch"]
READ_RUN = ["eval", "--run", "run", "--format", "json"]


def embedding_commands():
    out = ["--output", "set"]
    return [
        Command("embed", embed(*out), ["set"], reads=READ_SET, hurry=True),
        Command("embed into the work folder", embed(), ["matcher-work/embeddings/demo-all-colour-layout"]),
        Command("embed without a cache", embed(*out, "--no-cache"), ["set"], reads=READ_SET),
        Command("embed, continued", embed(*out), ["set"], [embed(*out)], READ_SET, cut=60, hurry=True),
        Command("embed over a set of another model", embed(*out), ["set"], [embed(*out, model=OTHER)], READ_SET),
        Command("embed over a set of other photos", embed(*out), ["set"], [embed(*out, photos="more-photos")], READ_SET),
        Command("embed from the cache", embed(*out), ["set"], [embed()], READ_SET),
        Command("embed a shard", embed(*out, "--shard", "2/3"), ["set"]),
        Command("embed images of every format", embed(*out, "--no-cache", photos="formats"), ["set"], reads=READ_SET,
                memory_points=1000),
        Command("embed an ensemble", embed(*out, model=f"{MODEL}:0.6+{OTHER}:0.4"), ["set"], reads=READ_SET),
        Command("cache --prune", ["cache", "--prune", "--model", MODEL], [], [embed(), embed(model=OTHER)]),
    ]


def index_commands():
    commands = []
    rollback = ["index", "--output", "idx", "--rollback"]
    for kind in ("flat", "ivf-flat", "hnsw"):
        new, old, older = index("vectors", kind), index("more-vectors", kind), index("vectors", "flat")
        both = ["idx", "idx.previous"]
        commands += [
            Command(f"index {kind}", new, ["idx"], reads=READ_INDEX),
            Command(f"index {kind}, replaced", new, both, [old], READ_INDEX, rollback),
            Command(f"index {kind}, replaced again", new, both, [older, old], READ_INDEX, rollback),
            Command(f"index {kind}, rolled back", rollback, both, [old, new], READ_INDEX),
        ]
    built = ["index", "--model", MODEL, "--dataset", "../inputs/photos", "--output", "idx"]
    threshold = ["threshold", "--index", "idx", "--dataset", "../inputs/photos", "--false-alarms", "0.2", "--store"]
    return commands + [Command("index of a dataset", built, ["idx"], reads=READ_INDEX),
                       Command("threshold", threshold, ["idx"], [built], READ_INDEX),
                       Command("threshold --clear", ["threshold", "--index", "idx", "--clear"], ["idx"], [built, threshold], READ_INDEX)]


def adapted_commands():
    learn, learn_other = adapt("lda"), adapt("centre")
    model = ["matcher-work/models/mine.safetensors"]
    return [
        Command("adapt", learn, model),
        Command("adapt, replaced", learn, model, [learn_other]),
        Command("adapt --write-to", [*learn, "--format", "json", "--write-to", "result"], [*model, "result"], [learn_other]),
        Command("embed with an adapted model", embed("--output", "set", model="mine"), ["set"], [learn], READ_SET),
    ]


def result_commands():
    runs, both = ["../inputs/run", "../inputs/other-run"], f"{MODEL},{OTHER}"
    photos = ["--dataset", "../inputs/photos"]
    to = ["--write-to", "result"]
    old = ["models", *to]
    return [
        Command("eval", evaluate(), ["run"], reads=READ_RUN),
        Command("eval over another run", evaluate(), ["run"], [evaluate("other-vectors")], READ_RUN),
        Command("eval of a dataset", ["eval", "--model", MODEL, *photos, "--output", "run"], ["run"], reads=READ_RUN),
        Command("eval --write-to", evaluate("vectors", "--format", "json", *to), ["run", "result"], [old], READ_RUN),
        Command("compare --write-to", ["compare", *runs, "--format", "html", *to], ["result"], [old]),
        Command("compare --junit --summary", ["compare", *runs, "--max-drop", "top1=0.99", "--junit", "junit.xml",
                                              "--summary", "summary.md", *to], ["result", "junit.xml"], [old]),
        Command("compare of models", ["compare", "--models", both, *photos, *to], ["result"]),
        Command("fuse", ["fuse", *runs, "--output", "run"], ["run"], reads=READ_RUN),
        Command("fuse of models", ["fuse", "--models", both, *photos, "--output", "run"], ["run"], [evaluate()], READ_RUN),
        Command("views --write-to", ["views", "--model", MODEL, *photos, "--format", "csv", *to], ["result"], [old]),
        Command("query --write-to", ["query", "--index", "../inputs/index", "../inputs/photos/gallery/p0001/1.jpg",
                                     "--format", "csv", *to], ["result"], [old]),
        Command("models --write-to", old, ["result"], [["cache", *to]]),
        Command("export", ["export", MODEL, "--output", "model.pt"], ["model.pt"]),
        Command("export over another file", ["export", MODEL, "--output", "model.pt"], ["model.pt"],
                [["export", OTHER, "--output", "model.pt"]]),
        Command("export into the work folder", ["export", MODEL], ["matcher-work/models/colour-layout.pt"]),
        Command("verify --write-to", ["verify", "../inputs/model.pt", "--format", "json", *to], ["result"], [old]),
        Command("verify of a folder", ["verify", MODEL, "../inputs/expected", *to], ["result"], [old]),
    ]


GROUPS = {"embedding": embedding_commands, "index": index_commands, "results": result_commands, "adapted": adapted_commands}


# One command per writer, for the short form in the tests.
QUICK = {"embed without a cache", "embed images of every format", "embed from the cache", "cache --prune", "index flat, replaced again", "index hnsw, rolled back",
         "eval over another run", "compare --junit --summary", "models --write-to", "export over another file", "adapt, replaced"}


def find_commands(options):
    """Returns the commands of a group, or of all, whose name contains the words."""
    groups = [GROUPS[options.group]] if options.group else GROUPS.values()
    return [command for make in groups for command in make()
            if options.only in command.name and (command.name in QUICK or not options.quick)]


def make_inputs(folder, matcher, demo_photos):
    """Draws photos and makes the artefacts that the commands only read."""
    folder = pathlib.Path(folder)

    def run(program, *arguments):
        workdir = ["--workdir", "matcher-work"] if program == matcher else []
        done = subprocess.run([program, *workdir, *arguments], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")

    folder.mkdir(parents=True)
    few = ["--products", "6", "--unknown", "2", "--size", "48"]
    run(demo_photos, "--output", "photos", *few)
    run(demo_photos, "--output", "more-photos", *few, "--gallery-views", "4")
    copy_formats(folder / "formats")
    for name, model, photos in (("vectors", MODEL, "photos"), ("more-vectors", MODEL, "more-photos"), ("other-vectors", OTHER, "photos")):
        run(matcher, "embed", "--model", model, "--dataset", photos, "--output", name)
    for name, vectors in (("run", "vectors"), ("other-run", "other-vectors")):
        run(matcher, "eval", "--embeddings", vectors, "--output", name)
    run(matcher, "index", "--embeddings", "vectors", "--output", "index")
    run(matcher, "export", MODEL, "--output", "model.pt")
    copy_expected(folder / "vectors", folder / "expected")


def copy_formats(folder):
    """Makes a dataset with an image of each kind that another library, or another part of it, reads."""
    for name in FORMATS:
        file = IMAGES / name
        kind = folder / file.suffix[1:]
        kind.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, kind)


def copy_expected(vectors, expected):
    """Makes a folder for verify: the images of a set in its order, and their vectors."""
    expected.mkdir()
    shutil.copy(vectors / "vectors.npy", expected)
    with open(vectors / "items.csv", newline="") as items:
        for number, item in enumerate(csv.DictReader(items)):
            shutil.copy(item["path"], expected / f"{number:04d}.jpg")
