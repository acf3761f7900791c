"""Runs a contender: Truce's engine as a program, everything else in a worker that stays."""

import json
import os
import select
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".truce" / "bench"
WORKER = Path(__file__).with_name("peers") / "worker.py"
PACKAGES = ["torch==2.13.0", "numpy", "scipy", "torchjd[full]==0.18.0"]
# What libraries read when they are loaded: how OpenMP's threads wait, and how much freed memory a process keeps. Truce's
# engine settles both where none of these says anything; its peers run as they are.
AT_START = ["GOMP_SPINCOUNT", "OMP_WAIT_POLICY", "GOMP_CPU_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "KMP_BLOCKTIME",
            "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_TOP_PAD_", "MALLOC_MMAP_MAX_",
            "MALLOC_ARENA_MAX", "GLIBC_TUNABLES"]
BOUNDED = {"GOMP_SPINCOUNT": "10000"}
# What `truce` sets before it becomes the engine; an engine that is called without starts itself again.
HANDED_OVER = BOUNDED | {"MALLOC_MMAP_THRESHOLD_": "134217728", "MALLOC_TRIM_THRESHOLD_": "1073741824"}
# Says what holds anyway, so that Truce leaves the waiting as OpenMP has it.
UNBOUNDED = {"OMP_PROC_BIND": "false"}
PATIENCE = 240


class ContenderError(Exception):
    """Why a contender gave no measurement."""


def environment(further=None):
    """The environment of a contender: of what libraries read at their start, nothing but what is asked for."""
    plain = {name: value for name, value in os.environ.items() if name not in AT_START}
    return plain | (further or {})


def install():
    """The Python of the peers, installed from PyPI into .truce/bench on the first run."""
    python = ENVIRONMENT / "bin" / "python"
    if not (ENVIRONMENT / "ready").exists():
        print("installing the peers into .truce/bench", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *PACKAGES], check=True)
        subprocess.run([*pip, "--no-deps", "LibMTL==1.1.5"], check=True)
        (ENVIRONMENT / "ready").touch()
    return str(python)


def last_line(text):
    """The last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def output(command, variables=None, request=None):
    """What a program prints, given a request to read."""
    try:
        done = subprocess.run(command, env=variables, input=request, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ContenderError(str(error).splitlines()[0]) from error
    if done.returncode != 0:
        raise ContenderError(last_line(done.stderr))
    return done.stdout


class Worker:
    """The peers' process."""

    def __init__(self, python, further=None):
        self.command, self.environment, self.process = [python, str(WORKER)], environment(further), None

    def ask(self, request):
        """The answer to a request.

        Raises ContenderError for a failure; the next request then finds a new process where this one is gone.
        """
        if self.process is None:
            self.process = subprocess.Popen(
                self.command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True, bufsize=1)
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
            line = self.process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = ""
        return self.read(line)

    def read(self, line):
        if not line:
            self.end()
            raise ContenderError(f"no answer within {PATIENCE} s" if line is None else "the worker ended")
        answer = json.loads(line)
        if "error" in answer:
            raise ContenderError(answer["error"])
        return answer

    def end(self):
        """Ends the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
        self.process = None


class Programs:
    """The two programs of Truce, and the peers where they take part."""

    def __init__(self, folder, python):
        self.folder, self.python = Path(folder), python
        self.worker = Worker(python) if python else None

    def engine(self, arguments, further=None):
        """What the engine's benchmark prints."""
        return json.loads(self.output("truce-engine", arguments, environment(further)))

    def output(self, program, arguments, variables=None):
        """What a program of Truce prints."""
        return output([str(self.folder / program), *arguments], variables)

    def peer(self, request, further=None, alone=False):
        """What the worker answers; alone: in a process of its own, so that its memory is only this request's."""
        if not alone and not further:
            return self.worker.ask(request)
        worker = Worker(self.python, further)
        try:
            return worker.ask(request)
        finally:
            worker.end()

    def end(self):
        """Ends the worker."""
        if self.worker:
            self.worker.end()
