#!/usr/bin/env python3
"""Writes the reference values of the methods whose rule lives in the training step.

    python3 Tools/reference-values/engine_methods.py

in the environment that `loss_weightings.py` describes. No package on PyPI offers these methods apart from
a trainer, so their mathematics is computed here by other means: PyTorch's Adam, derivatives by automatic
differentiation through the inner step, and small quadratic programs by trying every support.
"""

import itertools

import numpy as np
import torch

from reference_file import write

SCRIPT = "engine_methods.py"
STEPS = 5
torch.set_default_dtype(torch.float64)


# MARK: AdaTask


def separate_adams():
    """One PyTorch Adam a task on a vector of its own: the task's step is what that vector moves."""
    weights = [1.0, 0.5, 2.0]
    rows = np.random.default_rng(1).standard_normal((STEPS, 3, 6)) * [[[1.0], [1e3], [1e-3]]]
    vectors = [torch.zeros(6, requires_grad=True) for _ in weights]
    optimizers = [torch.optim.Adam([vector], lr=1.0) for vector in vectors]
    steps = []
    for step in rows:
        before = [vector.detach().clone() for vector in vectors]
        for vector, optimizer, row in zip(vectors, optimizers, step):
            vector.grad = torch.tensor(row)
            optimizer.step()
        moved = [weight * (old - new.detach()) for weight, old, new in zip(weights, before, vectors)]
        steps.append(sum(moved).tolist())
    yield {
        "source": "torch Adam, one for each task",
        "options": {"weights": weights},
        "rows": rows.tolist(),
        "losses": np.ones((STEPS, 3)).tolist(),
        "directions": steps,
    }


# MARK: MTL-IO


def optimizer_per_task():
    """PyTorch optimizers, one for each task, that step the same vector in turn, each with its own task's gradient."""
    rules = {
        "adam": (torch.optim.Adam, {}),
        "sgd": (torch.optim.SGD, {"momentum": 0.9}),
        "rmsprop": (torch.optim.RMSprop, {"alpha": 0.9}),
        "adagrad": (torch.optim.Adagrad, {}),
    }
    rows = np.random.default_rng(2).standard_normal((STEPS, 3, 6)) * [[[1.0], [1e2], [1e-2]]]
    for name, (rule, options) in rules.items():
        vector = torch.zeros(6, requires_grad=True)
        optimizers = [rule([vector], lr=0.05, **options) for _ in range(3)]
        path = []
        for step in rows:
            for optimizer, row in zip(optimizers, step):
                vector.grad = torch.tensor(row)
                optimizer.step()
            path.append(vector.tolist())
        yield {
            "source": f"torch {rule.__name__}, one for each task",
            "optimizer": name,
            "options": options | {"learning_rate": 0.05},
            "rows": rows.tolist(),
            "path": path,
        }


# MARK: RotoGrad


def rotations():
    generator = np.random.default_rng(2)
    lengths = np.exp(generator.standard_normal((STEPS, 3)))
    burn_in, factors = 2, []
    for step, now in enumerate(lengths):
        if step in (0, burn_in):
            reference = now
        ratios = now / reference
        common = (ratios / ratios.sum() * now).sum()
        factors.append((common / now).tolist())
    gradients = generator.standard_normal((3, 8)) * [[1.0], [10.0], [0.1]]
    mean = np.linalg.norm(gradients.mean(0))
    target = np.mean([row * mean / np.linalg.norm(row) for row in gradients], axis=0)
    yield {
        "source": "formula of the repository adrianjav/rotograd in NumPy",
        "options": {"burn_in_period": burn_in},
        "lengths": lengths.tolist(),
        "factors": factors,
        "gradients": gradients.tolist(),
        "target": target.tolist(),
    }


# MARK: Bilevel methods on quadratic losses


class Quadratics:
    """Losses `½ |A_i (x − c_i)|²` of three tasks in four parameters."""

    def __init__(self, seed):
        generator = np.random.default_rng(seed)
        self.matrices = torch.tensor(generator.standard_normal((3, 4, 4)))
        self.centres = torch.tensor(generator.standard_normal((3, 4)))

    def __call__(self, point):
        offsets = torch.einsum("kij,kj->ki", self.matrices, point - self.centres)
        return 0.5 * (offsets**2).sum(1)

    def gradients(self, point):
        variable = point.detach().clone().requires_grad_()
        losses = self(variable)
        return torch.stack([torch.autograd.grad(loss, variable, retain_graph=True)[0] for loss in losses])


def points(seed):
    return torch.tensor(np.random.default_rng(seed).standard_normal((STEPS, 4)))


