"""Where a step's processor time goes, by kernel: samples of a contender's process, sorted by what they were at.

The samples are perf's (Debian: linux-perf). Where it is missing or the system forbids it, the part says so and is left out.
"""

import json
import subprocess
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from contenders import PATIENCE, WORKER, ContenderError, environment
from tables import number, table

# Seconds before the first sample: what starting costs is no part of a step.
START = {"truce": 2, "torch": 8}
SAMPLED_SECONDS = 12
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
    """The share of the samples of each group, while a command runs."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "perf.data"
        record = ["perf", "record", "--quiet", "--freq", "499", "--delay", str(1000 * start), "--output", str(data), "--"]
        run(record + command, variables, request)
        text = run(["perf", "report", "--input", str(data), "--stdio", "--no-children", "--field-separator", ";",
                    "--sort", "dso,symbol"], variables)
    counts = Counter()
    for line in text.splitlines():
        share, _, rest = line.strip().partition("%")
        if line.startswith("#") or not rest:
            continue
        library, _, symbol = rest.lstrip("; ").partition(";")
        counts[group(library.strip(), symbol.strip().removeprefix("[.] ").removeprefix("[k] "))] += float(share)
    total = sum(counts.values())
    if total == 0:
        raise ContenderError("perf took no samples")
    return {name: counts[name] / total for name in GROUPS}


def run(command, variables, request=None):
    """What a command prints."""
    try:
        done = subprocess.run(command, env=variables, input=request, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ContenderError(str(error).splitlines()[0]) from error
    if done.returncode != 0:
        raise ContenderError((done.stderr.strip().splitlines() or ["perf failed"])[-1])
    return done.stdout


def profiled(programs, case, name, milliseconds):
    """A contender's shares, over steps that fill the time of sampling."""
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
        "A step's milliseconds, shared out as perf's samples of the whole process are (499 a second and thread, after the start): products",
        "and convolutions are MKL's and oneDNN's; other layers are libtorch's pooling, normalisation and element-wise kernels; memory",
        "is clearing new pages, copying and the allocator; the rest is dispatch, autograd and, in the peers, Python.", "",
        table(["case", "contender", "step", *GROUPS], lines, words=2), *said])
