#!/usr/bin/env python3
"""Saves a network so that Truce can train it as the trunk of `truce train`, without any Swift.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy
    venv/bin/python Tools/save-trunk.py trunk.pt trunk.pt2

The network must take the problem's input [examples, ...] and return features [examples, features]. Either file
will do. The lines that matter are those of `save_script` and `save_exported`; put your own network in the place
of LeNet.
"""

import sys

import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    """The trunk that `--trunk lenet` builds."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(1, 5, 9), nn.BatchNorm2d(5)
        self.conv2, self.bn2 = nn.Conv2d(5, 10, 5), nn.BatchNorm1d(250)
        self.linear = nn.Linear(250, 50)

    def forward(self, x):
        x = self.bn1(F.relu(F.max_pool2d(self.conv1(x), 2)))
        x = F.relu(F.max_pool2d(self.conv2(x), 2)).flatten(1)
        return self.linear(self.bn2(x))


def save_script(network, path):
    """For `trunk: torchscript`. Not torch.jit.trace, which writes the mode of dropout and the like into the file."""
    torch.jit.script(network).save(path)


def save_exported(network, example, path):
    """For `trunk: exported`. The first axis is the batch and must stay open."""
    batch = torch.export.Dim("batch", min=2)
    program = torch.export.export(network.train(), (example,), dynamic_shapes=({0: batch},))
    torch.export.save(program, path)


if __name__ == "__main__":
    torch.manual_seed(0)
    save_script(LeNet(), sys.argv[1])
    save_exported(LeNet(), torch.zeros(4, 1, 36, 36), sys.argv[2])
