"""Shows, before anything is timed, that the contenders compute the same."""

import json
import math
import random
import tempfile
from pathlib import Path

from contenders import ContenderError

TOLERANCE = 1e-4
SHAPES = [(2, 1000), (3, 500), (10, 2000), (20, 300)]
# Contender -> Truce's method and the options that mean the same; and where K is bound.
CONVENTIONS = {
    # The average, as the paper has it, not rescaled.
    "torchjd-cagrad": ("cagrad", {"c": "0.4", "rescale": "none", "reduction": "mean"}, None),
    # The average over 1 + c²; the code reshapes to three tasks.
    "libmtl-cagrad": ("cagrad", {"c": "0.4", "rescale": "squared", "reduction": "mean"}, 3),
    "torchjd-upgrad": ("upgrad", {}, None),
    # The order in which a task meets the others is random: with two tasks there is one order.
    "libmtl-pcgrad": ("pcgrad", {"reduction": "sum"}, 2),
}


class DisagreementError(Exception):
    """Two contenders compute different things, so their times cannot be compared."""


def matrix(tasks, parameters, drawing):
    """Gaussian gradients with most of their mean taken out, so that they conflict; one is four times as long."""
    rows = [[drawing.gauss(0, 1) for _ in range(parameters)] for _ in range(tasks)]
    means = [sum(column) / tasks for column in zip(*rows)]
    conflicting = [[value - 0.9 * mean for value, mean in zip(row, means)] for row in rows]
    return [[4 * value for value in conflicting[0]], *conflicting[1:]]


def deviation(ours, theirs):
    """The length of the difference relative to theirs."""
    return math.dist(ours, theirs) / math.hypot(*theirs)


def direction(programs, rows, method, options):
    """What `truce aggregate` makes of the rows."""
    words = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gradients.json"
        file.write_text(json.dumps(rows))
        output = programs.output("truce", ["aggregate", "--method", method, *words, "--format", "json", str(file)])
    return json.loads(output)["direction"]


def check_aggregation(programs):
    """The deviations by contender and K.

    Raises DisagreementError where one is above the tolerance, ContenderError where Truce fails.
    """
    drawing, found, failures = random.Random(0), [], {}
    for tasks, parameters in SHAPES:
        rows = matrix(tasks, parameters, drawing)
        for contender, (method, options, bound) in CONVENTIONS.items():
            if bound not in (None, tasks):
                continue
            ours = direction(programs, rows, method, options)
            try:
                theirs = programs.peer({"kind": "aggregate", "method": contender, "matrix": rows})
            except ContenderError as error:
                failures[f"{contender}, K = {tasks}"] = str(error)
                continue
            shipped = deviation(ours, theirs["shipped"]) if "shipped" in theirs else None
            found.append((contender, tasks, parameters, deviation(ours, theirs["direction"]), shipped))
            judge(f"{contender} on {tasks} gradients of {parameters} numbers", found[-1][3])
    return {"deviations": found, "failures": failures}


def judge(what, value):
    if not value <= TOLERANCE:
        raise DisagreementError(
            f"{what}: Truce's result is {value:.1e} from it, more than {TOLERANCE:.0e}; nothing was timed")


def check_counts(programs, cases, counts):
    """That each network has as many parameters in PyTorch as in Truce."""
    found = {}
    for case in cases:
        if case.key not in counts or case.key in found:
            continue
        answer = programs.peer(dict(kind="count", **case.made))
        found[case.key] = [case.title, answer["shared"], answer["all"]]
        if (answer["shared"], answer["all"]) != counts[case.key]:
            raise DisagreementError(
                f"{case.title}: {answer['shared']:,} shared parameters of {answer['all']:,} in PyTorch, "
                f"{counts[case.key][0]:,} of {counts[case.key][1]:,} in Truce; nothing was timed")
    return found
