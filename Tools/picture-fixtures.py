#!/usr/bin/env python3
"""Writes Tests/TruceDataTests/Pictures: small pictures by Pillow, and the samples it reads from them.

Needs: pip install pillow==13.0.0 numpy
Run:   Tools/picture-fixtures.py
"""

import json
import pathlib

import numpy as np
from PIL import Image, __version__

TARGET = pathlib.Path(__file__).resolve().parents[1] / "Tests/TruceDataTests/Pictures"
HEIGHT, WIDTH = 12, 9


def gradient(channels):
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [(rows * 20 + columns * (3 + 4 * plane) + 11 * plane) % 256 for plane in range(channels)]
    return np.stack(planes, axis=-1).astype(np.uint8)


def write(name, image, expected=None, **options):
    image.save(TARGET / name, **options)
    samples = np.asarray(Image.open(TARGET / name) if expected is None else expected)
    record[name] = {
        "height": samples.shape[0], "width": samples.shape[1],
        "channels": 1 if samples.ndim == 2 else samples.shape[2],
        "samples": samples.astype(int).flatten().tolist(),
    }


record = {}
TARGET.mkdir(exist_ok=True)
grey, colours = Image.fromarray(gradient(1)[..., 0]), Image.fromarray(gradient(3))
deep = np.asarray(gradient(1)[..., 0], dtype=np.uint16) * 250 + 7
write("grey.png", grey)
write("grey16.png", Image.fromarray(deep))
write("bits.png", grey.point(lambda value: 255 * (value > 100), mode="1"))
record["bits.png"]["samples"] = [255 * value for value in record["bits.png"]["samples"]]
write("grey-alpha.png", Image.fromarray(gradient(2), mode="LA"))
write("colours.png", colours)
write("colours-alpha.png", Image.fromarray(gradient(4)))
palette = colours.quantize(7)
write("palette.png", palette, expected=palette.convert("RGB"))
record["palette indices"] = {
    "height": HEIGHT, "width": WIDTH, "channels": 1, "samples": np.asarray(palette).astype(int).flatten().tolist()}
write("grey.jpg", grey, quality=90)
write("colours.jpg", colours, quality=90)
write("progressive.jpeg", colours, quality=90, progressive=True)
colours.convert("CMYK").save(TARGET / "inks.jpg")
for name, size in [("smaller", (5, 4)), ("larger", (13, 20))]:
    resized = np.asarray(colours.resize((size[1], size[0]), Image.Resampling.BILINEAR))
    record[name] = {
        "height": size[0], "width": size[1], "channels": 3, "samples": resized.astype(int).flatten().tolist()}
luma = np.asarray(colours.convert("L"))
record["luma"] = {
    "height": HEIGHT, "width": WIDTH, "channels": 1, "samples": luma.astype(int).flatten().tolist()}
content = {"script": "Tools/picture-fixtures.py", "provenance": f"Pillow {__version__}", "pictures": record}
(TARGET / "pictures.json").write_text(json.dumps(content) + "\n")
