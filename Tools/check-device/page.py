#!/usr/bin/env python3
"""Writes Documentation/cuda.md from Documentation/cuda/results.json, what Tools/check-device/check.py found on one machine.

    Tools/check-device/page.py

Beside check.py's parts the results hold `machine`, which it does not tell, and `doubles`: by method, the distance of its SegNet run
with `precision=float64` on a processor from the one in float32.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RESULTS = ROOT / "Documentation" / "cuda" / "results.json"
PAGE = ROOT / "Documentation" / "cuda.md"
# Beyond these a row is shown by itself.
USUAL = {"mlp": 1e-4, "segnet": 1e-2}
TITLES = {"mlp": "a perceptron, 20 steps", "segnet": "a SegNet, one step"}


def number(value):
    return f"{value:.1e}" if value is not None else ""


def middle(values):
    return sorted(values)[len(values) // 2]


def method_lines(rows):
    """The methods' distances: the middle of each network's, and those that stand out."""
    lines = ["| network | methods | middle distance | beyond | those |", "| --- | ---: | ---: | ---: | --- |"]
    for problem, title in TITLES.items():
        mine = [row for row in rows if row["problem"] == problem and row.get("relative") is not None]
        far = sorted((row for row in mine if row["relative"] > USUAL[problem]), key=lambda row: -row["relative"])
        named = ", ".join(f"`{row['method']}` {number(row['relative'])}" for row in far)
        lines.append(f"| {title} | {len(mine)} | {number(middle([row['relative'] for row in mine]))} | {number(USUAL[problem])} "
                     f"| {named or 'none'} |")
    return lines


def double_lines(rows, doubles):
    """The methods that stand out on the SegNet beside what double precision moves them by on the processor alone."""
    lines = ["| SegNet, one step | device | float64 on the processor |", "| --- | ---: | ---: |"]
    mine = {row["method"]: row["relative"] for row in rows if row["problem"] == "segnet" and row.get("relative") is not None}
    for method in sorted(doubles, key=lambda name: -mine[name]):
        lines.append(f"| `{method}` | {number(mine[method])} | {number(doubles[method])} |")
    return lines


def failure_lines(rows):
    return [f"- `{row['method']}` on {TITLES[row['problem']]}: {row['error'].removeprefix('truce: error: ')}" for row in rows
            if "error" in row]


def step_lines(rows):
    """Milliseconds of each contender, and Truce's share of TorchJD's."""
    names = sorted({name for row in rows for name in row["milliseconds"]},
                   key=["truce-ew", "torch-ew", "truce-cagrad", "truce-cagrad-one-by-one", "torch-rows", "torchjd-cagrad",
                        "truce-upgrad", "torchjd-upgrad"].index)
    lines = ["| step | Truce | peers | " + " | ".join(names) + " | CAGrad / TorchJD |",
             "| --- | --- | --- |" + " ---: |" * (len(names) + 1)]
    for row in rows:
        medians = {name: each["median"] for name, each in row["milliseconds"].items()}
        shown = [f"{medians[name]:.1f}" if name in medians else "" for name in names]
        lines.append(f"| {row['case']} | {row['truce']} | {row['peers']} | " + " | ".join(shown)
                     + f" | {medians['truce-cagrad'] / medians['torchjd-cagrad']:.2f} |")
    return lines


def page(found):
    machine, rounding = found["machine"], found["rounding"]
    values = list(rounding.values())
    ways = [[row["way"], number(row.get("relative")), row.get("error", "")] for row in found["ways"]]
    return "\n".join([
        "# Truce on a CUDA device",
        "",
        "Written by `Tools/check-device/page.py` from [cuda/results.json](cuda/results.json); do not edit.",
        "",
        f"One run of `Tools/check-device` on one {machine['device']} with {machine['cores']} processor cores, PyTorch {machine['pytorch']} and TorchJD",
        f"{machine['torchjd']}, no Swift. The programs were linked on another machine with Swift's libraries in them (`Tools/check-device/pack`); the",
        f"engine's C++ was compiled there by g++ in {machine['shim_seconds']} s (`Tools/check-device/build-shim`).",
        "",
        "## Every method, processor against device",
        "",
        "Each method trains the same network from the same weights on the same batches by plain SGD in float32, without TF32, on both; the distance is",
        "that of the weights at the end over the way they went. Steps of SGD, since Adam divides rounding by rounding.",
        "",
        *method_lines(found["methods"]),
        "",
        "A SegNet's gradient is hard to tell in float32: pooling picks other pixels where two are nearly alike. PyTorch's own gradient of such a network",
        f"is {number(values[0])} from double precision's on the processor, {number(values[1])} on the device, and the two are {number(values[2])} from one another. Some methods",
        "make more of such differences than others: those of two levels divide by small differences of gradients, GradDrop goes by signs, AdaTask divides",
        "each task's gradients by their own size. The same ones stand out when float32 is compared with float64 on the processor alone (run elsewhere):",
        "",
        *double_lines(found["methods"], found["doubles"]),
        "",
        *failure_lines(found["methods"]),
        "",
        "| way, SegNet, one step, against the plain one on the processor | distance | |", "| --- | ---: | --- |",
        *[f"| {name} | {relative} | {error} |" for name, relative, error in ways],
        "",
        "A run that is killed on a device and resumed ends near the one that was not, not at the same bits: some of libtorch's kernels add in any order.",
        "On the processor the bits are the same.",
        "",
        "## Steps",
        "",
        "Median milliseconds of 60 steps after 20, contenders one after the other, each step waited for. `torch-rows` is a backward pass for each task in",
        "PyTorch with the rows' products; Truce's `one-by-one` is the same with its own kernels.",
        "",
        *step_lines(found["steps"]),
        "",
        "PyTorch rounds the factors of convolutions to TF32 unless told otherwise, and so does Truce (`tf32: convolutions`); when MLP and LeNet were",
        "timed Truce did not. ResNet-18 was timed in that way only, which compares nothing, and is left out.",
        "",
    ])


def main():
    PAGE.write_text(page(json.loads(RESULTS.read_text())))


if __name__ == "__main__":
    main()
