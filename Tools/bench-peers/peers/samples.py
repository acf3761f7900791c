"""The Gramian of the gradients of a batch's examples, each by itself, by TorchJD's autogram engine.

The engine refuses batch normalisation, in evaluation too, where it is a scale and a shift of each channel: it is replaced by a
module that does just that. Nothing counts unless the products of a few examples, in double precision, are those of a backward pass each.
"""

import importlib

import torch
from torch import nn
from torch.nn import functional as F

import networks
import steps

TOLERANCE = 1e-9


class Still(nn.Module):
    """Batch normalisation in evaluation."""

    def __init__(self, norm):
        super().__init__()
        self.weight, self.bias, self.eps = norm.weight, norm.bias, norm.eps
        self.mean, self.variance = norm.running_mean.clone(), norm.running_var.clone()

    def forward(self, maps):
        return F.batch_norm(maps, self.mean, self.variance, self.weight, self.bias, False, 0, self.eps)


def stilled(module):
    """The same module with every batch normalisation in evaluation."""
    for name, child in module.named_children():
        still = isinstance(child, (nn.BatchNorm1d, nn.BatchNorm2d))
        setattr(module, name, Still(child) if still else stilled(child))
    return module


class Samples:
    """A network with one head, and examples with their labels."""

    def __init__(self, request, count, dtype=torch.float32):
        torch.manual_seed(0)
        name, options = request["network"], request["options"]
        self.network = stilled(networks.network(name, 1, options).to(dtype)).eval()
        self.examples = networks.batch(name, 1, count, request["size"])[0].to(dtype)
        self.labels = torch.randint(0, networks.VECTORS[name][1], (count,))
        self.engine = importlib.import_module("torchjd.autogram").Engine(self.network.trunk, batch_dim=0)

    def losses(self):
        """The loss of each example."""
        answer, = self.network.answers(self.network.trunk(self.examples), [])
        return F.cross_entropy(answer, self.labels, reduction="none")

    def gramian(self):
        """The products by the engine."""
        return self.engine.compute_gramian(self.losses())

    def deviation(self):
        """How far the products are from those of a backward pass each."""
        losses, parameters = self.losses(), list(self.network.trunk.parameters())
        rows = [torch.cat([part.flatten() for part in torch.autograd.grad(loss, parameters, retain_graph=True)]) for loss in losses]
        plain = torch.stack(rows) @ torch.stack(rows).T
        return ((self.engine.compute_gramian(losses) - plain).norm() / plain.norm()).item()


def samples(request):
    """The milliseconds of each Gramian, and the memory they took."""
    before = steps.peak_bytes()
    bench = Samples(request, request["batch"])
    times = steps.milliseconds(bench.gramian, request["steps"], request["warm_up"])
    memory = steps.peak_bytes() - before
    off = Samples(request, 4, torch.float64).deviation()
    if not off <= TOLERANCE:
        raise ValueError(f"the engine's products are {off:.1e} from those of single passes")
    return {"milliseconds": times, "residentBytes": memory}
