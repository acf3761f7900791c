#!/usr/bin/env python3
"""Takes the labelled file of NYU Depth V2 apart, so that `truce data prepare nyuv2` can read what it holds.

    python3 -m venv venv && venv/bin/pip install h5py numpy scipy Pillow
    venv/bin/python Tools/unpack-nyuv2.py downloads/nyuv2 downloads/nyuv2-unpacked
    truce data prepare nyuv2 --from downloads/nyuv2-unpacked --output data/nyuv2 --size 288x384

The first folder holds `nyu_depth_v2_labeled.mat` from the data set's site (HDF5) and, as published with the official
split and the maps of its 894 classes to 40 and of those to 13, `splits.mat`, `classMapping40.mat` and
`class13Mapping.mat`. Depths are the file's own, filled in where the camera saw nothing; they become whole steps of 10 m / 255.
"""

import json
import pathlib
import sys

import h5py
import numpy
from PIL import Image
from scipy.io import loadmat

LABELLED = "nyu_depth_v2_labeled.mat"
STEPS_A_METRE = 25.5


def failed(path, reason, fix):
    """Ends the program with what is wrong and what to do about it."""
    sys.exit(f"unpack-nyuv2: {path}: {reason}\n  help: {fix}")


def read(folder, name, key):
    """A variable of a file of MATLAB's version 5."""
    path = folder / name
    if not path.exists():
        failed(path, "there is no such file", "get it from the published meta data of NYUv2, and put it beside the others")
    try:
        return loadmat(path)[key]
    except (KeyError, ValueError, NotImplementedError):
        failed(path, f"it holds no '{key}' as MATLAB's version 5 writes it", "get the file again")


def opened(folder):
    """The labelled file with pictures, depths and labels."""
    path = folder / LABELLED
    if not path.exists():
        failed(path, "there is no such file", "get it from the site of NYU Depth V2")
    try:
        file = h5py.File(path, "r")
    except OSError:
        failed(path, "it is no HDF5 file, or was copied in part", "get the file again")
    for key in ("images", "depths", "labels"):
        if key not in file:
            failed(path, f"it holds no '{key}'", "give the labelled file of the data set, not another one")
    return file


def write_numbers(path, numbers):
    """Numbers, one a line."""
    path.write_text("".join(f"{number}\n" for number in numbers.ravel()))


def write_example(target, number, file, to_forty):
    """The picture, the depth and the classes of one number, counted from 1; MATLAB's axes come last first."""
    name = f"{number:04d}.png"
    picture = file["images"][number - 1].transpose(2, 1, 0)
    steps = numpy.clip(numpy.rint(file["depths"][number - 1].T * STEPS_A_METRE), 0, 255)
    labels = to_forty[file["labels"][number - 1].T]
    for kind, values in (("rgb", picture), ("depth", steps), ("label40", labels)):
        Image.fromarray(numpy.ascontiguousarray(values.astype(numpy.uint8))).save(target / kind / name)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    splits = [read(source, "splits.mat", key) for key in ("trainNdxs", "testNdxs")]
    # Class 0 stands for pixels without a label.
    to_forty = numpy.concatenate([[0], read(source, "classMapping40.mat", "mapClass").ravel()])
    to_thirteen = read(source, "class13Mapping.mat", "classMapping13")["labels13"][0, 0].ravel()
    with opened(source) as file:
        count = file["images"].shape[0]
        for kind in ("rgb", "depth", "label40"):
            (target / kind).mkdir(parents=True, exist_ok=True)
        for number in range(1, count + 1):
            write_example(target, number, file, to_forty)
            if number % 100 == 0 or number == count:
                print(f"{number} of {count} examples", file=sys.stderr)
    for name, numbers in zip(("split_train_795.txt", "split_test_654.txt"), splits):
        write_numbers(target / name, numbers)
    mapping = {str(place + 1): int(number) for place, number in enumerate(to_thirteen)}
    (target / "map40to13.json").write_text(json.dumps({"map": mapping}) + "\n")


if __name__ == "__main__":
    main()
