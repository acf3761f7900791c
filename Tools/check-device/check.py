#!/usr/bin/env python3
"""Compares Truce on a CUDA device with Truce on the processor and with PyTorch, and writes what it finds as JSON.

    Tools/check-device/check.py FOLDER --output results.json [--only methods ways steps rounding]

FOLDER is what `Tools/check-device/pack` made, with `lib/libCTorch.so` from `Tools/check-device/build-shim`. Run it by the Python
that has PyTorch; TorchJD takes part where it is installed.

methods  Every method of the catalogue, trained alike on both for some steps in single precision: how far the weights end
         from one another, over how far they went. By plain SGD, since Adam divides rounding by rounding.
ways     Streamed gradients, autocast and gradient scaling, a run that is killed and resumed.
rounding How far PyTorch's own gradients of such a network are from double precision's, on both.
steps    Milliseconds and memory of steps, interleaved with PyTorch's.
"""

import argparse
import concurrent.futures
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from safetensors.numpy import load_file

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bench-peers"))
from cases import StepCase
from contenders import ContenderError, Worker, environment

PLAIN = ["--optimizer", "sgd", "--seed", "0", "--quiet", "threads=1", "tf32=none", "log_every=1", "evaluate_every=1000"]
PROBLEMS = {
    "mlp": ["--problem", "scaled-tanh", "problem_options.scales=[1,2,3]", "--batch-size", "64", "--learning-rate", "0.01",
            "max_steps=20"],
    "segnet": ["--problem", "rooms", "--trunk", "segnet", "trunk_options.width=8", "problem_options.train_samples=16",
               "problem_options.test_samples=4", "problem_options.height=64", "problem_options.width=96",
               "problem_options.in_memory=true", "--batch-size", "4", "--learning-rate", "0.01", "max_steps=1"],
}
WAYS = {
    "cagrad, streamed": ["--method", "cagrad", "gradient_memory=stream"],
    "cagrad, bfloat16": ["--method", "cagrad", "autocast=bfloat16"],
    "cagrad, float16 scaled": ["--method", "cagrad", "autocast=float16", "gradient_scaling=dynamic",
                               "gradient_scaling_options.initial_scale=16"],
}


class Trainer:
    """Trains with the packed engine."""

    def __init__(self, folder, work, device):
        self.engine, self.work, self.device = str(pathlib.Path(folder) / "truce-engine"), pathlib.Path(work), device

    def train(self, name, arguments, device, further=()):
        """The tensors that a run ends with.

        Raises ContenderError with the engine's words.
        """
        output = self.output(name, device)
        try:
            done = subprocess.run(self.command(output, arguments, device, further), capture_output=True, text=True, timeout=120, env=environment())
        except subprocess.TimeoutExpired as error:
            raise ContenderError("it took more than two minutes") from error
        if done.returncode != 0:
            raise ContenderError(" ".join(done.stderr.split())[:400] or f"exit code {done.returncode}")
        return self.last(output)

    def output(self, name, device):
        """The folder of a run."""
        return self.work / f"{name}-{device}".replace(" ", "_").replace(",", "")

    def command(self, output, arguments, device, further=()):
        """What trains."""
        return [self.engine, "train", *PLAIN, *arguments, "--device", device, "--output", str(output), *further]

    def kill(self, name, arguments, device, at):
        """Begins a run and kills it once it has saved a step or a later one."""
        output = self.output(name, device)
        process = subprocess.Popen(self.command(output, arguments, device), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env=environment())
        saved = output / "checkpoints" / "last.txt"
        while process.poll() is None and not (saved.exists() and int(saved.read_text().split("-")[-1]) >= at):
            time.sleep(0.01)
        process.kill()
        process.wait()

    @staticmethod
    def last(output):
        """The tensors of a run's last checkpoint."""
        folder = output / "checkpoints" / (output / "checkpoints" / "last.txt").read_text().strip()
        return load_file(folder / "tensors.safetensors")


def vector(tensors, names):
    """All floating numbers of some tensors."""
    return np.concatenate([tensors[name].astype(np.float64).ravel() for name in names])


