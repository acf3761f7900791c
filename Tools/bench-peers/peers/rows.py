"""The Gramian and the combination of K rows alone, beside what memory and arithmetic allow."""

import numpy
import torch
from scipy.optimize import minimize

import methods
import steps

SIDE = 2048


class Rows:
    """The matrix that was asked for last, kept while the same is asked for."""

    matrix = torch.empty(0, 0)

    @classmethod
    def shaped(cls, tasks, parameters):
        if cls.matrix.shape != (tasks, parameters):
            cls.matrix = torch.empty(0, 0)
            cls.matrix = torch.empty(tasks, parameters).uniform_(-1, 1, generator=torch.Generator().manual_seed(0))
        return cls.matrix


def reading(matrix):
    """The time of reading the matrix twice."""

    def twice():
        matrix.sum()
        matrix.sum()

    return twice


def products(matrix):
    """The same with libtorch's own products, on buffers that are there already."""
    gramian, combined = torch.empty(len(matrix), len(matrix)), torch.empty(matrix.shape[1])
    weights = torch.full((len(matrix),), 1 / len(matrix))

    def both():
        torch.mm(matrix, matrix.t(), out=gramian)
        torch.mv(matrix.t(), weights, out=combined)

    return both


def aggregation(matrix):
    """TorchJD's CAGrad of the matrix, its solver and all."""
    aggregator = methods.torchjd_aggregator("cagrad")
    return lambda: aggregator(matrix)


def official(matrix, c=0.4):
    """CAGrad as its authors' program computes it: the Gramian by a product, the dual by SLSQP, then the combination.

    Written from the paper's formulas: g0 + c ‖g0‖ / ‖gw‖ gw with the w of the simplex that minimises gw·g0 + c ‖g0‖ ‖gw‖.
    """
    tasks = len(matrix)
    rule = {"type": "eq", "fun": lambda w: 1 - w.sum()}

    def aggregate():
        gramian = (matrix @ matrix.t()).double().numpy()
        radius = c * numpy.sqrt(gramian.mean() + 1e-8)
        start = numpy.full(tasks, 1 / tasks)
        answer = minimize(lambda w: w @ gramian @ start + radius * numpy.sqrt(w @ gramian @ w + 1e-8), start,
                          method="SLSQP", bounds=[(0, 1)] * tasks, constraints=rule)
        w = torch.from_numpy(answer.x).to(matrix.dtype)
        worst = w @ matrix
        return matrix.mean(0) + radius / (worst.norm() + 1e-8) * worst

    return aggregate


KINDS = {"official-cagrad": official, "reading-twice": reading, "torch-products": products, "torchjd-cagrad": aggregation}


def rows(request):
    """The milliseconds of one contender on the matrix."""
    body = KINDS[request["method"]](Rows.shaped(request["tasks"], request["parameters"]))
    return {"milliseconds": steps.milliseconds(body, request["steps"], 1)}


def peak(request):
    """The floating-point operations a second of a large product."""
    one, other, product = (torch.randn(request["side"], request["side"]) for _ in range(3))
    times = steps.milliseconds(lambda: torch.mm(one, other, out=product), request["steps"], 1)
    return {"operations": 2 * request["side"] ** 3 / (min(times) / 1e3)}
