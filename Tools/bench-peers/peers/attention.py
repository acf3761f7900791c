"""The multi-task attention network: a task's gates look at a trunk, level by level, and weigh what it gives.

Gates and heads are each task's own; the trunk, and the layers that carry what a task has seen from level to level, are shared.
Those layers run once for each task.
"""

import torch
from torch import nn
from torch.nn import functional as F

from residual import Block
from segnet import block


def gate(inputs, inner, outputs):
    """How much of each feature a task sees: two normalised 1x1."""
    return nn.Sequential(
        nn.Conv2d(inputs, inner, 1), nn.BatchNorm2d(inner), nn.ReLU(),
        nn.Conv2d(inner, outputs, 1), nn.BatchNorm2d(outputs), nn.Sigmoid())


def beside(maps, brought):
    """The maps, and what a task brings from the level before where there is one."""
    return maps if brought is None else torch.cat([maps, brought], dim=1)


class SegNetMTAN(nn.Module):
    """Attention to SegNet, down and up; with one task STAN."""

    def __init__(self, trunk, tasks):
        super().__init__()
        self.levels = range(len(trunk.channels))
        self.shared = nn.ModuleDict(dict(
            trunk=trunk, encoder=nn.ModuleList(map(block, trunk.channels, trunk.channels[1:] + trunk.channels[-1:])),
            decoder=nn.ModuleList(map(block, trunk.channels, trunk.below))))
        self.gates = nn.ModuleList(self.task_gates(trunk) for _ in range(tasks))

    def task_gates(self, trunk):
        """One task's gates; all but the first also look at what the task brings."""
        down = [gate(count * (2 if level else 1), count, count) for level, count in enumerate(trunk.channels)]
        up = [gate(count + below, below, below) for count, below in zip(trunk.channels, trunk.below)]
        return nn.ModuleDict(dict(encoder=nn.ModuleList(down), decoder=nn.ModuleList(up)))

    def forward(self, pictures):
        trunk, maps, down, up = self.shared["trunk"], pictures, [], []
        for level in self.levels:
            *seen, maps, place = trunk.down(level, maps)
            down.append((*seen, place))
        for level in reversed(self.levels):
            unpooled, maps = trunk.up(level, maps, down[level][-1])
            up.append((level, unpooled, maps))
        return [self.climbed(gates["decoder"], up, self.descended(gates["encoder"], down)) for gates in self.gates]

    def descended(self, gates, down):
        """What a task brings to the deepest level."""
        brought = None
        for between, look, (first, last, _) in zip(self.shared["encoder"], gates, down):
            brought = F.max_pool2d(between(look(beside(first, brought)) * last), 2)
        return brought

    def climbed(self, gates, up, brought):
        """A task's features for each pixel."""
        for level, unpooled, last in up:
            enlarged = F.interpolate(brought, size=unpooled.shape[2:], mode="bilinear", align_corners=True)
            brought = gates[level](beside(unpooled, self.shared["decoder"][level](enlarged))) * last
        return brought


class MTAN(nn.Module):
    """Attention to a residual network's stages: to what comes before a stage's last block, times what that gives."""

    def __init__(self, trunk, tasks):
        super().__init__()
        stages = list(zip(trunk.channels[1:], trunk.widths))
        between = [Block(inputs, width, trunk.bottleneck, 1, 1) for inputs, width in zip(trunk.channels[1:], trunk.widths[1:])]
        self.shared = nn.ModuleDict(dict(trunk=trunk, between=nn.ModuleList(between)))
        self.gates = nn.ModuleList(
            nn.ModuleList(gate(count * (2 if stage else 1), width, count) for stage, (count, width) in enumerate(stages))
            for _ in range(tasks))

    def forward(self, pictures):
        stem, *stages = self.shared["trunk"].stages
        maps, levels = stem(pictures), []
        for *earlier, last in stages:
            for each in earlier:
                maps = each(maps)
            levels.append((maps, last(maps)))
            maps = levels[-1][1]
        return [self.shared["trunk"].end(self.attended(gates, levels)) for gates in self.gates]

    def attended(self, gates, levels):
        """What a task sees of the last stage."""
        (before, last), *following = levels
        seen = gates[0](before) * last
        for look, between, (before, last) in zip(gates[1:], self.shared["between"], following):
            seen = look(beside(before, fitted(between(seen), before))) * last
        return seen


def fitted(maps, following):
    """The maps, with half the sides where those that follow have."""
    return maps if maps.shape[2:] == following.shape[2:] else F.max_pool2d(maps, 2, ceil_mode=True)
