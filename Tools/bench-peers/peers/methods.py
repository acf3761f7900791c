"""How each public implementation fills the gradients, given a network, its features and its losses."""

import contextlib
import importlib
import importlib.util
import io
import sys
import types

import torch


def equal_weighting(trunk, features, losses):
    """The backward pass of the losses' sum."""
    torch.stack(losses).sum().backward()


def rows(trunk, features, losses):
    """Gradients of each loss by a backward pass, their products brought to the host, and their mean."""
    parameters = list(trunk.parameters())
    gradients = [torch.autograd.grad(loss, parameters, retain_graph=True) for loss in losses]
    matrix = torch.stack([torch.cat([part.flatten() for part in each]) for each in gradients])
    (matrix @ matrix.t()).cpu()
    combined = matrix.t() @ torch.full((len(losses),), 1 / len(losses), device=matrix.device)
    for parameter, part in zip(parameters, combined.split([each.numel() for each in parameters])):
        parameter.grad = part.view_as(parameter)


def torchjd(aggregator):
    """TorchJD: a Jacobian with respect to the trunk, combined by an aggregator."""
    autojac = importlib.import_module("torchjd.autojac")

    def backward(trunk, features, losses):
        autojac.mtl_backward(losses, features=features)
        autojac.jac_to_grad(list(trunk.parameters()), aggregator)

    return backward


def torchjd_aggregator(name):
    """An aggregator of TorchJD with its own defaults but for the radius."""
    aggregation = importlib.import_module("torchjd.aggregation")
    kinds = {"cagrad": lambda: aggregation.CAGrad(c=0.4), "upgrad": aggregation.UPGrad}
    return kinds[name]()


def libmtl(weighting_name):
    """LibMTL: a weighting, freed from its trainer."""
    with contextlib.redirect_stdout(io.StringIO()):
        if "LibMTL" not in sys.modules:
            # LibMTL imports its whole model zoo; only the weighting is needed here.
            package = types.ModuleType("LibMTL")
            package.__path__ = [importlib.util.find_spec("LibMTL").submodule_search_locations[0]]
            sys.modules["LibMTL"] = package
        module = importlib.import_module(f"LibMTL.weighting.{weighting_name}")
    weighting = getattr(module, weighting_name)()

    def backward(trunk, features, losses):
        weighting.task_num, weighting.device, weighting.rep_grad = len(losses), losses[0].device, False
        weighting.get_share_params = trunk.parameters
        # LibMTL was written when zero_grad kept the gradient tensors.
        weighting.zero_grad_share_params = lambda: trunk.zero_grad(set_to_none=False)
        weighting.backward(torch.stack(losses), calpha=0.4, rescale=1, mgda_gn="none")

    return backward


METHODS = {
    "torch-ew": lambda: equal_weighting,
    "torch-rows": lambda: rows,
    "torchjd-cagrad": lambda: torchjd(torchjd_aggregator("cagrad")),
    "torchjd-upgrad": lambda: torchjd(torchjd_aggregator("upgrad")),
    "libmtl-cagrad": lambda: libmtl("CAGrad"),
    "libmtl-pcgrad": lambda: libmtl("PCGrad"),
}
