"""Rounds in random order: every contender of a case once a round, so that all see the machine alike."""

import random
import statistics
import sys

import kernels
from contenders import BOUNDED, HANDED_OVER, UNBOUNDED, ContenderError


class Meter:
    """Measures cases with the contenders that take part."""

    def __init__(self, programs, rounds):
        self.programs, self.rounds = programs, rounds

    def measure(self, case, one):
        """Every contender's measurements by round, and what failed and why."""
        print(f"  {case.title}", file=sys.stderr, flush=True)
        names = [name for name in case.contenders if name.startswith("truce") or self.programs.worker]
        measured, failures = {name: [] for name in names}, {}
        for _ in range(min(self.rounds, case.rounds)):
            for name in random.sample(names, len(names)):
                if name in failures:
                    continue
                try:
                    measured[name].append(one(case, name))
                except ContenderError as error:
                    print(f"    {name} failed: {error}", file=sys.stderr, flush=True)
                    failures[name] = str(error)
        whole = {name: values for name, values in measured.items() if name not in failures}
        return {"title": case.title, "measured": whole, "failures": failures}

    def step(self, case, name, further=None, alone=False):
        """A contender's median step, its parts and memory."""
        if name.startswith("truce"):
            answer = self.programs.engine(case.arguments(name), further)
        else:
            answer = self.programs.peer(case.request(name), further, alone)
        kept = {key: answer[key] for key in ("parts", "peakBytes", "residentBytes", "processBytes") if key in answer}
        if "wholes" in answer:
            kept["whole"] = statistics.median(answer["wholes"])
        return {"milliseconds": statistics.median(answer["milliseconds"]), **kept}

    def alone(self, case, name):
        """The same in a process of its own."""
        return self.step(case, name, alone=True)

    def waiting(self, case, name):
        """The same with its threads' waiting bounded or not: `truce-cagrad unbounded`."""
        contender, _, how = name.partition(" ")
        return self.step(case, contender, {"bounded": BOUNDED, "unbounded": UNBOUNDED, "": None}[how], alone=True)

    def kernels(self, case, name):
        """A contender's median step, shared out over what its process was at."""
        return kernels.profiled(self.programs, case, name, self.step(case, name)["milliseconds"])

    def rows(self, case, name):
        """A contender's median on the matrix alone; Truce's Gramian, weights and combination also each."""
        if name != "truce":
            return {"milliseconds": statistics.median(self.programs.peer(case.request(name))["milliseconds"])}
        answer = self.programs.engine(case.arguments(name))
        parts = {part: statistics.median(answer[part]) for part in ("gramian", "weights", "combination")}
        sums = [sum(each) for each in zip(*(answer[part] for part in parts))]
        return {"milliseconds": statistics.median(sums), "parts": parts}

    def run(self, case, name):
        """What a whole run takes beside its steps."""
        answer = self.programs.engine(case.arguments(), HANDED_OVER)
        return answer | {"milliseconds": 1e3 * answer["stepSeconds"]}

    def grown(self, case, name):
        """The same, or a step."""
        return self.rows(case, name) if hasattr(case, "parameters") else self.step(case, name)
