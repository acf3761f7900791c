"""What a run takes beside its steps: its start, waiting for data, handlers with log and checkpoints, measuring."""

from dataclasses import dataclass, field

from tables import failures, median, number, span, table

# Seconds to the end of the first step; shares of the steps, of the loop.
GOALS = {"firstStepSeconds": ("start to the end of the first step, s", 0.5), "loaderShare": ("waiting for data / steps", 0.02),
         "handlerShare": ("handlers and store / loop", 0.01)}


@dataclass(frozen=True, eq=False)
class RunCase:
    """A problem that a run trains on, with everything that runs do."""

    key: str
    title: str
    problem: str = None
    steps: int = 300
    rounds: int = 3
    options: list = field(default_factory=list)
    contenders: tuple = ("truce",)

    def arguments(self):
        problem = ["--problem", self.problem] if self.problem else []
        return ["benchmark", "train", "--steps", str(self.steps), *problem, *self.options]


CASES = [RunCase("tanh", "`scaled-tanh`, 6,400 examples in memory", options=["problem_options.samples=6400"]),
         RunCase("mnist", "`multi-mnist`, 10,000 pictures, batch 256", "multi-mnist", 120,
                 options=["problem_options.train_samples=10000", "batch_size=256"])]


def told(result, key):
    """What the rounds measured under a name; the start is missing where the system does not tell it."""
    return [each[key] for each in result["measured"].get("truce", []) if each.get(key) is not None]


def section(results):
    """The shares of each case, with their goals."""
    lines = []
    for result in results.values():
        found = result["measured"].get("truce", [])
        if found:
            cells = [number(median(told(result, key))) for key in [*GOALS, "evaluationShare", "stepSeconds"]]
            lines.append([result["title"], found[0]["steps"], *cells])
    heads = ["run", "steps", *(f"{said} (≤ {goal})" for said, goal in GOALS.values()), "measuring / loop", "s a step"]
    return "\n".join([
        "## What a run takes beside its steps", "",
        "Whole runs by `truce-engine benchmark train` with the handlers and checkpoints that every run has, a process each; medians of the rounds.", "",
        table(heads, lines), failures(results.values())])


def goals(results, goal):
    """The parts that have a goal."""
    for result in results.values():
        for key, (said, most) in GOALS.items():
            found = told(result, key)
            if found:
                yield goal(result["title"], said, median(found), span(found), most)
