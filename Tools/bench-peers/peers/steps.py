"""Training steps of the public implementations: forward, gradients, aggregation, Adam."""

import time

import torch

import methods
import networks


class Bench:
    """A network, a batch and an optimizer, stepped again and again."""

    def __init__(self, request):
        torch.manual_seed(0)
        with torch.device(request.get("device", "cpu")):
            self.network = requested(request)
            self.examples, self.criteria = networks.batch(request["network"], request["tasks"], request["batch"], request["size"])
        if request.get("layout") == "channels-last":
            self.network = self.network.to(memory_format=torch.channels_last)
            self.examples = self.examples.contiguous(memory_format=torch.channels_last)
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
        settle(self.examples)


def requested(request):
    """The network that a request is about."""
    more = {key: request[key] for key in ("architecture", "size") if key in request}
    return networks.network(request["network"], request["tasks"], request["options"], **more)


def settle(tensor):
    """Waits for what a device still has to do."""
    if tensor.is_cuda:
        torch.cuda.synchronize(tensor.device)


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
    if request.get("device", "cpu") != "cpu":
        torch.cuda.reset_peak_memory_stats()
    torch.backends.cudnn.allow_tf32 = request.get("tf32", True)
    bench = Bench(request)
    backward = methods.METHODS[request["method"]]()
    times = milliseconds(lambda: bench.take(backward), request["steps"], request["warm_up"])
    answer = {"milliseconds": times, "residentBytes": peak_bytes() - before}
    return answer | ({"deviceBytes": torch.cuda.max_memory_allocated()} if bench.examples.is_cuda else {})


def count(request):
    """The parameters of a network: the trunk's, and all."""
    network = requested(request)
    return {"shared": sum(p.numel() for p in network.shared()),
            "all": sum(p.numel() for p in network.parameters())}