def validation_step():
    """Auto-lambda: the derivative by automatic differentiation through the inner step."""
    train, held_out, rate, primary = Quadratics(3), Quadratics(4), 0.05, [1.0, 0.0, 2.0]
    weights = torch.full((3,), 0.1, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.02)
    steps = []
    for point in points(5):
        moved = point - rate * weights @ train.gradients(point)
        total = torch.tensor(primary) @ held_out(moved)
        optimizer.zero_grad()
        total.backward()
        along = torch.tensor(primary) @ held_out.gradients(moved)
        distance = 0.01 / along.norm()
        steps.append({
            "above": train(point + distance * along).tolist(),
            "below": train(point - distance * along).tolist(),
            "gradient_length": along.norm().item(),
        })
        optimizer.step()
        steps[-1]["weights"] = weights.tolist()
    options = {"meta_lr": 0.02, "primary": primary}
    source = "automatic differentiation through the inner step, torch Adam"
    yield {"source": source, "options": options, "learning_rate": rate, "steps": steps}


def supports(count):
    return itertools.chain.from_iterable(itertools.combinations(range(count), n) for n in range(1, count + 1))


def solve(matrix, vector):
    return np.linalg.lstsq(matrix, vector, rcond=None)[0]


def best_combination(rows, extra, slope):
    """Minimises ½|λᵀF + νq|² − νφ|q|² over the simplex and ν ≥ 0 by trying every support."""
    best, length = None, extra @ extra
    for support in supports(len(rows)):
        for free in ([False, True] if length > 0 else [False]):
            members = np.array([rows[i] for i in support] + ([extra] if free else []))
            ones = np.array([1.0] * len(support) + ([0.0] if free else []))
            system = np.block([[members @ members.T, ones[:, None]], [ones[None], np.zeros((1, 1))]])
            side = np.array([0.0] * len(support) + ([slope * length] if free else []) + [1.0])
            values = solve(system, side)[:-1]
            if np.abs(ones @ values - 1) > 1e-9 or values.min() < -1e-12:
                continue
            combined, multiple = values @ members, values[-1] if free else 0.0
            value = 0.5 * combined @ combined - multiple * slope * length
            if best is None or value < best[0] - 1e-14:
                shares = np.zeros(len(rows))
                shares[list(support)] = values[: len(support)]
                best = (value, shares, multiple)
    return best[1], best[2]


def trial_step():
    """MOML: the derivatives by automatic differentiation through softmax and trial step."""
    train, held_out, rate = Quadratics(6), Quadratics(7), 0.1
    logits = torch.full((3,), 1 / 3, requires_grad=True)
    optimizer = torch.optim.Adam([logits], lr=0.05)
    steps = []
    for point in points(8):
        lower = train.gradients(point)
        moved = point - rate * torch.softmax(logits, 0) @ lower
        losses = held_out(moved)
        derivatives = [torch.autograd.grad(loss, logits, retain_graph=True)[0].numpy() for loss in losses]
        unit = np.array([row / np.linalg.norm(row) for row in derivatives])
        shares, _ = best_combination(unit, np.zeros(3), 0.0)
        direction = shares @ unit
        if np.linalg.norm(direction) > 1e-9:  # else no direction lowers every loss
            logits.grad = torch.tensor(direction)
            optimizer.step()
        products = held_out.gradients(moved) @ lower.T
        steps.append({"products": products.tolist(), "weights": torch.softmax(logits, 0).tolist()})
    source = "automatic differentiation through the trial step, min-norm point by every support, torch Adam"
    yield {"source": source, "options": {"inner_lr": rate, "outer_lr": 0.05}, "steps": steps}


def constrained_step():
    """FORUM: the combination by trying every support, then averaged over epochs."""
    generator = np.random.default_rng(9)
    for phi in [0.1, 2.0]:
        average, steps = np.zeros(3), []
        for epoch in range(STEPS):
            rows = np.hstack([np.zeros((3, 3)), generator.standard_normal((3, 5)) * [[1.0], [20.0], [0.1]]])
            extra = generator.standard_normal(8) * 0.7
            unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
            shares, _ = best_combination(unit, extra, phi)
            average = average + (shares - average) / (epoch + 1) ** 0.75
            multiple = max(phi - extra @ (average @ unit) / (extra @ extra), 0.0)
            all_rows = np.vstack([rows, extra])
            steps.append({
                "gramian": (all_rows @ all_rows.T).ravel().tolist(),
                "weights": (average / np.linalg.norm(rows, axis=1)).tolist(),
                "multiplier": multiple,
            })
        yield {"source": "every support in NumPy", "options": {"phi": phi}, "steps": steps}


# MARK: All


METHODS = {
    "adatask": separate_adams,
    "mtl-io": optimizer_per_task,
    "rotograd": rotations,
    "auto-lambda": validation_step,
    "moml": trial_step,
    "forum": constrained_step,
}


def main():
    for method, make_cases in METHODS.items():
        write(method, SCRIPT, list(make_cases()))


if __name__ == "__main__":
    main()
