"""The networks of the benchmark in PyTorch, as Truce builds them, with batches and losses.

Written from the published tables of layers; the numbers of parameters are compared with Truce's before anything is timed.
"""

import torch
from torch import nn
from torch.nn import functional as F

from architectures import ARCHITECTURES
from residual import ResNet
from segnet import SegNet, map_head


class Network(nn.Module):
    """A trunk, or an architecture's trunks, and a head for each task."""

    def __init__(self, trunk, heads):
        super().__init__()
        self.trunk, self.heads = trunk, nn.ModuleList(heads)

    def shared(self):
        """The parameters that all tasks share: all before the heads where the trunk names none."""
        return getattr(self.trunk, "shared", self.trunk).parameters()

    def answers(self, features, size):
        """Every task's output from the features of all or its own; maps are brought to the picture's size."""
        own = features if isinstance(features, list) else [features] * len(self.heads)
        for head, seen in zip(self.heads, own):
            output = head(seen)
            if output.dim() == 4 and list(output.shape[2:]) != size:
                output = F.interpolate(output, size=size, mode="bilinear", align_corners=True)
            yield output


class Pyramid(nn.Module):
    """Atrous spatial pyramid pooling: 1x1, three dilated 3x3, the image's mean; joined by 1x1, dropout."""

    def __init__(self, channels, width=256):
        super().__init__()
        self.local = nn.ModuleList([normalized(channels, width, 1)] + [normalized(channels, width, 3, d) for d in (12, 24, 36)])
        self.mean = nn.Sequential(nn.AdaptiveAvgPool2d(1), normalized(channels, width, 1))
        self.joined = nn.Sequential(normalized(5 * width, width, 1), nn.Dropout(0.5))

    def forward(self, maps):
        branches = [branch(maps) for branch in self.local]
        branches.append(self.mean(maps).expand_as(branches[0]))
        return self.joined(torch.cat(branches, dim=1))


def normalized(inputs, outputs, kernel, dilation=1):
    """A convolution without bias that keeps the size, batch normalisation and ReLU."""
    padding = dilation * (kernel // 2)
    convolution = nn.Conv2d(inputs, outputs, kernel, padding=padding, dilation=dilation, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


def perceptron():
    """Three linear maps of 400, each with ReLU, on 39 numbers."""
    widths = [39, 400, 400, 400]
    layers = [[nn.Linear(a, b), nn.ReLU()] for a, b in zip(widths, widths[1:])]
    return nn.Sequential(*sum(layers, []))


def lenet():
    """The shrunk LeNet of CAGrad's paper on grey pictures of 36x36."""
    return nn.Sequential(
        nn.Conv2d(1, 5, 9), nn.MaxPool2d(2), nn.ReLU(), nn.BatchNorm2d(5), nn.Conv2d(5, 10, 5),
        nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(), nn.BatchNorm1d(250), nn.Linear(250, 50))


def celeba():
    """Seven convolutions in four groups and two linear maps, all without bias and normalised."""
    groups = [[3, 64], [64, 128, 128], [128, 256, 256], [256, 512, 512]]
    layers = []
    for position, widths in enumerate(groups):
        layers += [normalized(a, b, 3) for a, b in zip(widths, widths[1:])]
        layers.append(nn.MaxPool2d(2) if position < 3 else nn.AdaptiveAvgPool2d(1))
    layers.append(nn.Flatten())
    for _ in range(2):
        layers += [nn.Linear(512, 512, bias=False), nn.BatchNorm1d(512), nn.ReLU()]
    return nn.Sequential(*layers)


def deeplab_head(outputs):
    """The pyramid, a normalised 3x3 and a 1x1."""
    return nn.Sequential(Pyramid(2048), normalized(256, 256, 3), nn.Conv2d(256, outputs, 1))


MAP_OUTPUTS = [13, 1, 3]
TRUNKS = {
    "mlp": lambda options: perceptron(), "lenet": lambda options: lenet(), "celeba-cnn": lambda options: celeba(),
    "resnet18": lambda options: ResNet([2, 2, 2, 2]),
    "resnet50": lambda options: ResNet([3, 4, 6, 3], bottleneck=True),
    "deeplabv3": lambda options: ResNet([3, 4, 6, 3], bottleneck=True, dilated=True),
    "segnet": lambda options: SegNet(int(options.get("width", 1))),
}
VECTORS = {"mlp": (400, 4), "lenet": (50, 10), "celeba-cnn": (512, 1), "resnet18": (512, 10), "resnet50": (2048, 10)}


def heads(name, tasks, options):
    """The layers of each task behind a trunk."""
    if name in VECTORS:
        return [nn.Linear(*VECTORS[name]) for _ in range(tasks)]
    outputs = [MAP_OUTPUTS[task % 3] for task in range(tasks)]
    if name == "deeplabv3":
        return [deeplab_head(count) for count in outputs]
    return [map_head(64 // int(options.get("width", 1)), count) for count in outputs]


def example_shape(name, size):
    """The shape of an example; pictures of three channels have the size that is asked for."""
    return {"mlp": [39], "lenet": [1, 36, 36]}.get(name, [3, *size])


def network(name, tasks, options, architecture="hard-sharing", size=()):
    """A network with first values from PyTorch's generator."""
    trunk = ARCHITECTURES[architecture](lambda: TRUNKS[name](options), tasks, example_shape(name, size))
    return Network(trunk, heads(name, tasks, options))


def batch(name, tasks, count, size):
    """Random examples, and each task's loss with its labels put in."""
    shape = example_shape(name, size)
    return torch.randn(count, *shape), [criterion(name, task, count, shape[1:]) for task in range(tasks)]


def criterion(name, task, count, size):
    """A task's loss as a function of its output."""
    if name not in VECTORS:
        return map_criterion(task % 3, count, size)
    outputs = VECTORS[name][1]
    if name == "mlp":
        target = torch.randn(count, outputs)
        return lambda output: F.mse_loss(output, target)
    if outputs == 1:
        target = torch.rand(count, 1).gt(0.5).float()
        return lambda output: F.binary_cross_entropy_with_logits(output, target)
    target = torch.randint(0, outputs, (count,))
    return lambda output: F.cross_entropy(output, target)


def map_criterion(kind, count, size):
    """Classes of pixels, depth, normals."""
    if kind == 0:
        classes = torch.randint(0, 13, (count, *size))
        return lambda output: F.cross_entropy(output, classes)
    target = torch.randn(count, MAP_OUTPUTS[kind], *size)
    if kind == 1:
        return lambda output: F.l1_loss(output, target)
    return lambda output: 1 - F.cosine_similarity(output, target).mean()
