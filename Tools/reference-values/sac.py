#!/usr/bin/env python3
"""Records two updates of a multi-task soft actor-critic for TruceAgents, from fixed weights, transitions and draws.

    python3 -m venv venv && venv/bin/pip install torch==2.13.0 numpy scipy
    venv/bin/python Tools/reference-values/sac.py

Three tasks on one actor and twin critics: critics, actor, temperatures, targets, in this order, by the formulas of
Haarnoja et al. 2018, with the tasks' gradients of actor and of critics each combined by equal weighting, CAGrad or
PCGrad, and in one case those of the temperatures too. Parameter i of a network holds wave(shape, i + phase, 0.5).
"""

import math

import numpy
import torch
import torch.nn.functional as F
from scipy.optimize import minimize
from torch import nn

import torch_values
from torch_values import tensor, wave, write

torch.set_default_dtype(torch.float64)
torch_values.TARGET = torch_values.ROOT / "Tests/TruceAgentsTests/ReferenceValues"

TASKS, OBSERVATION, ACTION, WIDTHS = 3, 3, 2, [6, 5]
DISCOUNT, POLYAK, RATE, EPSILON, RADIUS = 0.9, 0.2, 0.05, 0.1, 0.4
OFFSETS = [3.0, -3.0, 1.0]  # so that the tasks' gradients disagree
ORDER = [[1, 2], [2, 0], [0, 1]]
UPDATES = 2


