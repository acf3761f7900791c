"""What the page's goals are and whether they are reached, with the measured cause of what is short."""

from dataclasses import dataclass, field

import overheads
from cases import MANY_TASKS, OF_ROWS_BYTES, PAIRS, ROWS, SAMPLES, STEPS, STREAMED_MEBIBYTES, row_bytes
from growth import bounds, floor
from kernels import GROUPS
from tables import Measured, mebibytes, median, number, ratio_cells, span, table

OF_ROWS = 1.3
OF_SAMPLES = 0.5
NAMES = {"floor": "floor: products, Gramian, combination", "floor-step": "floor + forward + optimizer",
         "passes-step": "forward + (K + 0.3) backward passes + optimizer"}


@dataclass
class Goal:
    """Something measured, how large it may be, and what it consists of."""

    case: str
    what: str
    ratio: float
    range: str
    most: float | str
    causes: list = field(default_factory=list)

    @property
    def is_reached(self):
        """As the page shows the ratio: to two digits."""
        return round(self.ratio, 2) <= self.most


def shown(name):
    """A contender as the page calls it."""
    return NAMES.get(name, f"`{name}`")


def share(part, whole):
    return f"{100 * part / whole:.0f} %"


def floor_cause(values, pair):
    """What the floor alone takes of the peer's time."""
    if pair[1] == "floor-step" or not values.has("floor-step", pair[1]):
        return []
    of_peer = number(median(values.ratios("floor-step", pair[1])))
    return [f"the floor with forward pass and optimizer alone is {of_peer} of `{pair[1]}`"]


def kernel_cause(profile, name):
    """What a contender's processor time is spent on."""
    found = (profile or {"measured": {}})["measured"].get(name)
    if not found:
        return []
    parts = found[0]["parts"]
    whole = sum(parts.values())
    told = ", ".join(f"{group} {share(parts[group], whole)}" for group in GROUPS)
    return [f"`{name}`'s processor time: {told}"]


def part_cause(values, pair):
    """The products of the gradients beside those of the floor."""
    if pair[1] != "floor-step":
        return []
    own, least = values.part(pair[0], "gradients"), values.part("floor", "products")
    return [f"all tasks' gradients take {number(own)} ms, the floor's products {number(least)} ms"] if own and least else []


def of_steps(results, profiles):
    """The steps' ratios."""
    for case in [case for case in STEPS if case.key in results]:
        values = Measured(results[case.key], case.tasks)
        for pair in [pair for pair in PAIRS if pair in case.goals and values.has(*pair)]:
            causes = floor_cause(values, pair) + part_cause(values, pair)
            # Only CAGrad's time is sampled; the other methods' steps differ from it in their solver alone.
            causes += [cause for name in ("truce-cagrad", "torchjd-cagrad") for cause in kernel_cause(profiles.get(case.key), name)]
            yield Goal(case.title, f"{shown(pair[0])} / {shown(pair[1])}", median(values.ratios(*pair)),
                       ratio_cells(values, *pair)[1], case.goals[pair], causes)


def of_memory(results):
    """What CAGrad's step takes above equal weighting's, over the rows."""
    for case in [case for case in STEPS if case.key in results]:
        values, matrix = Measured(results[case.key]), row_bytes(case)
        plain, own = (values.largest(name, "peakBytes") for name in ("truce-ew", "truce-cagrad"))
        if plain and own:
            over = own - plain - matrix
            causes = [f"beside the rows ({mebibytes(matrix)} MiB) it holds {mebibytes(max(over, 0))} MiB that equal weighting does not: the "
                      "gradients of the features, and those of one or two layers before they are rows or for the tasks that are walked at once"]
            yield Goal(case.title, "memory above equal weighting's / rows", (own - plain) / matrix, "", OF_ROWS_BYTES, causes)


