"""The machine: what it is, what else runs on it, and loops that keep it busy."""

import contextlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOOPS = 4


def processor():
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def vectors():
    """The widest vector instructions that the processor says it has."""
    with contextlib.suppress(OSError):
        flags = Path("/proc/cpuinfo").read_text()
        return next((name for flag, name in [("avx512f", "AVX-512"), ("avx2", "AVX2")] if flag in flags), "neither AVX2 nor AVX-512")
    return "unknown vectors"


def revision():
    """The commit that is measured, and whether files differ from it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "Sources", "Package.swift", "Tools/bench-peers")
    return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")


def description():
    """What the page says of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"processor": processor(), "vectors": vectors(), "cores": len(os.sched_getaffinity(0)),
            "memory": f"{memory:.0f} GiB", "system": platform.system(), "revision": revision()}


def other_load(seconds=1.0):
    """How many cores other programs keep busy while this one sleeps; nil where the system does not tell."""
    def busy():
        fields = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
        return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")

    try:
        before = busy()
        time.sleep(seconds)
        return round((busy() - before) / seconds, 2)
    except (OSError, IndexError, ValueError):
        return None


@contextlib.contextmanager
def busy_loops():
    """Four programs that compute without end, beside what is measured."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(LOOPS)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
