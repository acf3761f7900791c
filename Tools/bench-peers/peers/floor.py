"""What a step of the MLP cannot do without, on buffers that are there already.

The products of all tasks' gradients (data gradients as one product a layer, weight gradients as a batched product that
writes the rows), the Gramian of the rows and their combination. ReLU's masks and the biases' sums are left out.
"""

import time

import torch

import steps

WIDTHS = [39, 400, 400, 400]
OUTPUTS = 4


class Floor:
    """The buffers, and the products between them."""

    def __init__(self, tasks, batch):
        shapes = list(zip(WIDTHS, WIDTHS[1:]))
        self.rows = torch.zeros(tasks, sum((inputs + 1) * outputs for inputs, outputs in shapes))
        self.activations = [torch.randn(batch, width) for width in WIDTHS]
        self.errors = [torch.randn(tasks, batch, width) for width in WIDTHS]
        self.weights = [torch.randn(outputs, inputs) for inputs, outputs in shapes]
        self.places = list(self.views(shapes, tasks))
        self.out_errors, self.heads = torch.randn(tasks, batch, OUTPUTS), torch.randn(tasks, OUTPUTS, WIDTHS[-1])
        self.head_gradients = torch.empty_like(self.heads)
        self.gramian, self.shares = torch.empty(tasks, tasks), torch.full((tasks,), 1 / tasks)
        self.combined = torch.empty(self.rows.shape[1])

    def views(self, shapes, tasks):
        """Where each layer's weight gradients lie in the rows."""
        start = 0
        for inputs, outputs in shapes:
            yield self.rows[:, start:start + inputs * outputs].unflatten(1, (outputs, inputs))
            start += (inputs + 1) * outputs

    def products(self):
        """The heads' two products, then down the trunk: a layer's rows, and the errors of the layer below."""
        features = self.activations[-1].expand(len(self.rows), -1, -1)
        torch.bmm(self.out_errors.transpose(1, 2), features, out=self.head_gradients)
        torch.bmm(self.out_errors, self.heads, out=self.errors[-1])
        for layer in reversed(range(len(self.weights))):
            inputs = self.activations[layer].expand(len(self.rows), -1, -1)
            torch.bmm(self.errors[layer + 1].transpose(1, 2), inputs, out=self.places[layer])
            if layer > 0:
                above = self.errors[layer + 1].flatten(0, 1)
                torch.mm(above, self.weights[layer], out=self.errors[layer].flatten(0, 1))

    def combine(self):
        """The rows' weighted sum."""
        torch.mv(self.rows.t(), self.shares, out=self.combined)

    def parts(self):
        """What is timed, in order."""
        return {"products": self.products, "combination": self.combine,
                "gramian": lambda: torch.mm(self.rows, self.rows.t(), out=self.gramian)}


def timed(parts):
    """Milliseconds of each part, done once."""
    times = {}
    for name, body in parts.items():
        start = time.perf_counter()
        body()
        times[name] = (time.perf_counter() - start) * 1e3
    return times


def floor(request):
    """The milliseconds of the floor, of PyTorch's forward pass and of its fused Adam, round by round."""
    bench, lowest = steps.Bench(request), Floor(request["tasks"], request["batch"])
    adam = torch.optim.Adam(bench.network.parameters(), lr=1e-3, fused=True)
    for parameter in bench.network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    parts = {"forward": bench.losses, **lowest.parts(), "optimizer": adam.step}
    rounds = [timed(parts) for _ in range(request["warm_up"] + request["steps"])][request["warm_up"]:]
    return {"milliseconds": [each["products"] + each["gramian"] + each["combination"] for each in rounds],
            "wholes": [sum(each.values()) for each in rounds],
            "parts": {name: sorted(each[name] for each in rounds)[len(rounds) // 2] for name in parts}}
