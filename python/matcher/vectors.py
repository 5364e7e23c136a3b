"""Reads embedding sets: the folders that `matcher embed` writes."""
from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    import numpy


def read_vectors(folder: Union[str, Path]) -> "numpy.ndarray":
    """Returns the vectors of an embedding set: float32 [n, d], mapped from the file, as the network returns them.

    They are not normalised. Row i belongs to item i of read_items(). Raises FileNotFoundError if the folder is not an
    embedding set, and ValueError if its parts do not fit together.
    """
    import numpy

    vectors = numpy.load(_file(folder, "vectors.npy"), mmap_mode="r")
    if vectors.ndim != 2:
        raise ValueError(f'"{folder}": vectors.npy has the shape {vectors.shape}, expected [n, d]. Embed the dataset again')
    return vectors


def read_items(folder: Union[str, Path]) -> list[dict[str, str]]:
    """Returns the items of an embedding set or an index, in the order of their vectors.

    The keys are id, path, label, role, split, view, category, text and content_hash.
    """
    with open(_file(folder, "items.csv"), newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _file(folder: Union[str, Path], name: str) -> Path:
    file = Path(folder) / name
    if not file.is_file():
        raise FileNotFoundError(f'"{folder}" is not an embedding set: {name} is missing. Make one: matcher embed --model '
                                f"MODEL --dataset DATASET --output {folder}")
    return file
