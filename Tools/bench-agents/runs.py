"""Runs of agents whose steps are timed, for the other scripts here."""

import json
import os
import re
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ENGINE = ROOT / ".build" / "release" / "truce-engine"


def block(study):
    """Problem and agent of a study file, which are keys of a run too."""
    text = (ROOT / "Studies" / f"{study}.yaml").read_text()
    return re.search(r"^problem:.*?(?=^(?:methods|cells|optimizers):)", text, re.S | re.M).group(0)


def command(configuration, folder, changes):
    """A quiet training in a folder of its own, and where it leaves its run."""
    Path(folder).mkdir(exist_ok=True)
    config, run = Path(folder) / "config.yaml", Path(folder) / "run"
    config.write_text(configuration + "learning_rate: 3e-4\n")
    return [ENGINE, "train", "--config", config, *changes, "--output", run, "--quiet", "--force"], run


def environment():
    return {**os.environ, "GOMP_SPINCOUNT": "10000"}


def train(configuration, folder, random_steps, steps, changes):
    """Milliseconds of a step with random actions, of one with an update, and the latter's mean."""
    words, run = command(configuration, folder, [
        f"agent_options.random_steps={random_steps}", f"agent_options.first_update={random_steps}",
        "agent_options.initial_updates=1", f"agent_options.epoch_steps={random_steps + steps}",
        "agent_options.evaluation_episodes=1", "log_every=1", "epochs=1", "conflict_every=0", *changes])
    subprocess.run(words, check=True, capture_output=True, env=environment())
    found = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    times = {event["step"]: 1e3 * event["values"]["seconds/step"] for event in found if event["event"] == "step"}
    # The first steps of either kind are slower, and those at an episode's beginning reset the environments.
    alone = [time for step, time in times.items() if 10 < step < random_steps]
    both = [time for step, time in times.items() if step > random_steps + 5]
    return statistics.median(alone), statistics.median(both), statistics.mean(both)
