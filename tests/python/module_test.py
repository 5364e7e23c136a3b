#!/usr/bin/env python3
"""Tests the Python module with the real program. Vectors and exports need a Python with numpy, torch, timm, open_clip.

usage: module_test.py PROGRAM DEMO_PHOTOS [--again]

--again  run with the Python that $MATCHER_TEST_PYTHON names, for the tests that need its packages; skipped without it
"""
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "python"))
import matcher  # noqa: E402

DEMO_PHOTOS = ""


def has(*packages):
    from importlib.util import find_spec
    return all(find_spec(package) for package in packages)


class Module(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.photos = cls.folder / "photos"
        subprocess.run([DEMO_PHOTOS, "--output", cls.photos, "--products", "6", "--unknown", "2", "--size", "48"],
                       check=True, capture_output=True)
        # The module and the pages name no work folder.
        os.environ |= {f"XDG_{kind}_HOME": str(cls.folder / kind) for kind in ("STATE", "DATA", "CACHE")}
        cls.options = {"dataset": cls.photos, "workdir": cls.folder / "w"}

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_eval_returns_the_report(self):
        report = matcher.eval(model="colour-layout", k=[1, 2], **self.options)
        self.assertTrue(report["schema"].startswith("matcher.report/"))
        self.assertEqual(report["model"]["name"], "colour-layout")
        self.assertIn("top2", report["metrics"])

    def test_compare_takes_a_list_of_models(self):
        result = matcher.compare(models=["colour-layout", "gradient-layout"], **self.options)
        self.assertTrue(result["schema"].startswith("matcher.comparison/"))

    def test_a_failed_gate_is_a_result(self):
        with self.assertLogs("matcher", "INFO") as logs:
            report = matcher.eval(model="colour-layout", fail_below="top1=1", **self.options)
        self.assertIn("metrics", report)
        self.assertTrue(any("gate failed" in line for line in logs.output), logs.output)

    def test_a_photo_that_cannot_be_read_has_an_error_in_the_answers(self):
        made = matcher.run("index", model="colour-layout", output=self.folder / "index", **self.options)
        self.assertIn("index: ", made["text"])
        photo = next(self.photos.glob("gallery/*/1.jpg"))
        (self.folder / "no.jpg").write_text("no image")
        answers = matcher.query(photo, self.folder / "no.jpg", index=self.folder / "index", workdir=self.folder / "w")
        self.assertEqual(answers["queries"][0]["answers"][0]["label"], photo.parent.name)
        self.assertIn("error", answers["queries"][1])

    def test_an_error_has_its_code_and_sentence(self):
        with self.assertRaises(matcher.MatcherError) as caught:
            matcher.eval(model="colour-layuot", **self.options)
        self.assertEqual((caught.exception.code, caught.exception.kind), (2, "usage"))
        self.assertIn("did you mean", str(caught.exception))
        self.assertEqual(caught.exception.error["message"], str(caught.exception))
        with self.assertRaises(matcher.MatcherError) as caught:
            matcher.run("embed", model="colour-layout", dataset=self.folder / "nothing.csv", workdir=self.folder / "w")
        self.assertEqual(caught.exception.code, 3)
        self.assertNotIn("matcher: error", str(caught.exception))
        with self.assertRaises(matcher.MatcherError) as caught:
            matcher.eval(model="colour-layout", no_such_flag=True, **self.options)
        self.assertEqual(caught.exception.code, 2)

    def test_a_missing_program_is_an_error_in_words(self):
        named = os.environ["MATCHER"]
        os.environ["MATCHER"] = str(self.folder / "nothing")
        try:
            with self.assertRaisesRegex(FileNotFoundError, "Install it, or set \\$MATCHER"):
                matcher.eval(model="colour-layout", **self.options)
        finally:
            os.environ["MATCHER"] = named

    @unittest.skipUnless(has("numpy"), "numpy is missing")
    def test_vectors_are_mapped_and_have_items(self):
        matcher.run("embed", model="colour-layout", output=self.folder / "set", **self.options)
        vectors, items = matcher.read_vectors(self.folder / "set"), matcher.read_items(self.folder / "set")
        self.assertEqual(vectors.shape, (len(items), 384))
        self.assertEqual(type(vectors).__name__, "memmap")
        self.assertEqual(len({item["id"] for item in items}), len(items))
        with self.assertRaisesRegex(FileNotFoundError, "is not an embedding set: vectors.npy is missing"):
            matcher.read_vectors(self.folder)

    @unittest.skipUnless(has("numpy", "torch", "timm", "open_clip"), "numpy, torch, timm or open_clip is missing")
    def test_the_page_about_notebooks_is_true(self):
        page = (ROOT / "docs/guides/notebook.md").read_text(encoding="utf-8")
        code = "".join(re.findall(r"```python\n(.*?)```", page, re.S))
        code = code.replace('"resnet10t.pt")', '"resnet10t.pt", pretrained=False)', 1).replace(', pretrained="openai"', "")
        (self.folder / "page").mkdir()
        (self.folder / "page/demo-photos").symlink_to(self.photos)
        before, printed = os.getcwd(), io.StringIO()
        os.chdir(self.folder / "page")
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(code, "notebook.md", "exec"), {})
        finally:
            os.chdir(before)
        self.assertIn("2 usage unknown model", printed.getvalue())

    def verify(self, file):
        result = matcher.run("verify", file, workdir=self.folder / "w")
        self.assertGreater(result["cosine"], 0.999999, result)
        return matcher.eval(model=file, **self.options)

    @unittest.skipUnless(has("numpy", "torch"), "torch is missing")
    def test_an_exported_module_is_verified(self):
        import torch
        network = torch.nn.Sequential(torch.nn.Conv2d(3, 8, 8, 8), torch.nn.ReLU(), torch.nn.Flatten())
        preprocess = {"resize": {"height": 32, "width": 32}, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}
        file = matcher.export_module(network, self.folder / "tiny.pt", preprocess=preprocess)
        self.assertEqual(self.verify(file)["model"]["dimension"], 128)
        self.assertEqual(list(self.folder.glob("*.tmp-*")), [])
        with self.assertRaisesRegex(ValueError, "must end in .pt"):
            matcher.export_module(network, self.folder / "tiny", preprocess=preprocess)
        with self.assertRaisesRegex(ValueError, "neither a crop nor a resize"):
            matcher.export_module(network, self.folder / "tiny.pt", preprocess={"resize": {"shortest_edge": 8}})

    @unittest.skipUnless(has("numpy", "torch", "timm"), "timm is missing")
    def test_a_network_of_timm_is_verified_and_prepares_images_as_timm_does(self):
        import numpy
        import timm
        import torch
        from PIL import Image
        torch.manual_seed(1)
        file = matcher.export_timm("resnet10t", self.folder / "resnet10t.pt", pretrained=False)
        self.verify(file)
        network = torch.jit.load(str(file)).eval()
        prepare = timm.data.create_transform(**timm.data.resolve_model_data_config(timm.create_model("resnet10t")))
        photos = sorted(self.photos.glob("gallery/*/*.jpg"))[:3]
        expected = self.folder / "expected"
        expected.mkdir()
        for photo in photos:
            name = f"{photo.parent.name}-{photo.name}"
            (expected / name).write_bytes(photo.read_bytes())
            with torch.no_grad():
                vector = network(prepare(Image.open(photo).convert("RGB"))[None])[0]
            numpy.save(expected / f"{name}.npy", vector.numpy())
        self.assertGreater(matcher.run("verify", file, expected, workdir=self.folder / "w")["cosine"], 0.9999)

    @unittest.skipUnless(has("numpy", "torch", "open_clip"), "open_clip is missing")
    def test_a_network_of_open_clip_is_verified(self):
        import torch
        torch.manual_seed(1)
        self.verify(matcher.export_open_clip("RN50", self.folder / "rn50.pt"))


def main():
    global DEMO_PHOTOS
    if sys.argv[3:] == ["--again"]:
        python = os.environ.get("MATCHER_TEST_PYTHON")
        if not python:
            print("SKIPPED: $MATCHER_TEST_PYTHON names no Python with numpy, torch, timm and open_clip")
            return
        os.execv(python, [python, __file__, *sys.argv[1:3]])
    os.environ["MATCHER"], DEMO_PHOTOS = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
