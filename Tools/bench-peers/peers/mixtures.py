"""Several trunks, the experts, of which each task sees a mixture; those that all tasks use are shared.

A task's gates look at the whole example.
"""

from functools import reduce
from operator import add, mul

import torch
from torch import nn


def mixture(outputs, weights):
    """The sum of the experts' outputs, with a weight for each expert and example."""
    shape = [-1] + [1] * (outputs[0].dim() - 1)
    return reduce(add, [output * weight.view(shape) for output, weight in zip(outputs, weights.unbind(1))])


def gate(inputs, experts):
    """How much of each expert a task sees."""
    return nn.Sequential(nn.Flatten(), nn.Linear(inputs, experts), nn.Softmax(dim=1))


class MMoE(nn.Module):
    """Experts that all tasks use."""

    def __init__(self, experts, tasks, inputs):
        super().__init__()
        self.shared = nn.ModuleList(experts)
        self.gates = nn.ModuleList(gate(inputs, len(experts)) for _ in range(tasks))

    def forward(self, examples):
        outputs = [expert(examples) for expert in self.shared]
        return [mixture(outputs, look(examples)) for look in self.gates]


class CGC(nn.Module):
    """Experts that all tasks use, and experts of each task's own."""

    def __init__(self, shared, own, inputs):
        super().__init__()
        self.shared, self.own = nn.ModuleList(shared), nn.ModuleList(map(nn.ModuleList, own))
        self.gates = nn.ModuleList(gate(inputs, len(shared) + len(experts)) for experts in own)

    def forward(self, examples):
        outputs = [expert(examples) for expert in self.shared]
        return [mixture(outputs + [expert(examples) for expert in own], look(examples))
                for own, look in zip(self.own, self.gates)]


class PLE(nn.Module):
    """The same at every stage: each task carries features of its own from stage to stage."""

    def __init__(self, shared, own, shape):
        super().__init__()
        self.shared, self.own = nn.ModuleList(shared), nn.ModuleList(map(nn.ModuleList, own))
        sizes = stage_inputs(shared[0], shape)
        self.gates = nn.ModuleList(
            nn.ModuleList(gate(size, len(shared) + len(experts)) for size in sizes) for experts in own)

    def forward(self, examples):
        return [self.walked(examples, [*self.shared, *own], gates) for own, gates in zip(self.own, self.gates)]

    def walked(self, examples, experts, gates):
        """A task's features."""
        features = examples
        for stage, look in enumerate(gates):
            features = mixture([expert.stages[stage](features) for expert in experts], look(features))
        return self.shared[0].end(features)


@torch.no_grad()
def stage_inputs(trunk, shape):
    """How many numbers each stage takes of an example; found by an example of zeros, in evaluation."""
    trunk.eval()
    maps, sizes = torch.zeros(1, *shape), []
    for stage in trunk.stages:
        sizes.append(maps.numel())
        maps = stage(maps)
    trunk.train()
    return sizes


class DSelectK(nn.Module):
    """Experts that all tasks use, of which each task's selectors choose a few.

    Without the penalty that makes selectors decide: it belongs to training, and a benchmark's step has none in Truce either.
    """

    def __init__(self, experts, tasks, inputs, chosen):
        super().__init__()
        self.shared = nn.ModuleList(experts)
        self.selectors = nn.ModuleList(Selectors(inputs, len(experts), chosen) for _ in range(tasks))

    def forward(self, examples):
        outputs = [expert(examples) for expert in self.shared]
        return [mixture(outputs, select(examples)) for select in self.selectors]


class Selectors(nn.Module):
    """One task's selectors: each weighs an expert by the digits of its number, and a softmax weighs the selectors."""

    def __init__(self, inputs, experts, chosen):
        super().__init__()
        self.experts, self.chosen, self.digits = experts, chosen, max(1, (experts - 1).bit_length())
        self.codes, self.shares = nn.Linear(inputs, chosen * self.digits), nn.Linear(inputs, chosen)

    def forward(self, examples):
        flat = examples.flatten(1)
        steps = smooth_step(self.codes(flat)).view(-1, self.chosen, self.digits)
        weights = torch.stack([self.weight(expert, steps) for expert in range(self.experts)], dim=2)
        return (weights * self.shares(flat).softmax(1).unsqueeze(2)).sum(1)

    def weight(self, expert, steps):
        """An expert's weight by each selector: the product of its digits' steps, most significant first."""
        digits = [expert >> digit & 1 for digit in reversed(range(self.digits))]
        return reduce(mul, [step if digit else 1 - step for digit, step in zip(digits, steps.unbind(2))])


def smooth_step(values):
    """0 below -1/2, 1 above 1/2, a cubic between."""
    inside = values.clamp(-0.5, 0.5)
    return -2 * inside ** 3 + 1.5 * inside + 0.5