def distance(one, other, start):
    """How far two runs end from one another: the largest difference, and the length over the way that was gone."""
    names = sorted(name for name in one if name in other and name in start and one[name].dtype.kind == "f"
                   and one[name].shape == other[name].shape == start[name].shape)
    a, b, first = (vector(each, names) for each in (one, other, start))
    way = np.linalg.norm(a - first)
    return {"largest": float(np.abs(a - b).max()), "relative": float(np.linalg.norm(a - b) / way) if way else None}


def compared(trainer, problem, method):
    """A method on the processor and on the device."""
    arguments = [*PROBLEMS[problem], "--method", method]
    try:
        start = trainer.train(f"{problem}-{method}-start", [*arguments, "max_steps=1", "learning_rate=1e-30"], "cpu")
        processor = trainer.train(f"{problem}-{method}-processor", arguments, "cpu")
        device = trainer.train(f"{problem}-{method}", arguments, trainer.device)
    except ContenderError as error:
        return {"problem": problem, "method": method, "error": str(error)}
    return {"problem": problem, "method": method, **distance(processor, device, start)}


def way(trainer, name, further):
    """Another way to the gradients, against the plain one on the processor."""
    arguments = [*PROBLEMS["segnet"], *further]
    plain = [*PROBLEMS["segnet"], "--method", "cagrad"]
    try:
        start = trainer.train(f"way-{name}-start", [*plain, "max_steps=1", "learning_rate=1e-30"], "cpu")
        reference = trainer.train(f"way-{name}-processor", plain, "cpu")
        return {"way": name, **distance(reference, trainer.train(f"way-{name}", arguments, trainer.device), start)}
    except ContenderError as error:
        return {"way": name, "error": str(error)}


def resumed(trainer):
    """A run that was killed and went on against one that was not, on the device."""
    arguments = [*PROBLEMS["segnet"], "--method", "cagrad", "max_steps=200", "checkpoint_every_steps=20", "epochs=100"]
    try:
        whole = trainer.train("whole", arguments, trainer.device)
        trainer.kill("parts", arguments, trainer.device, at=40)
        second = trainer.train("parts", arguments, trainer.device, ["--resume"])
    except ContenderError as error:
        return {"way": "killed and resumed", "error": str(error)}
    same = all(np.array_equal(whole[name], second[name]) for name in whole)
    return {"way": "killed and resumed", "same": same, **distance(whole, second, {n: 0 * v for n, v in whole.items()})}


def methods(folder):
    """The names of the catalogue's methods."""
    answer = subprocess.run([str(pathlib.Path(folder) / "truce"), "methods", "--format", "json"], check=True,
                            capture_output=True, text=True)
    return [method["name"] for method in json.loads(answer.stdout)]


def check_methods(folder, device, jobs):
    """All comparisons, several at a time."""
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        trainer = Trainer(folder, work, device)
        asked = [(problem, method) for problem in PROBLEMS for method in methods(folder)]
        return list(pool.map(lambda each: compared(trainer, *each), asked))


def check_ways(folder, device, jobs):
    """The other ways, several at a time."""
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        trainer = Trainer(folder, work, device)
        found = [pool.submit(way, trainer, *item) for item in WAYS.items()] + [pool.submit(resumed, trainer)]
        return [each.result() for each in found]


def gradient(device, dtype):
    """The gradient of PyTorch's SegNet of the same size at one batch, as one vector."""
    import torch
    import steps
    torch.backends.cudnn.allow_tf32 = False
    request = {"network": "segnet", "tasks": 3, "options": {"width": 8}, "batch": 4, "size": [64, 96]}
    bench = steps.Bench(request)
    move = lambda tensor: tensor.to(device, dtype if tensor.is_floating_point() else tensor.dtype)
    bench.network.to(device, dtype)
    bench.examples = move(bench.examples)
    for criterion in bench.criteria:
        for cell in criterion.__closure__:
            if torch.is_tensor(cell.cell_contents):
                cell.cell_contents = move(cell.cell_contents)
    torch.stack(bench.losses()[1]).sum().backward()
    return np.concatenate([p.grad.double().cpu().numpy().ravel() for p in bench.network.trunk.parameters()])


