"""Writes TorchScript files of networks that only Python can build, with their descriptions and golden samples."""
from __future__ import annotations

import io
import json
import math
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING:
    import torch

_FILTERS = {"bicubic": "bicubic", "bilinear": "bilinear", "random": "bicubic"}


def export_timm(name: str, out: Union[str, Path], *, pretrained: bool = True, checkpoint: Union[str, Path] = "",
                **arguments: Any) -> Path:
    """Exports `timm.create_model(name, num_classes=0)`, such as a ConvNeXt, with the preprocessing of its weights.

    `out` is the file, which ends in .pt. `pretrained=False` takes random weights, or those of `checkpoint`, a file. Other
    arguments go to create_model(). Returns `out`. Raises ValueError for preprocessing that matcher does not have.
    """
    import timm

    network = timm.create_model(name, pretrained=pretrained, num_classes=0, checkpoint_path=str(checkpoint), **arguments)
    settings = timm.data.resolve_model_data_config(network)
    return export_module(network, out, preprocess=_timm_preprocess(settings), description=f"{name} of timm {timm.__version__}",
                         source=f"timm, {name}", license=str(network.pretrained_cfg.get("license") or ""))


def export_open_clip(name: str, out: Union[str, Path], *, pretrained: str | None = None, **arguments: Any) -> Path:
    """Exports the image tower of `open_clip.create_model(name, pretrained)`; texts are left out.

    `out` is the file, which ends in .pt. Returns `out`. Raises ValueError for preprocessing that matcher does not have.
    """
    import open_clip

    network = open_clip.create_model(name, pretrained=pretrained, **arguments)
    settings = open_clip.get_model_preprocess_cfg(network)
    weights = f"{name} {pretrained}" if pretrained else name
    return export_module(_image_tower(network), out, preprocess=_open_clip_preprocess(settings),
                         description=f"{weights} of open_clip {open_clip.__version__}", source=f"open_clip, {weights}")


def export_module(network: "torch.nn.Module", out: Union[str, Path], *, preprocess: dict[str, Any], description: str = "",
                  source: str = "", license: str = "") -> Path:
    """Exports a module float [n, 3, H, W] -> float [n, d], which is traced on the CPU in fp32.

    `preprocess` is that of a description (docs/reference/models.md) as a dict; it needs a crop, or a resize with height
    and width. The name of the model is that of the file. Returns `out`. Raises ValueError if the traced network gives other
    vectors than `network`, or depends on the number of images.
    """
    import torch

    out = Path(out)
    if out.suffix != ".pt":
        raise ValueError(f'"{out}" must end in .pt')
    network = network.eval().float().cpu()
    height, width = _output_size(preprocess)
    images = torch.rand(2, 3, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch advises torch.export, which LibTorch does not read
        warnings.simplefilter("ignore", DeprecationWarning)
        expected = network(images)
        traced = torch.jit.trace(network, images)
        _check(traced, network, images, expected)
        _save(traced, out, _records(out.stem, images, expected, preprocess, description, source, license))
    return out


def _records(name: str, images: Any, expected: Any, preprocess: dict[str, Any], description: str, source: str,
             license: str) -> dict[str, Any]:
    fields = {"name": name, "description": description, "source": source, "license": license,
              "dimension": expected.shape[1], "preprocess": preprocess}
    return {"matcher.yaml": json.dumps({key: value for key, value in fields.items() if value}, indent=1),  # JSON is YAML
            "golden/input.npy": _npy(images[:1]), "golden/embedding.npy": _npy(expected[:1])}


def _image_tower(network: Any) -> "torch.nn.Module":
    import torch

    class ImageTower(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, images: "torch.Tensor") -> "torch.Tensor":
            return self.network.encode_image(images)

    return ImageTower()


def _check(traced: Any, network: Any, images: Any, expected: Any) -> None:
    import torch

    if expected.ndim != 2 or not torch.isfinite(expected).all():
        raise ValueError(f"the network returns the shape {list(expected.shape)}, expected finite numbers [n, d]. Wrap it in "
                         "a module that returns one vector per image")
    more = torch.cat([images, images.flip(3)])[:3]
    if not torch.allclose(traced(more), network(more), atol=1e-4, rtol=1e-3):
        raise ValueError("the traced network gives other vectors for three images. Its code depends on the images or on "
                         "their number: export it with torch.jit.script")


def _save(traced: Any, out: Path, records: dict[str, Any]) -> None:
    """Writes a file that is complete or absent."""
    import torch

    part = out.with_name(f"{out.name}.tmp-{os.getpid()}")
    try:
        torch.jit.save(traced, str(part), _extra_files=records)
        os.replace(part, out)
    finally:
        part.unlink(missing_ok=True)


def _npy(array: "torch.Tensor") -> bytes:
    import numpy

    buffer = io.BytesIO()
    numpy.save(buffer, array.numpy().astype("<f4"))
    return buffer.getvalue()


def _output_size(preprocess: dict[str, Any]) -> tuple[int, int]:
    size = preprocess.get("crop") or preprocess.get("resize") or {}
    if "height" not in size or "width" not in size:
        raise ValueError("preprocess has neither a crop nor a resize with height and width")
    return int(size["height"]), int(size["width"])


def _filter(settings: dict[str, Any]) -> str:
    name = settings["interpolation"]
    if name not in _FILTERS:
        raise ValueError(f'the interpolation is "{name}", but matcher has {", ".join(sorted(set(_FILTERS.values())))}')
    return _FILTERS[name]


def _prepared(settings: dict[str, Any], resize: dict[str, Any], crop: tuple[int, int] | None) -> dict[str, Any]:
    """The common part of a preprocess: transparent pixels lose their alpha, as Pillow's convert does."""
    prepared: dict[str, Any] = {"transparent": "drop", "resize": dict(resize, filter=_filter(settings))}
    if crop:
        prepared["crop"] = {"height": crop[0], "width": crop[1], "rounding": "even"}
    return prepared | {"mean": [float(x) for x in settings["mean"]], "std": [float(x) for x in settings["std"]]}


def _timm_preprocess(settings: dict[str, Any]) -> dict[str, Any]:
    height, width = settings["input_size"][-2:]
    larger = [math.floor(side / settings["crop_pct"]) for side in (height, width)]
    mode = settings["crop_mode"]
    if mode == "center" and height == width:
        return _prepared(settings, {"shortest_edge": larger[0]}, (height, width))
    if mode == "squash":
        return _prepared(settings, {"height": larger[0], "width": larger[1]}, (height, width) if larger != [height, width] else None)
    raise ValueError(f'the crop mode is "{mode}" of {height} x {width}, but matcher has squash, and center for squares')


def _open_clip_preprocess(settings: dict[str, Any]) -> dict[str, Any]:
    size = settings["size"]
    height, width = (size, size) if isinstance(size, int) else size
    mode = settings["resize_mode"]
    if mode == "squash":
        return _prepared(settings, {"height": height, "width": width}, None)
    if mode == "shortest" and height == width:
        return _prepared(settings, {"shortest_edge": height}, (height, width))
    raise ValueError(f'the resize mode is "{mode}" of {height} x {width}, but matcher has squash, and shortest for squares')
