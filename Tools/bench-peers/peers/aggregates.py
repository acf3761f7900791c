"""What the public implementations make of a given gradient matrix."""

import contextlib
import importlib

import torch

import methods


class Linear(torch.nn.Module):
    """One shared parameter, whose losses have the matrix's rows as gradients."""

    def __init__(self, matrix):
        super().__init__()
        self.matrix = matrix
        self.theta = torch.nn.Parameter(torch.zeros(matrix.shape[1], dtype=matrix.dtype))

    def losses(self):
        return list(self.matrix @ self.theta)


@contextlib.contextmanager
def careful(aggregator):
    """TorchJD's aggregator with a tighter solver (CAGrad) and less regularisation (UPGrad) than it is shipped with.

    Clarabel stops where the objective is right to 1e-8, and there the weights are right to about 1e-4 only.
    """
    cvxpy = importlib.import_module("cvxpy")
    solve = cvxpy.Problem.solve
    tight = {name: 1e-14 for name in ("tol_gap_abs", "tol_gap_rel", "tol_feas")}
    projector = getattr(aggregator.gramian_weighting, "projector", None)
    if projector is not None:
        projector.reg_eps = 1e-10
    cvxpy.Problem.solve = lambda problem, solver: solve(problem, solver, **tight)
    try:
        yield
    finally:
        cvxpy.Problem.solve = solve


def aggregate(request):
    """The direction, as a list; of TorchJD's also the direction that it gives as shipped."""
    matrix = torch.tensor(request["matrix"], dtype=torch.float64)
    library, name = request["method"].split("-")
    if library == "torchjd":
        shipped = methods.torchjd_aggregator(name)(matrix).tolist()
        aggregator = methods.torchjd_aggregator(name)
        with careful(aggregator):
            return {"direction": aggregator(matrix).tolist(), "shipped": shipped}
    module = Linear(matrix)
    methods.METHODS[request["method"]]()(module, None, module.losses())
    return {"direction": module.theta.grad.tolist()}
