"""What passing environments' answers on costs, and what a long training takes of memory: with environments that do nothing."""

import json
import subprocess
import time
from pathlib import Path

from runs import command, environment, train
from tables import number, table

# As many numbers as Metaworld's environments have, from a class that computes nothing.
NOTHING = '''class Nothing:
    tasks = [f"nothing-{number}" for number in range(10)]
    observation_size = 39
    action_size = 4

    def __init__(self, task, seed):
        self.observation = [0.1] * 39

    def goals(self, count):
        return [[] for _ in range(count)]

    def reset(self, goal):
        return self.observation

    def step(self, action):
        return self.observation, action[0], False, False
'''
SMALL = "agent_options: {widths: [16], batch_size: 20, horizon: 100, replay_capacity: 5000}\n"
STEPS, PARTS = 100_000, 5


def nothing(folder):
    """The configuration of a run on them."""
    Path(folder).mkdir(exist_ok=True)
    source = Path(folder) / "nothing.py"
    source.write_text(NOTHING)
    return f"problem: python\nproblem_options: {{class: '{source}:Nothing'}}\n" + SMALL


def bridge(folder, physics):
    """A step of environments that do nothing, beside one of Metaworld's."""
    own = train(nothing(folder), folder, 3000, 20, ["method=ew", "threads=1", "workers=1"])[0]
    rows = [["ten of Metaworld's", number(physics), ""], ["ten that compute nothing", number(own), f"{100 * own / physics:.1f} %"]]
    return table(["environments, one worker", "ms a step", "of Metaworld's"], rows)


def resident(process):
    """MiB of a process."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def children(process):
    return [int(word) for path in Path(f"/proc/{process}/task").glob("*/children") for word in path.read_text().split()]


def steps_done(run):
    """The last step that was recorded."""
    try:
        lines = (run / "metrics.jsonl").read_text().splitlines()
    except OSError:
        return 0
    steps = [json.loads(line).get("step", 0) for line in lines[-3:]]
    return max(steps, default=0)


def growth(folder):
    """What learner and worker take after every fifth of a hundred thousand steps, each with an update."""
    folder = f"{folder}/growth"
    words, run = command(nothing(folder), folder, [
        "method=cagrad", "threads=1", "workers=1", "agent_options.random_steps=100", f"agent_options.epoch_steps={STEPS}",
        "agent_options.evaluation_episodes=1", "log_every=100", "epochs=1", "checkpoint_every_steps=10000"])
    rows, process = [], subprocess.Popen(words, env=environment(), stdout=subprocess.DEVNULL)
    while process.poll() is None and len(rows) < PARTS:
        done = steps_done(run)
        if done >= (len(rows) + 1) * STEPS // PARTS - 500:
            workers = [resident(worker) for worker in children(process.pid)]
            rows.append([f"{done:,}", number(resident(process.pid)), number(max(workers, default=0))])
        time.sleep(0.1)
    if process.wait() != 0:
        raise subprocess.CalledProcessError(process.returncode, words)
    return table(["steps", "learner, MiB", "worker, MiB"], rows)
