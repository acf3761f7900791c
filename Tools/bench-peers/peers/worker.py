"""Answers requests for measurements of PyTorch, TorchJD and LibMTL: a JSON object a line in, one out.

Started by `Tools/bench-peers/run`. An answer is the measurement, or {"error": "…"}.
"""

import json
import os
import sys
import warnings

import numpy as np
import torch

import aggregates
import floor
import rows
import samples
import steps

KINDS = {"step": steps.step, "count": steps.count, "floor": floor.floor, "rows": rows.rows, "peak": rows.peak,
         "samples": samples.samples,
         "aggregate": aggregates.aggregate}


def answer(request):
    """The measurement that a request asks for, or why there is none."""
    torch.set_num_threads(request.get("threads", 2))
    np.random.seed(0)
    try:
        return KINDS[request["kind"]](request)
    except Exception as error:  # A library's failure is a result here.
        lines = str(error).strip().splitlines()
        return {"error": f"{type(error).__name__}: {lines[0] if lines else ''}"}


def main():
    # What libraries print must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")


if __name__ == "__main__":
    main()
