#!/usr/bin/env python3
"""Exports checkpoints as torch.compile, DistributedDataParallel and PEFT save them, and compares their vectors with the plain ones.

usage: wrapped.py MATCHER PHOTOS

Needs torch, transformers, peft, safetensors and numpy. The networks are small and random. Exit code 1 if a file gives other
vectors than the network it was made of, or if a file that cannot be read is not refused with what to do.
"""
import copy
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy
import peft
import torch
import transformers
from safetensors.torch import save_file

REFUSED = {"part-of-more": "the network is part of a larger one", "adapter": "holds an adapter (LoRA), not a network",
           "unmerged": "its tensors are those of an adapter, such as LoRA", "pickled": "can run any program when it is opened"}


def save(folder, network, tensors, processor):
    network.config.save_pretrained(folder)
    processor.save_pretrained(folder)
    save_file({name: tensor.contiguous().clone() for name, tensor in tensors.items()}, folder / "model.safetensors")


def make(root):
    """Writes a folder per kind of file. Returns the folders that hold the same network, by the folder of the plain one."""
    torch.manual_seed(0)
    compiled, parallel = torch.compile, torch.nn.parallel.DistributedDataParallel
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29777")
    torch.distributed.init_process_group("gloo", rank=0, world_size=1)
    config = transformers.Dinov2Config(hidden_size=64, num_hidden_layers=3, num_attention_heads=4, image_size=70)
    dino = transformers.Dinov2Model(config).eval()
    processor = transformers.BitImageProcessor(size={"shortest_edge": 76}, crop_size={"height": 70, "width": 70})
    wrapped = {"plain": dino, "compiled": compiled(dino), "parallel": parallel(dino), "parallel-compiled": parallel(compiled(dino)),
               "compiled-parallel": compiled(parallel(dino))}
    for name, network in wrapped.items():
        save(root / name, dino, network.state_dict(), processor)
    classifier = transformers.Dinov2ForImageClassification(config)
    classifier.dinov2.load_state_dict(dino.state_dict())
    save(root / "classifier", classifier, classifier.state_dict(), processor)
    clip = transformers.CLIPModel(transformers.CLIPConfig(
        text_config={"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64},
        vision_config={"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 96, "image_size": 64,
                       "patch_size": 16}, projection_dim=24)).eval()
    crop = transformers.CLIPImageProcessor(size={"shortest_edge": 64}, crop_size={"height": 64, "width": 64})
    for name, network in {"clip": clip, "clip-compiled": compiled(clip), "clip-parallel": parallel(clip)}.items():
        save(root / name, clip, network.state_dict(), crop)
    tuned = peft.get_peft_model(copy.deepcopy(dino), peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"]))
    for name, tensor in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(tensor, std=0.05)
    tuned.save_pretrained(root / "adapter")
    save(root / "unmerged", dino, tuned.state_dict(), processor)
    merged = tuned.merge_and_unload()
    save(root / "merged", merged, merged.state_dict(), processor)
    merged.save_pretrained(root / "merged-saved")
    processor.save_pretrained(root / "merged-saved")
    save(root / "part-of-more", dino, torch.nn.ModuleDict({"backbone": dino, "head": torch.nn.Linear(64, 10)}).state_dict(), processor)
    dino.config.save_pretrained(root / "pickled")
    torch.save(dino.state_dict(), root / "pickled" / "pytorch_model.bin")
    return {"plain": [*wrapped, "classifier"][1:], "clip": ["clip-compiled", "clip-parallel"], "merged": ["merged-saved"]}


def main(matcher, photos):
    root, failures = pathlib.Path(tempfile.mkdtemp(prefix="wrapped-")), 0
    groups = make(root)

    def run(*arguments):
        return subprocess.run([matcher, "-q", "--workdir", root / "work", *arguments], capture_output=True, text=True)

    def vectors(name):
        done = run("export", name, "--checkpoint", root / name, "--output", root / f"{name}.pt")
        if done.returncode == 0:
            done = run("embed", "--model", root / f"{name}.pt", "--dataset", photos, "--output", root / f"{name}.set", "--no-cache")
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stderr}")
        return numpy.load(root / f"{name}.set" / "vectors.npy")

    for plain, others in groups.items():
        expected = vectors(plain)
        for name in others:
            difference = float(numpy.abs(vectors(name) - expected).max())
            failures += difference != 0
            print(f"{name}: largest difference from {plain}: {difference:g}", flush=True)
    for name, words in REFUSED.items():
        done = run("export", name, "--checkpoint", root / name, "--output", root / f"{name}.pt")
        failures += done.returncode == 0 or words not in done.stderr
        print(f"{name}: exit code {done.returncode}: {done.stderr.strip()[:160]}", flush=True)
    sys.exit(failures > 0)


main(*sys.argv[1:3])
