#!/usr/bin/env python3
"""Times `matcher embed` and transformers on the same photos: whole processes, from JPEG files to vectors on disk.

usage: embed.py MATCHER MODELS PHOTOS [--only NAME ...] [--count N] [--repeat N] [--threads N] [--precisions auto ...]

MODELS has Hugging Face checkpoints (folders), which `matcher export` converts first (not timed), and TorchScript files (NAME.pt),
which PyTorch runs frozen and optimised for inference instead of transformers. For each, three ways of transformers are timed,
each in its own process. Two are in float32: one photo at a time, and batches of 8. The third is the fastest precision and batch
size, searched in one process on the same photos. matcher and the three take turns, --repeat times, so other work on the machine
affects all alike; medians are compared. Times include start and loading. "loop" is the time per image of the loop alone. The
output starts with the processor, its instructions for products, and the versions of all libraries.

A TorchScript file needs a description beside it for matcher, NAME.yaml; both prepare photos by --edge, --crop, --mean and --std.

--cpu-time is for a machine that others use, too. It counts CPU seconds with one thread each (threads that wait for each other
spin). "loop" is then the cost of one more image: the difference between --count photos and a quarter of them.

--device cuda runs both on a GPU: transformers in float16 in batches of 64, and at its best setting. "share" is the rate of
matcher's loop relative to a large bfloat16 product, measured in the same run. Photos are repeated until there are --count.

Needs torch, transformers and pillow; prints a Markdown table.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

SUFFIXES = (".jpg", ".jpeg")
INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "avx512_fp16", "avx512_vnni", "amx_bf16", "amx_int8", "asimd", "sve", "bf16", "i8mm")
LIMITS = ("ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")


def describe_machine(matcher):
    """Returns lines about the processor, its instructions, limits in the environment, and versions of libraries."""
    import torch
    import transformers
    import PIL
    about = {}
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            name, _, value = line.partition(":")
            about.setdefault(name.strip(), value.strip())
    flags = (about.get("flags") or about.get("Features") or "").split()
    mkldnn = [line.strip(" -") for line in torch.__config__.show().split("\n") if "MKL" in line and "Version" in line or "MKL-DNN" in line]
    version = subprocess.run([matcher, "--version"], capture_output=True, text=True).stdout.strip()
    return [f"processor: {about.get('model name', 'unknown')}, {len(os.sched_getaffinity(0))} cores",
            f"instructions: {' '.join(name for name in INSTRUCTIONS if name in flags)}",
            f"limits: {' '.join(f'{name}={os.environ[name]}' for name in LIMITS if name in os.environ) or 'none'}",
            f"matcher {version}; Python: torch {torch.__version__}, transformers {transformers.__version__}, Pillow {PIL.__version__}",
            f"torch is built with: {'; '.join(mkldnn)}"]


def load_torchscript(path, precision, preparation):
    """Returns run(images) -> vectors for a TorchScript file, at its best in PyTorch, and a processor like transformers'."""
    import numpy
    import torch
    from PIL import Image
    model = torch.jit.load(path).eval().to(getattr(torch, precision))
    model = torch.jit.freeze(model)
    if precision == "float32":
        model = torch.jit.optimize_for_inference(model)
    edge, crop, mean, std = preparation

    def prepare(image):
        scale = edge / min(image.size)
        image = image.resize([max(edge, round(side * scale)) for side in image.size], Image.Resampling.BICUBIC)
        left, top = ((side - crop) // 2 for side in image.size)
        pixels = numpy.asarray(image.crop((left, top, left + crop, top + crop)), numpy.float32) / 255
        return ((pixels - numpy.float32(mean)) / numpy.float32(std)).transpose(2, 0, 1)

    def run(images):
        pixels = torch.from_numpy(numpy.stack([prepare(image) for image in images]))
        return model(pixels.to(getattr(torch, precision))).float().numpy()
    return run


def load_transformers(folder, precision, device):
    """Returns run(images) -> vectors as a user of transformers would compute them."""
    import torch
    import transformers
    transformers.logging.set_verbosity_error()
    kind = json.load(open(os.path.join(folder, "config.json")))["model_type"]
    families = {"clip": transformers.CLIPVisionModelWithProjection, "siglip": transformers.SiglipVisionModel}
    family = next((families[name] for name in families if kind.startswith(name)), transformers.AutoModel)
    config = transformers.AutoConfig.from_pretrained(folder)
    if kind == "clip":  # the configuration of the vision tower may lack the dimension
        config.vision_config.projection_dim = config.projection_dim
        config = config.vision_config
    if kind == "siglip":
        config = config.vision_config
    model = family.from_pretrained(folder, config=config, dtype=getattr(torch, precision)).eval().to(device)
    processor = transformers.AutoImageProcessor.from_pretrained(folder)

    def run(images):
        out = model(pixel_values=processor(images, return_tensors="pt")["pixel_values"].to(device, model.dtype))
        vectors = {"clip": "image_embeds", "siglip": "pooler_output"}.get(kind.split("_")[0])
        return (out[vectors] if vectors else out.last_hidden_state[:, 0]).float().cpu().numpy()
    return run


def python_loop(model, listing, precision, batch, threads, output, preparation):
    """Embeds in Python; returns the seconds of the loop."""
    import numpy
    import torch
    from PIL import Image
    if threads:
        torch.set_num_threads(threads)
    device = os.environ.get("MATCHER_BENCHMARK_DEVICE", "cpu")
    run = load_torchscript(model, precision, preparation) if model.endswith(".pt") else load_transformers(model, precision, device)
    paths = [line.split(",", 1)[1] for line in open(listing).read().split("\n")[1:-1]]
    start, vectors = time.perf_counter(), []
    with torch.inference_mode():
        for first in range(0, len(paths), batch):
            vectors.append(run([Image.open(path).convert("RGB") for path in paths[first:first + batch]]))
    seconds = time.perf_counter() - start
    numpy.save(output, numpy.concatenate(vectors))
    return seconds


def child():
    """Runs this script as the process to time."""
    model, listing, precision, batch, threads, output, preparation = sys.argv[2:]
    print(python_loop(model, listing, precision, int(batch), int(threads), output, json.loads(preparation)))


class Contest:
    """Runs one checkpoint in matcher and in transformers; returns seconds of the whole process and of its loop."""

    def __init__(self, options, name, work):
        self.options, self.work, self.folder, self.used = options, work, os.path.join(options.models, name), {}
        self.file = os.path.join(work, name + ".pt")
        if name.endswith(".pt"):
            self.file = self.folder.removesuffix(".pt") + ".yaml"
            return
        subprocess.run([options.matcher, "--workdir", work, "--quiet", "export", name, "--checkpoint", self.folder,
                        "--output", self.file], check=True, stdout=subprocess.DEVNULL)

    def clock(self):
        if not self.options.cpu_time:
            return time.perf_counter()
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def timed(self, run, count):
        """Calls run(listing) -> (seconds, seconds of the loop), by the requested clock."""
        listing = listing_of(self.options.photos, count, self.work)
        if not self.options.cpu_time:
            return run(listing)
        few = max(1, count // 4)
        whole, before = run(listing)[0], run(listing_of(self.options.photos, few, self.work))[0]
        return whole, (whole - before) * count / (count - few)

    def theirs(self, precision, batch, count):
        return self.timed(lambda listing: self.run_theirs(precision, batch, listing), count)

    def ours(self, precision, count):
        return self.timed(lambda listing: self.run_ours(precision, listing), count)

    def run_theirs(self, precision, batch, listing):
        start = self.clock()
        out = subprocess.run([sys.executable, __file__, "--child", self.folder, listing, precision, str(batch),
                              str(self.options.threads), os.path.join(self.work, "theirs.npy"),
                              json.dumps([self.options.edge, self.options.crop, self.options.mean, self.options.std])],
                             check=True, capture_output=True, text=True).stdout
        return self.clock() - start, float(out.split()[-1])

    def run_ours(self, precision, listing):
        target = os.path.join(self.work, "set")
        subprocess.run(["rm", "-rf", target])
        threads = ["--threads", str(self.options.threads)] if self.options.threads else []
        batch = ["--batch-size", str(self.options.batch_size)] if self.options.batch_size else []
        start = self.clock()
        subprocess.run([self.options.matcher, "--workdir", self.work, "--quiet", "embed", "--model", self.file, "--dataset", listing,
                        "--output", target, "--no-cache", "--precision", precision,
                        "--device", self.options.device, *batch, *threads], check=True, stdout=subprocess.DEVNULL)
        seconds = self.clock() - start
        manifest = json.load(open(os.path.join(target, "manifest.json")))
        self.used[precision] = manifest["model"]["precision"]
        return seconds, manifest["count"] / manifest["speed"]["images_per_second"]


def listing_of(photos, count, work):
    paths = sorted(os.path.abspath(os.path.join(place, name)) for place, _, names in os.walk(photos) for name in names
                   if name.lower().endswith(SUFFIXES))
    if not paths:
        sys.exit(f"{photos} holds no photos")
    if len(paths) < count:
        paths *= count // len(paths) + 1
    listing = os.path.join(work, f"photos-{count}.csv")
    with open(listing, "w") as out:
        out.write("id,path\n" + "".join(f"{i},{path}\n" for i, path in enumerate(paths[::len(paths) // count][:count])))
    return listing


def search(contest, options):
    """Finds the precision and batch size with the fastest loop in transformers, on a part of the photos."""
    tried = {}
    for setting in options.search:
        precision, batch = setting.split("/")
        tried[(precision, int(batch))] = contest.theirs(precision, int(batch), options.search_count)[1]
    return min(tried, key=tried.get), {f"{p}/{b}": 1000 * s / options.search_count for (p, b), s in tried.items()}


def compete(contest, options):
    best, tried = search(contest, options)
    print(f"<!-- searched, ms an image: {', '.join(f'{name} {ms:.0f}' for name, ms in tried.items())} -->", flush=True)
    ways = {**options.ways, f"best: {best[0]}, batches of {best[1]}": best}
    times = {way: [] for way in (*ways, *options.precisions)}
    for _ in range(options.repeat):
        for precision in options.precisions:
            times[precision].append(contest.ours(precision, options.count))
        for way, (precision, batch) in ways.items():
            times[way].append(contest.theirs(precision, batch, options.count))
    median = {way: [statistics.median(values) for values in zip(*runs)] for way, runs in times.items()}
    return ways, median


def matrix_rate():
    """FLOP/s of the fastest of three large bfloat16 products on the GPU."""
    import torch
    rates = []
    for n in (4096, 8192, 16384):
        a, b = (torch.randn(n, n, device="cuda", dtype=torch.bfloat16) for _ in range(2))
        for rounds in (3, 20):
            torch.cuda.synchronize()
            start = time.perf_counter()
            for _ in range(rounds):
                a @ b
            torch.cuda.synchronize()
            seconds = time.perf_counter() - start
        rates.append(rounds * 2 * n ** 3 / seconds)
    return max(rates)


def operations(folder):
    """FLOP per image: products and attention in every layer, and the patches."""
    config = json.load(open(os.path.join(folder, "config.json")))
    config = config.get("vision_config", config)
    width, layers, patch = (config.get(key, default) for key, default in
                            (("hidden_size", 768), ("num_hidden_layers", 12), ("patch_size", 32)))
    grid = (224 // patch) ** 2
    tokens = grid + 1
    return layers * (2 * tokens * 12 * width ** 2 + 4 * tokens ** 2 * width) + 2 * grid * width * 3 * patch ** 2


def prepare(options):
    """The differences between devices."""
    options.ways = {"one at a time, float32": ("float32", 1), "batches of 8, float32": ("float32", 8)}
    options.rate = None
    if options.device == "cpu":
        return
    os.environ["MATCHER_BENCHMARK_DEVICE"] = "cuda"
    options.ways = {"batches of 64, float16": ("float16", 64)}
    options.search = options.search or [f"{p}/{b}" for p in ("float16", "bfloat16") for b in (8, 32, 128)]
    options.rate = matrix_rate()
    print(f"<!-- a large bfloat16 product: {options.rate / 1e12:.0f} TFLOP/s -->", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("matcher")
    parser.add_argument("models")
    parser.add_argument("photos")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--count", type=int, default=64, help="photos of each run")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="of both; 0: each program's own choice")
    parser.add_argument("--precisions", nargs="*", default=["auto", "fp32"], help="of matcher")
    parser.add_argument("--device", default="cpu", help="cpu, or cuda for both")
    parser.add_argument("--batch-size", type=int, default=0, help="of matcher; 0: its default")
    parser.add_argument("--search", nargs="*", help="settings of transformers to try, such as bfloat16/8")
    parser.add_argument("--search-count", type=int, default=32, help="photos of each setting that is tried")
    parser.add_argument("--edge", type=int, default=256, help="shortest side of a photo for a TorchScript file")
    parser.add_argument("--crop", type=int, default=224)
    parser.add_argument("--mean", type=float, nargs=3, default=[0.485, 0.456, 0.406])
    parser.add_argument("--std", type=float, nargs=3, default=[0.229, 0.224, 0.225])
    parser.add_argument("--cpu-time", action="store_true", help="count CPU seconds, with one thread each")
    options = parser.parse_args()
    if options.cpu_time:
        options.threads = 1
        os.environ["OMP_NUM_THREADS"] = "1"
    options.matcher = os.path.abspath(options.matcher)
    prepare(options)
    options.search = options.search or [f"{p}/{b}" for p in ("float32", "bfloat16") for b in (1, 4, 8, 16, 32)]
    print("\n".join(f"<!-- {line} -->" for line in describe_machine(options.matcher)))
    print("| model | matcher | transformers | ms an image: process | loop | theirs: process | loop | times as fast: process | loop |")
    print("|---|---|---|--:|--:|--:|--:|--:|--:|", flush=True)
    for name in sorted(os.listdir(options.models)):
        path = os.path.join(options.models, name)
        if (options.only and name not in options.only) or not (os.path.isdir(path) or name.endswith(".pt")):
            continue
        with tempfile.TemporaryDirectory() as work:
            contest = Contest(options, name, work)
            ways, median = compete(contest, options)
        each = 1000 / options.count
        for precision in options.precisions:
            (whole, loop) = median[precision]
            if options.rate:
                reached = operations(contest.folder) * options.count / loop
                print(f"<!-- {name}, {precision}: {reached / 1e12:.0f} TFLOP/s, share {100 * reached / options.rate:.0f} % -->", flush=True)
            for way in ways:
                their_whole, their_loop = median[way]
                print(f"| {name} | {precision}: {contest.used[precision]} | {way} | {whole * each:.0f} | {loop * each:.0f} | {their_whole * each:.0f} | "
                      f"{their_loop * each:.0f} | {their_whole / whole:.2f} | {their_loop / loop:.2f} |", flush=True)


if __name__ == "__main__":
    child() if sys.argv[1:2] == ["--child"] else main()
