#!/usr/bin/env python3
"""Times updates of a multi-task soft actor-critic in PyTorch, as a peer of `truce-engine benchmark update`.

    updates.py WAY TASKS ROWS WIDTH LAYERS THREADS UPDATES

WAY is ew (equal weighting: one backward pass, fused Adam) or split (K calls of autograd.grad over the rows of all tasks,
as mtrl takes the tasks' gradients). Prints one JSON object with the milliseconds of every update. `run` calls it.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

OBSERVATION, ACTION = 39, 4
WAY = sys.argv[1]
TASKS, ROWS, WIDTH, LAYERS, THREADS, UPDATES = (int(word) for word in sys.argv[2:])


def network(inputs, outputs):
    sizes, layers = [inputs] + [WIDTH] * LAYERS, []
    for a, b in zip(sizes, sizes[1:]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(sizes[-1], outputs))


class Agent:
    def __init__(self):
        state = OBSERVATION + TASKS
        self.actor = network(state, 2 * ACTION)
        self.critics = nn.ModuleList([network(state + ACTION, 1) for _ in range(2)])
        self.slow = nn.ModuleList([network(state + ACTION, 1) for _ in range(2)])
        self.logs = torch.zeros(TASKS, requires_grad=True)
        self.optimizers = [torch.optim.Adam(p, lr=3e-4, fused=True)
                           for p in (self.actor.parameters(), self.critics.parameters(), [self.logs])]
        self.tasks = torch.repeat_interleave(torch.arange(TASKS), ROWS)

    def sample(self, states):
        mean, log_std = self.actor(states).chunk(2, -1)
        log_std = log_std.clamp(-20, 2)
        noise = torch.randn_like(mean)
        raw = mean + log_std.exp() * noise
        log_prob = -0.5 * noise.square() - log_std - 0.9189385332046727
        return raw.tanh(), (log_prob - 2 * (0.6931471805599453 - raw - F.softplus(-2 * raw))).sum(-1)

    @staticmethod
    def values(critics, states, actions):
        rows = torch.cat([states, actions], 1)
        return critics[0](rows).squeeze(-1), critics[1](rows).squeeze(-1)

    def move(self, optimizer, losses, parameters, splits):
        optimizer.zero_grad()
        if not splits:
            losses.mean().backward()
        else:
            rows = [torch.cat([g.flatten() for g in torch.autograd.grad(loss, parameters, retain_graph=True)])
                    for loss in losses]
            direction, column = torch.stack(rows).mean(0), 0
            for parameter in parameters:
                parameter.grad = direction[column:column + parameter.numel()].view_as(parameter)
                column += parameter.numel()
        optimizer.step()

    def update(self, batch, splits):
        states, actions, rewards, after = batch
        alpha = self.logs.detach().exp()[self.tasks]
        with torch.no_grad():
            next_actions, log_prob = self.sample(after)
            target = rewards + 0.99 * (torch.minimum(*self.values(self.slow, after, next_actions)) - alpha * log_prob)
        first, second = self.values(self.critics, states, actions)
        losses = ((first - target).square() + (second - target).square()).view(TASKS, ROWS).mean(1)
        self.move(self.optimizers[1], losses, list(self.critics.parameters()), splits)
        for parameter in self.critics.parameters():
            parameter.requires_grad_(False)
        new_actions, log_prob = self.sample(states)
        losses = (alpha * log_prob - torch.minimum(*self.values(self.critics, states, new_actions)))
        for parameter in self.critics.parameters():
            parameter.requires_grad_(True)
        self.move(self.optimizers[0], losses.view(TASKS, ROWS).mean(1), list(self.actor.parameters()), splits)
        self.optimizers[2].zero_grad()
        (self.logs.exp()[self.tasks] * (-log_prob.detach() + ACTION)).mean().backward()
        self.optimizers[2].step()
        with torch.no_grad():
            torch._foreach_lerp_(list(self.slow.parameters()), list(self.critics.parameters()), 0.005)


def main():
    torch.set_num_threads(THREADS)
    agent, count = Agent(), TASKS * ROWS
    marks = F.one_hot(agent.tasks, TASKS).float()
    batch = (torch.cat([torch.randn(count, OBSERVATION), marks], 1), torch.rand(count, ACTION) * 2 - 1,
             torch.randn(count), torch.cat([torch.randn(count, OBSERVATION), marks], 1))
    times = []
    for repeat in range(UPDATES + 3):
        start = time.perf_counter()
        agent.update(batch, WAY == "split")
        if repeat >= 3:
            times.append(1e3 * (time.perf_counter() - start))
    print(json.dumps({"milliseconds": times}))


if __name__ == "__main__":
    main()