def check_rounding(device):
    """How far PyTorch's own gradients of such a network are from double precision's, and from one another."""
    import torch
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "bench-peers" / "peers"))
    exact = gradient("cpu", torch.float64)
    processor, other = gradient("cpu", torch.float32), gradient(device, torch.float32)
    relative = lambda a, b: float(np.linalg.norm(a - b) / np.linalg.norm(b))
    return [{"PyTorch's processor to float64": relative(processor, exact), "its device to float64": relative(other, exact),
             "its device to its processor": relative(other, processor)}]


# MARK: Steps

OWN = ("truce-ew", "truce-cagrad", "truce-cagrad-one-by-one")
PEERS = ("torch-ew", "torch-rows", "torchjd-cagrad")
UPGRADS = ("truce-upgrad", "torchjd-upgrad")


def case(key, network, tasks, batch, size=(), options=None, steps=60, contenders=OWN + PEERS):
    return StepCase(key, f"{network}, K = {tasks}, batch {batch}", network, tasks, batch, size=size, options=options or {},
                    steps=steps, warm_up=20, contenders=contenders)


STEPS = [
    case("mlp-10", "mlp", 10, 128, contenders=OWN + PEERS + UPGRADS), case("mlp-50", "mlp", 50, 128),
    case("mlp-50-large", "mlp", 50, 1280), case("lenet", "lenet", 2, 256, contenders=OWN + PEERS + UPGRADS),
    case("resnet18", "resnet18", 2, 32, (64, 64)), case("resnet18-10", "resnet18", 10, 32, (64, 64), steps=30),
    case("segnet", "segnet", 3, 8, (96, 128), {"width": 4}, contenders=OWN[:2] + PEERS),
]


def timed(folder, worker, case, name, device, tf32, threads):
    """One contender's median step on the device."""
    if not name.startswith("truce"):
        answer = worker.ask(case.request(name, threads) | {"device": device, "tf32": tf32})
    else:
        command = [str(pathlib.Path(folder) / "truce-engine"), *case.arguments(name, threads), "--device", device,
                   "--tf32", "convolutions" if tf32 else "none"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment())
        if done.returncode != 0:
            raise ContenderError(" ".join(done.stderr.split())[:400])
        answer = json.loads(done.stdout)
    times = answer["milliseconds"]
    return {"median": statistics.median(times), "least": min(times), "most": max(times),
            **{key: answer[key] for key in ("parts", "deviceBytes") if key in answer}}


def check_steps(folder, device, threads):
    """Every case by every contender."""
    worker, found = Worker(sys.executable), []
    for each, tf32 in [(each, tf32) for each in STEPS for tf32 in ([False, True] if each.size else [True])]:
        row = {"case": each.title, "tf32": tf32, "contenders": {}, "failures": {}}
        for name in each.contenders:
            try:
                row["contenders"][name] = timed(folder, worker, each, name, device, tf32, threads)
            except (ContenderError, subprocess.TimeoutExpired) as error:
                row["failures"][name] = str(error)
        print(each.title, "TF32" if tf32 else "", {n: round(v["median"], 2) for n, v in row["contenders"].items()},
              row["failures"], file=sys.stderr, flush=True)
        found.append(row)
    worker.end()
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="what Tools/check-device/pack made")
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", nargs="*", choices=["methods", "ways", "steps", "rounding"], default=["rounding", "steps", "ways", "methods"])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--jobs", type=int, default=12, help="runs at a time")
    arguments = parser.parse_args()
    parts = {"methods": lambda: check_methods(arguments.folder, arguments.device, arguments.jobs),
             "ways": lambda: check_ways(arguments.folder, arguments.device, arguments.jobs),
             "steps": lambda: check_steps(arguments.folder, arguments.device, 4)}
    parts["rounding"] = lambda: check_rounding(arguments.device)
    results, output = {}, pathlib.Path(arguments.output)
    for name in arguments.only:
        start = time.monotonic()
        results[name] = parts[name]()
        print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
        output.write_text(json.dumps(results, indent=1) + "\n")
    for row in results.get("methods", []) + results.get("ways", []) + results.get("rounding", []):
        print(row)


if __name__ == "__main__":
    main()