def of_many(results):
    """The memory and the time of many tasks' streamed step."""
    for case in [case for case in MANY_TASKS if case.key in results]:
        values = Measured(results[case.key])
        if values.has("truce-cagrad-streamed", "truce-cagrad"):
            whole = values.largest("truce-cagrad-streamed", "processBytes") / 2**20
            yield Goal(case.title, "streamed, the whole process, MiB", whole, "", STREAMED_MEBIBYTES)
            pair = "truce-cagrad-streamed", "truce-cagrad"
            yield Goal(case.title, "`truce-cagrad-streamed` / `truce-cagrad`", *[median(values.ratios(*pair)), ratio_cells(values, *pair)[1]], case.goals[pair])


def row_causes(case, values, peaks):
    """How fast the two parts go, beside a large product's and a sum's speed."""
    gramian, combination = values.part("truce", "gramian"), values.part("truce", "combination")
    reading, _ = bounds(case, values, peaks)
    operations, bytes = case.parameters * case.tasks * (case.tasks + 1), 4 * case.tasks * case.parameters
    return [f"the Gramian computes {number(operations / gramian / 1e6)} Gflop/s (a large product: {number(peaks[str(case.threads)] / 1e9)}) "
            f"and reads {number(bytes / gramian / 1e6)} GB/s, the combination reads {number(bytes / combination / 1e6)} GB/s "
            f"(libtorch's sum: {number(2 * bytes / reading / 1e6)})"]


def of_rows(results, sized):
    """The Gramian and the combination over their floor."""
    peaks = results["peaks"]
    for case in map(sized, ROWS):
        if case.key not in results["cases"] or not peaks:
            continue
        values = Measured(results["cases"][case.key])
        if values.has("truce", "reading-twice"):
            lowest = floor(case, values, peaks)
            times = [time / lowest for time in values.times("truce")]
            yield Goal(f"{case.tasks} × {case.parameters:,}, {case.threads} thread{'s' * (case.threads > 1)}",
                       "Gramian, weights, combination / floor", median(times), span(times), OF_ROWS, row_causes(case, values, peaks))


def of_samples(results):
    """Single examples' gradients, time and memory."""
    for case in [case for case in SAMPLES if case.key in results]:
        values = Measured(results[case.key])
        if values.has("truce", "torchjd-autogram"):
            ratios = values.ratios("truce", "torchjd-autogram")
            own, peer = (values.largest(name, "residentBytes") for name in ("truce", "torchjd-autogram"))
            yield Goal(case.title, "time / `torchjd-autogram`", median(ratios), span(ratios), OF_SAMPLES)
            yield Goal(case.title, "memory / `torchjd-autogram`", own / peer, number(own / peer), OF_SAMPLES)


def listed(parts, sized):
    """All goals of the parts that were measured."""
    profiles = parts.get("kernels", {})
    goals = [*of_steps(parts.get("steps", {}), profiles), *of_memory(parts.get("steps", {})), *of_many(parts.get("many", {}))]
    goals += of_rows(parts["rows"], sized) if "rows" in parts else []
    goals += of_samples(parts["samples"]) if "samples" in parts else []
    return goals + list(overheads.goals(parts.get("overheads", {}), Goal))


def section(parts, sized):
    """The goals in one table, and why some are missed."""
    goals = listed(parts, sized)
    lines = [[goal.case, goal.what, number(goal.ratio), goal.range, goal.most, "yes" if goal.is_reached else "**no**"]
             for goal in goals]
    short = [goal for goal in goals if not goal.is_reached]
    said = [f"- {goal.case}: {goal.what} is {number(goal.ratio)} in place of {goal.most}. "
            + ("What it consists of: " + "; ".join(goal.causes) + "." if goal.causes else "Not taken apart.") for goal in short]
    return "\n".join([
        "## Goals", "",
        f"{len(goals) - len(short)} of {len(goals)} are reached; the tables below have what they come from.", "",
        table(["case", "ratio", "measured", "range", "at most", "reached"], lines, words=2),
        *(["### Short of them, and what the time consists of", "", *said, ""] if said else [])])