class Network(nn.Module):
    def __init__(self, inputs, outputs, heads):
        super().__init__()
        lengths = [inputs] + WIDTHS
        layers = []
        for a, b in zip(lengths, lengths[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.trunk = nn.Sequential(*layers)
        if heads:
            self.heads = nn.ModuleList([nn.Linear(lengths[-1], outputs) for _ in range(heads)])
        else:
            self.head = nn.Linear(lengths[-1], outputs)

    def forward(self, rows, tasks):
        features = self.trunk(rows)
        if hasattr(self, "head"):
            return self.head(features)
        return torch.stack([self.heads[task](row) for row, task in zip(features, tasks.tolist())])

    def task_parameters(self, task):
        return list(self.heads[task].parameters()) if hasattr(self, "heads") else []

    def shared_parameters(self):
        return list(self.trunk.parameters()) + ([] if hasattr(self, "heads") else list(self.head.parameters()))


class Critics(nn.Module):
    def __init__(self, inputs, heads):
        super().__init__()
        self.first, self.second = Network(inputs, 1, heads), Network(inputs, 1, heads)

    def forward(self, states, actions, tasks):
        rows = torch.cat([states, actions], 1)
        return self.first(rows, tasks).squeeze(-1), self.second(rows, tasks).squeeze(-1)

    def task_parameters(self, task):
        return self.first.task_parameters(task) + self.second.task_parameters(task)

    def shared_parameters(self):
        return self.first.shared_parameters() + self.second.shared_parameters()


def fill(network, phase):
    with torch.no_grad():
        for index, parameter in enumerate(network.parameters()):
            parameter.copy_(wave(tuple(parameter.shape), index + phase, 0.5))


VARIANTS = {
    "a one for the task, a temperature each": {
        "options": {"task_input": "one-hot", "temperature": "per-task", "log_std": "clip", "log_prob": "exact",
                    "temperature_loss": "temperature"},
        "counts": [4, 4, 4]},
    "no task, one temperature, as mtrl": {
        "options": {"task_input": "none", "temperature": "shared", "log_std": "tanh", "log_prob": "floored",
                    "temperature_loss": "temperature", "clip_norm": 0.3, "replay": "uniform"},
        "counts": [5, 3, 4]},
    "a head for each task, weighed by temperatures": {
        "options": {"task_input": "heads", "temperature": "per-task", "log_std": "clip", "log_prob": "exact",
                    "temperature_loss": "logarithm", "task_weights": "temperature"},
        "counts": [4, 4, 4]},
    "no task, a temperature each, weighed by rows": {
        "options": {"task_input": "none", "temperature": "per-task", "log_std": "clip", "log_prob": "exact",
                    "temperature_loss": "temperature", "replay": "uniform", "task_weights": "rows"},
        "counts": [6, 2, 4]},
    "a temperature each, which the method moves": {
        "options": {"task_input": "one-hot", "temperature": "per-task", "log_std": "clip", "log_prob": "exact",
                    "temperature_loss": "temperature", "temperature_gradient": "method"},
        "counts": [4, 4, 4]},
}


class Agent:
    def __init__(self, options, counts):
        self.options, self.counts = options, counts
        heads = TASKS if options["task_input"] == "heads" else 0
        inputs = OBSERVATION + (TASKS if options["task_input"] == "one-hot" else 0)
        self.actor = Network(inputs, 2 * ACTION, heads)
        self.critics, self.slow = Critics(inputs + ACTION, heads), Critics(inputs + ACTION, heads)
        fill(self.actor, 0.1)
        fill(self.critics, 0.7)
        fill(self.slow, 0.9)
        logs = [math.log(0.3)] * (TASKS if options["temperature"] == "per-task" else 1)
        if len(logs) > 1:
            logs = [math.log(0.3) + 0.4 * k for k in range(TASKS)]
        self.logs = torch.tensor(logs, requires_grad=True)
        self.optimizers = [torch.optim.Adam(p, lr=RATE, eps=EPSILON, foreach=False)
                           for p in (self.actor.parameters(), self.critics.parameters(), [self.logs])]
        self.tasks = torch.repeat_interleave(torch.arange(TASKS), torch.tensor(counts))

    def sample(self, states, noise):
        mean, raw = self.actor(states, self.tasks).chunk(2, -1)
        log_std = (-20 + 11 * (torch.tanh(raw) + 1)) if self.options["log_std"] == "tanh" else raw.clamp(-20, 2)
        before = mean + log_std.exp() * noise
        action = torch.tanh(before)
        log_prob = torch.distributions.Normal(mean, log_std.exp()).log_prob(before)
        if self.options["log_prob"] == "exact":
            slope = 2 * (math.log(2) - before - F.softplus(-2 * before))
        else:
            slope = torch.log(F.relu(1 - action.pow(2)) + 1e-6)
        return action, (log_prob - slope).sum(-1)

    def row_logs(self):
        return self.logs[self.tasks] if len(self.logs) > 1 else self.logs.expand(len(self.tasks))

    def task_means(self, rows):
        return [part.mean() for part in rows.split(self.counts)]

    def move(self, method, network, optimizer, losses):
        optimizer.zero_grad()
        shared = network.shared_parameters()
        for task, loss in enumerate(losses):
            for parameter, gradient in zip(network.task_parameters(task), torch.autograd.grad(
                    loss, network.task_parameters(task), retain_graph=True) if network.task_parameters(task) else []):
                parameter.grad = gradient / TASKS if method == "ew" else gradient
        rows = torch.stack([
            torch.cat([g.flatten() for g in torch.autograd.grad(loss, shared, retain_graph=True)]) for loss in losses])
        direction, column = combine(method, rows), 0
        for parameter in shared:
            parameter.grad = direction[column:column + parameter.numel()].reshape(parameter.shape).clone()
            column += parameter.numel()
        if "clip_norm" in self.options:
            nn.utils.clip_grad_norm_(network.parameters(), self.options["clip_norm"])
        optimizer.step()

    def move_temperatures(self, method, rows):
        """Along the mean of all rows' losses, or along what the method makes of the tasks' gradients."""
        self.optimizers[2].zero_grad()
        if self.options.get("temperature_gradient") == "method":
            gradients = [torch.autograd.grad(loss, self.logs, retain_graph=True)[0] for loss in self.task_means(rows)]
            self.logs.grad = combine(method, torch.stack(gradients))
        else:
            rows.mean().backward()
        self.optimizers[2].step()

    def update(self, method, batch, next_noise, noise):
        weights = [1.0] * TASKS
        if self.options.get("task_weights") == "temperature":
            weights = (TASKS * torch.softmax(-self.logs.detach(), 0)).tolist()
        if self.options.get("task_weights") == "rows":
            weights = [TASKS * count / sum(self.counts) for count in self.counts]
        alpha = self.row_logs().detach().exp()
        with torch.no_grad():
            actions, log_prob = self.sample(batch["next_states"], next_noise)
            value = torch.minimum(*self.slow(batch["next_states"], actions, self.tasks)) - alpha * log_prob
            target = batch["rewards"] + DISCOUNT * batch["continuations"] * value
        first, second = self.critics(batch["states"], batch["actions"], self.tasks)
        critic = self.task_means((first - target) ** 2 + (second - target) ** 2)
        self.move(method, self.critics, self.optimizers[1], [w * l for w, l in zip(weights, critic)])
        actions, log_prob = self.sample(batch["states"], noise)
        value = torch.minimum(*self.critics(batch["states"], actions, self.tasks))
        actor = self.task_means(alpha * log_prob - value)
        self.move(method, self.actor, self.optimizers[0], [w * l for w, l in zip(weights, actor)])
        logs = self.row_logs()
        factor = logs.exp() if self.options["temperature_loss"] == "temperature" else logs
        self.move_temperatures(method, factor * (-log_prob.detach() + ACTION))
        with torch.no_grad():
            for slow, fast in zip(self.slow.parameters(), self.critics.parameters()):
                slow.lerp_(fast, POLYAK)
        return {"critic": [float(l.detach()) for l in critic], "actor": [float(l.detach()) for l in actor]}


def combine(method, rows):
    if method == "ew":
        return rows.mean(0)
    return pcgrad(rows) if method == "pcgrad" else cagrad(rows)


def pcgrad(rows):
    total = torch.zeros_like(rows[0])
    for task in range(TASKS):
        own = rows[task].clone()
        for other in ORDER[task]:
            product = own @ rows[other]
            if product < 0:
                own -= product / (rows[other] @ rows[other]) * rows[other]
        total += own
    return total / TASKS


def cagrad(rows):
    """g0 + c |g0| / |gw| gw, with the w of the simplex that minimises gw·g0 + c |g0| |gw|."""
    scale = rows.norm(dim=1).mean()
    gramian = (rows @ rows.T / scale**2).numpy()
    radius = RADIUS * math.sqrt(gramian.mean())

    def value(w):
        return w @ gramian.mean(1) + radius * math.sqrt(w @ gramian @ w)

    def slope(w):
        return gramian.mean(1) + radius * gramian @ w / math.sqrt(w @ gramian @ w)

    answers = [minimize(value, start, jac=slope, method="SLSQP", bounds=[(0, 1)] * TASKS,
                        constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: numpy.ones(TASKS)},
                        options={"ftol": 1e-16, "maxiter": 1000}).x
               for start in [numpy.full(TASKS, 1 / TASKS), *(0.8 * numpy.eye(TASKS) + 0.2 / TASKS)]]
    w = min(answers, key=value)
    g0, gw = rows.mean(0), torch.from_numpy(w) @ rows
    return g0 + RADIUS * g0.norm() / gw.norm() * gw


def batch(options, counts, update):
    count, phase = sum(counts), 1.0 * update
    states, after = wave((count, OBSERVATION), 0.3 + phase), wave((count, OBSERVATION), 1.9 + phase)
    if options["task_input"] == "one-hot":
        marks = F.one_hot(torch.repeat_interleave(torch.arange(TASKS), torch.tensor(counts)), TASKS).to(states.dtype)
        states, after = torch.cat([states, marks], 1), torch.cat([after, marks], 1)
    return {"states": states, "next_states": after, "actions": wave((count, ACTION), 2.5 + phase, 0.9),
            "rewards": wave((count,), 0.8 + phase, 2.0) + torch.repeat_interleave(
                torch.tensor(OFFSETS), torch.tensor(counts)),
            "continuations": (torch.arange(count) % 5 != 2).to(states.dtype)}


def run(method, variant):
    options, counts = variant["options"], variant["counts"]
    agent = Agent(options, counts)
    losses = []
    for update in range(UPDATES):
        count = sum(counts)
        losses.append(agent.update(method, batch(options, counts, update), wave((count, ACTION), 0.2 + update, 1.2),
                                   wave((count, ACTION), 3.1 + update, 1.2)))
    networks = {"actor": agent.actor, "critics": agent.critics, "slow_critics": agent.slow}
    after = {f"{name}.{key}": tensor(value)
             for name, network in networks.items() for key, value in network.named_parameters()}
    return {"losses": losses, "after": after | {"temperatures.logarithms": tensor(agent.logs)}}


def main():
    cases = []
    for name, variant in VARIANTS.items():
        for method in ("ew", "cagrad", "pcgrad"):
            cases.append({"name": name, "method": method, "options": variant["options"], "counts": variant["counts"]}
                         | run(method, variant))
    write("sac", "sac.py", cases)


if __name__ == "__main__":
    main()
