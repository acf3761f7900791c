"""Training steps of the public implementations: forward, gradients, aggregation, Adam."""

import time

import torch

import methods
import networks


class Bench:
    """A network, a batch and an optimizer, stepped again and again."""

    def __init__(self, request):
        torch.manual_seed(0)
        name, tasks, options = request["network"], request["tasks"], request["options"]
        self.network = networks.network(name, tasks, options)
        self.examples, self.criteria = networks.batch(name, tasks, request["batch"], request["size"])
        self.optimizer = torch.optim.Adam(self.network.parameters(), lr=1e-3)

    def losses(self):
        """The features, and the loss of each task."""
        features = self.network.trunk(self.examples)
        answers = self.network.answers(features, list(self.examples.shape[2:]))
        return features, [criterion(answer) for criterion, answer in zip(self.criteria, answers)]

    def take(self, backward):
        """A step."""
        self.optimizer.zero_grad()
        features, losses = self.losses()
        backward(self.network.trunk, features, losses)
        self.optimizer.step()


def milliseconds(body, steps, warm_up):
    """The times of something done again and again."""
    times = []
    for _ in range(warm_up + steps):
        start = time.perf_counter()
        body()
        times.append((time.perf_counter() - start) * 1e3)
    return times[warm_up:]


def peak_bytes():
    """The most bytes of this process that were resident at one time."""
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def step(request):
    """The milliseconds of each step, and the memory they took."""
    before = peak_bytes()
    bench = Bench(request)
    backward = methods.METHODS[request["method"]]()
    times = milliseconds(lambda: bench.take(backward), request["steps"], request["warm_up"])
    return {"milliseconds": times, "residentBytes": peak_bytes() - before}


def count(request):
    """The parameters of a network: the trunk's, and all."""
    network = networks.network(request["network"], request["tasks"], request["options"])
    return {"shared": sum(p.numel() for p in network.trunk.parameters()),
            "all": sum(p.numel() for p in network.parameters())}
