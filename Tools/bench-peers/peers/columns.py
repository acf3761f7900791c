"""A trunk for each task, whose features are mixed on the way; everything but the heads is shared."""

from functools import reduce
from operator import add

import torch
from torch import nn


def mixed(features, weights):
    """The sum of some features, with a weight for each."""
    return reduce(add, [weight * each for weight, each in zip(weights, features)])


class SegNetCrossStitch(nn.Module):
    """SegNets whose pooled features are added up between the levels: all go on with the same sum."""

    def __init__(self, columns):
        super().__init__()
        self.columns, levels = nn.ModuleList(columns), len(columns[0].channels)
        self.down = nn.Parameter(torch.ones(levels - 1, len(columns)))
        self.up = nn.Parameter(torch.ones(levels, len(columns)))

    def forward(self, pictures):
        features, places = [pictures] * len(self.columns), []
        for level in range(len(self.up)):
            if level:
                features = [mixed(features, self.down[level - 1])] * len(self.columns)
            walked = [column.down(level, maps)[2:] for column, maps in zip(self.columns, features)]
            features, undone = zip(*walked)
            places.append(undone)
        for weights, (level, undone) in zip(self.up, reversed(list(enumerate(places)))):
            maps = mixed(features, weights)
            features = [column.up(level, maps, place)[1] for column, place in zip(self.columns, undone)]
        return list(features)


class Columns(nn.Module):
    """Residual networks that are mixed before their stages, from one on; each goes on with a sum of its own."""

    def __init__(self, columns, units, first, unused):
        super().__init__()
        self.columns = nn.ModuleList(columns)
        # The first stage that is mixed before, and so many units before that stage's.
        self.first, self.unused = first, unused
        self.units = nn.Parameter(torch.ones(units, len(columns), len(columns)))

    def weights(self, unit):
        """How much of each column's features every column goes on with."""
        return self.units[unit]

    def forward(self, pictures):
        features = [pictures] * len(self.columns)
        for stage in range(len(self.columns[0].stages)):
            if stage >= self.first:
                weights = self.weights(stage - self.first + self.unused)
                features = [mixed(features, row) for row in weights]
            features = [column.stages[stage](maps) for column, maps in zip(self.columns, features)]
        return [column.end(maps) for column, maps in zip(self.columns, features)]


class CrossStitch(Columns):
    """Mixed before the second stage behind the stem and every later one; the last unit is never used, as published."""

    def __init__(self, columns):
        super().__init__(columns, len(columns[0].stages) - 1, first=2, unused=0)


class LTB(Columns):
    """Learning to branch in its first epochs, where every column goes on with the sum of all.

    Mixed before every stage behind the stem; the first of the choices and the last are never used, as published.
    """

    def __init__(self, columns):
        super().__init__(columns, len(columns[0].stages) + 1, first=1, unused=1)

    def weights(self, unit):
        """Ones; the choices stay part of what is differentiated."""
        return self.units[unit] * 0 + 1
