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


def ends(level, maps):
    """What the first block of a level gives, and the last."""
    first, *followers = level
    opened = last = first(maps)
    for follower in followers:
        last = follower(last)
    return opened, last


class SegNet(nn.Module):
    """Five levels down with pooling, five up that put the elements back where their maxima were."""

    def __init__(self, width=1):
        super().__init__()
        # What the levels give on the way down, and on the way up.
        self.channels = [count // width for count in (64, 128, 256, 512, 512)]
        self.below = [self.channels[0]] + self.channels[:-1]
        followers = [1, 1, 2, 2, 2]
        self.encoder = nn.ModuleList(map(level, [3] + self.channels[:-1], self.channels, followers))
        self.decoder = nn.ModuleList(map(level, self.channels, self.below, followers))

    def down(self, level, maps):
        """What a level's first block gives and its last; that pooled, and how the pooling is undone."""
        first, last = ends(self.encoder[level], maps)
        pooled, indices = F.max_pool2d(last, 2, return_indices=True)
        return first, last, pooled, (indices, last.shape[2:])

    def up(self, level, maps, place):
        """The maps with their elements back in place, and what the level makes of them."""
        indices, size = place
        unpooled = F.max_unpool2d(maps, indices, 2, output_size=size)
        return unpooled, ends(self.decoder[level], unpooled)[1]

    def forward(self, pictures):
        maps, places = pictures, []
        for level in range(len(self.channels)):
            _, _, maps, place = self.down(level, maps)
            places.append(place)
        for level, place in reversed(list(enumerate(places))):
            _, maps = self.up(level, maps, place)
        return maps
