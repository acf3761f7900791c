"""Where a step's processor time goes, by kernel: samples of a contender's process, sorted by what they were at.

The samples are perf's (Debian: linux-perf). Where it is missing or the system forbids it, the part says so and is left out.
"""

import json
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from contenders import WORKER, ContenderError, environment, output
from tables import number, table

# Seconds before the first sample: what starting costs is no part of a step.
START = {"truce": 2, "torch": 8}
SAMPLED_SECONDS = 12
SAMPLES_A_SECOND = 499
GROUPS = ["products and convolutions", "other layers", "Gramian and combination", "waiting for threads", "memory", "rest"]


def group(library, symbol):
    """What a sample was at."""
    name = symbol.lower()
    if library.startswith(("[JIT]", "//anon", "jitted", "perf-")) or any(word in name for word in ("gemm", "mkl_", "dnnl", "mkldnn", "im2col", "col2im")):
        return "products and convolutions"
    if "libgomp" in library or "libiomp" in library:
        return "waiting for threads"
    if library.startswith("[kernel") or any(word in name for word in ("memcpy", "memset", "memmove", "malloc", "free", "unlink_chunk")):
        return "memory"
    if name.startswith("tk_") or "gramian" in name or "combine" in name:
        return "Gramian and combination"
    return "other layers" if "at::native" in name or "vectorized" in name else "rest"


def sampled(command, start, variables, request=None):
    """Processor seconds a second in each group, while a command runs."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        record = ["perf", "record", "--quiet", "--freq", str(SAMPLES_A_SECOND), "--delay", str(1000 * start), "--output", str(data), "--"]
        begun = time.monotonic()
        output(record + command, variables, request)
        seconds = time.monotonic() - begun - start
        text = output(["perf", "report", "--input", str(data), "--stdio", "--no-children", "--field-separator", ";",
                       "--fields", "sample,dso,symbol"], variables)
    counts = Counter()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(";", 2)]
        if len(cells) == 3 and cells[0].isdigit():
            counts[group(cells[1], cells[2].removeprefix("[.] ").removeprefix("[k] "))] += int(cells[0])
    if not counts:
        raise ContenderError("perf took no samples")
    return {name: counts[name] / SAMPLES_A_SECOND / seconds for name in GROUPS}


def profiled(programs, case, name, milliseconds):
    """Processor milliseconds of a contender's step in each group, from steps that fill the time of sampling."""
    is_own = name.startswith("truce")
    start = START["truce" if is_own else "torch"]
    long = replace(case, steps=max(1, round(1000 * (SAMPLED_SECONDS + start) / milliseconds)))
    if is_own:
        shares = sampled([str(programs.folder / "truce-engine"), *long.arguments(name)], start, environment())
    else:
        shares = sampled([programs.python, str(WORKER)], start, environment(), json.dumps(long.request(name)) + "\n")
    return {"milliseconds": milliseconds, "parts": {key: share * milliseconds for key, share in shares.items()}}


def section(results):
    """Milliseconds of a step by what its processor time was spent on."""
    lines = []
    for result in results.values():
        for name, (found, *_) in result["measured"].items():
            cells = [number(found["parts"][key]) for key in GROUPS]
            lines.append([result["title"], f"`{name}`", number(found["milliseconds"]), *cells])
    said = [f"- {result['title']}: `{name}`: {why}" for result in results.values() for name, why in result["failures"].items()]
    return "\n".join([
        "## Where the time goes, by kernel", "",
        "Milliseconds of a step by the clock, then of both processors together by what perf's samples of the whole process found them at",
        "(499 a second, after the start). Products and convolutions are MKL's and oneDNN's; other layers are libtorch's pooling,",
        "normalisation and element-wise kernels; memory is clearing new pages, copying and the allocator; the rest is dispatch, autograd and,",
        "in the peers, Python.", "",
        table(["case", "contender", "step", *GROUPS], lines, words=2), *said])
