#!/usr/bin/env python3
"""Writes Tests/TruceModelsTests/SavedModules: modules saved by PyTorch, and what PyTorch computes with them.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy
    venv/bin/python Tools/saved-module-fixtures.py

The files are packed again without example inputs and the places of the source code; LeNet's parameters are zero, to
keep its files small.
"""

import importlib.util
import json
import pathlib
import warnings
import zipfile

import torch
import torch.nn.functional as F
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[1]
TARGET = ROOT / "Tests/TruceModelsTests/SavedModules"
PROVENANCE = f"PyTorch {torch.__version__}, CPU, Tools/saved-module-fixtures.py"
warnings.filterwarnings("ignore")


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / f"Tools/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


save_trunk = load("save-trunk")


class Small(nn.Module):
    """Two inputs, two outputs, a frozen layer, a normalisation and dropout."""

    def __init__(self):
        super().__init__()
        self.first, self.frozen = nn.Linear(3, 4), nn.Linear(3, 4)
        self.norm, self.drop = nn.BatchNorm1d(4), nn.Dropout(0.5)
        for parameter in self.frozen.parameters():
            parameter.requires_grad = False

    def forward(self, x, y):
        hidden = self.norm(self.first(x) + self.frozen(y))
        return self.drop(hidden), hidden


class Named(nn.Module):
    """A network that returns a dictionary."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 4)

    def forward(self, x):
        return {"features": self.linear(x)}


class Rounding(nn.Module):
    """A network with a call through which no gradient comes."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(3, 4), nn.Linear(4, 4)

    def forward(self, x):
        return self.last(self.first(x).argmax(1, keepdim=True).expand(-1, 4).float())


class Shapes(nn.Module):
    """Calls with lengths that only a run knows, lists of tensors, constants and options."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 6, bias=False)
        self.register_buffer("shift", torch.arange(6.0), persistent=False)

    def forward(self, x):
        rows = x.view(x.size(0) * 2, -1)
        left, right = self.linear(rows.reshape(-1, 6)).chunk(2, dim=1)
        mixed = torch.cat([right, left], 1) + self.shift
        return F.gelu(mixed, approximate="tanh") * torch.tensor([1.0, 2.0]).repeat(3) + x.new_zeros(x.size(0), 1)


def packed(path, compression=zipfile.ZIP_DEFLATED):
    """Packs an archive again without what no run needs: the example input, and where the source code lay."""
    with zipfile.ZipFile(path) as archive:
        records = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in records:
            if "debug_pkl" in name or "sample_inputs" in name:
                continue
            if name.endswith("model.json"):
                content = without_traces(content)
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, compression)


def without_traces(content):
    document = json.loads(content)
    for node in document["graph_module"]["graph"]["nodes"]:
        node["metadata"].pop("stack_trace", None)
    return json.dumps(document).encode()


def write_lenet():
    network = save_trunk.LeNet()
    with torch.no_grad():
        for tensor in network.parameters():
            tensor.zero_()
    save_trunk.save_script(network, TARGET / "lenet.pt")
    save_trunk.save_exported(network, torch.zeros(4, 1, 36, 36), TARGET / "lenet.pt2")
    packed(TARGET / "lenet.pt")
    packed(TARGET / "lenet.pt2")


def values(tensor):
    return {"shape": list(tensor.shape), "values": tensor.detach().double().flatten().tolist()}


def write_small():
    torch.manual_seed(1)
    network = Small()
    torch.jit.script(network).save(TARGET / "small.pt")
    x = torch.arange(15.0).reshape(5, 3) / 10
    y = x.flip(0)
    batch = torch.export.Dim("batch", min=2)
    program = torch.export.export(network.train(), (x, y), dynamic_shapes=({0: batch}, {0: batch}))
    torch.export.save(program, TARGET / "small.pt2")
    packed(TARGET / "small.pt", zipfile.ZIP_STORED)
    packed(TARGET / "small.pt2", zipfile.ZIP_STORED)
    evaluated = network.eval()(x, y)[0]
    trained = network.train()(x, y)[1]
    gradient = torch.autograd.grad(trained.square().sum() + (trained * y[:, :1]).sum(), network.first.weight)[0]
    record = {
        "provenance": PROVENANCE,
        "names": list(network.state_dict()),
        "evaluated": values(evaluated), "trained": values(trained), "gradient": values(gradient),
        "runningMean": values(network.norm.running_mean),
    }
    (TARGET / "small.json").write_text(json.dumps(record) + "\n")


def write_refused():
    with torch.no_grad():
        traced = torch.jit.trace(Small().eval(), (torch.zeros(5, 3), torch.zeros(5, 3)))
    traced.save(TARGET / "traced.pt")
    torch.jit.script(Named()).save(TARGET / "dictionary.pt")
    torch.save(Named().state_dict(), TARGET / "state.pt")
    torch.jit.script(Rounding()).save(TARGET / "rounding.pt")
    for name in ["traced.pt", "dictionary.pt", "rounding.pt"]:
        packed(TARGET / name)
    write_exported(Rounding(), torch.zeros(5, 3), "rounding.pt2")
    write_exported(nn.Linear(3, 4), torch.zeros(5, 3), "fixed.pt2", shapes=None)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    write_exported(network, torch.zeros(5, 3), "decomposed.pt2", change=lambda program: program.run_decompositions())


def write_exported(network, example, name, shapes=({0: torch.export.Dim("batch", min=2)},), change=lambda x: x):
    program = change(torch.export.export(network.train(), (example,), dynamic_shapes=shapes))
    torch.export.save(program, TARGET / name)
    packed(TARGET / name)


def write_shapes():
    torch.manual_seed(2)
    network = Shapes()
    x = torch.linspace(-1, 1, 24).reshape(4, 6)
    write_exported(network, x, "shapes.pt2")
    rows = torch.linspace(0, 2, 42).reshape(7, 6)
    record = {"provenance": PROVENANCE, "input": values(rows), "output": values(network(rows))}
    (TARGET / "shapes.json").write_text(json.dumps(record) + "\n")


def write_tabular():
    """A trunk for rows of three numbers, with all that differs between training and evaluation."""
    torch.manual_seed(3)
    network = nn.Sequential(
        nn.Linear(3, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.25), nn.Linear(8, 6), nn.ReLU())
    torch.jit.script(network).save(TARGET / "tabular.pt")
    packed(TARGET / "tabular.pt")
    write_exported(network, torch.zeros(5, 3), "tabular.pt2")


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    write_lenet()
    write_small()
    write_shapes()
    write_tabular()
    write_refused()
    for path in sorted(TARGET.iterdir()):
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size} bytes")
