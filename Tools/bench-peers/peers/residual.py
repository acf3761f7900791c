"""Residual networks up to their features: 18 or 50 layers, or 50 dilated to an eighth of the picture's size."""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """Two 3x3, or 1x1, 3x3, 1x1, added to the input, which is fitted where the shape changes."""

    def __init__(self, inputs, width, bottleneck, stride, dilation):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        around = dict(stride=stride, padding=dilation, dilation=dilation)
        if bottleneck:
            kernels = [(inputs, width, 1, {}), (width, width, 3, around), (width, outputs, 1, {})]
        else:
            kernels = [(inputs, width, 3, around), (width, width, 3, dict(padding=1))]
        self.convolutions = nn.ModuleList(nn.Conv2d(a, b, k, bias=False, **more) for a, b, k, more in kernels)
        self.norms = nn.ModuleList(nn.BatchNorm2d(b) for _, b, _, _ in kernels)
        self.shortcut = nn.Identity()
        if inputs != outputs or stride != 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride=stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, maps):
        inner = maps
        for position, (convolution, norm) in enumerate(zip(self.convolutions, self.norms)):
            inner = norm(convolution(F.relu(inner) if position else inner))
        return F.relu(inner + self.shortcut(maps))


def stem():
    """What is done with large pictures before the first block."""
    return nn.Sequential(
        nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.MaxPool2d(3, stride=2, padding=1))


class ResNet(nn.Module):
    """The stem for large pictures and four stages of blocks; the means of the channels, or the map where it is dilated."""

    def __init__(self, counts, bottleneck=False, dilated=False):
        super().__init__()
        self.bottleneck, self.widths = bottleneck, [64 << stage for stage in range(len(counts))]
        # What each stage gives, the stem first.
        self.channels = [64] + [4 * width if bottleneck else width for width in self.widths]
        self.stages = nn.ModuleList([stem()] + [self.stage(*each, dilated) for each in enumerate(counts)])
        self.end = nn.Identity() if dilated else nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())

    def stage(self, stage, count, dilated):
        """The blocks of a stage, of which the first fits the channels."""
        inputs = [self.channels[stage]] + [self.channels[stage + 1]] * (count - 1)
        return nn.Sequential(*[
            Block(before, self.widths[stage], self.bottleneck, *self.steps(stage, block == 0, dilated))
            for block, before in enumerate(inputs)])

    @staticmethod
    def steps(stage, first, dilated):
        """Stride and dilation of a block; the last two stages dilate instead, their first block by half."""
        if not dilated or stage < 2:
            return 2 if first and stage > 0 else 1, 1
        dilation = 2 ** (stage - 1)
        return 1, dilation // 2 if first else dilation

    def forward(self, pictures):
        maps = pictures
        for stage in self.stages:
            maps = stage(maps)
        return self.end(maps)
