"""SegNet up to its features for each pixel, and the head of two convolutions that tasks put behind it."""

from torch import nn
from torch.nn import functional as F


def block(inputs, outputs):
    """A 3x3 that keeps the size, batch normalisation, ReLU."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU())


def level(inputs, outputs, followers):
    """A level: the block that changes the number of channels, and those that follow it."""
    return nn.Sequential(block(inputs, outputs), *[block(outputs, outputs) for _ in range(followers)])


def map_head(channels, outputs):
    """A 3x3 and a 1x1 with nothing between."""
    return nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.Conv2d(channels, outputs, 1))


class SegNet(nn.Module):
    """Five levels down with pooling, five up that put the elements back where their maxima were."""

    def __init__(self, width=1):
        super().__init__()
        channels = [count // width for count in (64, 128, 256, 512, 512)]
        above = [3] + channels[:-1]
        below = [channels[0]] + channels[:-1]
        followers = [1, 1, 2, 2, 2]
        self.encoder = nn.ModuleList(map(level, above, channels, followers))
        self.decoder = nn.ModuleList(map(level, channels, below, followers))

    def forward(self, pictures):
        maps, places = pictures, []
        for encode in self.encoder:
            maps = encode(maps)
            size = maps.shape[2:]
            maps, indices = F.max_pool2d(maps, 2, return_indices=True)
            places.append((indices, size))
        for decode, (indices, size) in reversed(list(zip(self.decoder, places))):
            maps = decode(F.max_unpool2d(maps, indices, 2, output_size=size))
        return maps
