"""Markdown tables, and numbers as they show them."""

import statistics


def table(heads, rows, words=1):
    """A table whose first columns are words, the others numbers; nothing without rows."""
    if not rows:
        return ""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * words + "---:|" * (len(heads) - words)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def number(value):
    """Three digits or more, without an exponent."""
    if value is None:
        return "–"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def span(values):
    """From the lowest to the highest."""
    return f"{number(min(values))}–{number(max(values))}"


def median(values):
    """The median, or nothing where there is nothing."""
    return statistics.median(values) if values else None


def mebibytes(count):
    """Bytes as MiB."""
    return number(count / 2**20)


def floor_step(floor, own):
    """The floor's step, with the quicker Gramian and combination of libtorch's products and Truce's kernels."""
    parts, others = floor["parts"], own.get("parts", {})
    saved = sum(max(0, parts[name] - others[name]) for name in ("gramian", "combination") if name in others)
    return {"milliseconds": floor["whole"] - saved}


def passes_step(plain, tasks):
    """A step that is equal weighting's but for K + 0.3 backward passes."""
    parts = plain["parts"]
    return {"milliseconds": parts["forward"] + (tasks + 0.3) * parts["gradients"] + parts["optimizer"]}


def derived(rounds, tasks):
    """What the measured contenders are set beside, round by round."""
    found = {}
    if rounds.get("floor"):
        own = rounds.get("truce-cagrad") or [{}] * len(rounds["floor"])
        found["floor-step"] = [floor_step(*pair) for pair in zip(rounds["floor"], own)]
    if tasks and rounds.get("truce-ew"):
        found["passes-step"] = [passes_step(each, tasks) for each in rounds["truce-ew"]]
    return found


class Measured:
    """The measurements of a case, by contender and round."""

    def __init__(self, result, tasks=None):
        self.title, self.failures = result["title"], result["failures"]
        self.rounds = result["measured"] | derived(result["measured"], tasks)

    def has(self, *names):
        """Whether all of them were measured."""
        return all(self.rounds.get(name) for name in names)

    def times(self, name):
        """The medians of each round."""
        return [each["milliseconds"] for each in self.rounds.get(name, [])]

    def middle(self, name):
        """The median of the rounds' medians."""
        return median(self.times(name))

    def ratios(self, one, other):
        """One's median over the other's, round by round."""
        return [a / b for a, b in zip(self.times(one), self.times(other))]

    def part(self, name, part):
        """The median of a part over the rounds; nothing where the contender does not tell it."""
        return median([each["parts"][part] for each in self.rounds.get(name, []) if part in each.get("parts", {})])

    def largest(self, name, key):
        """The largest of some number of bytes over the rounds; nothing where it is not told."""
        return max((each[key] for each in self.rounds.get(name, []) if key in each), default=None)


def ratio_cells(measured, one, other):
    """The median ratio and its range."""
    ratios = measured.ratios(one, other)
    return [number(median(ratios)), span(ratios)] if ratios else ["–", "–"]


def failures(results):
    """What failed, as a list; nothing where nothing did."""
    lines = [f"- {result['title']}: `{name}` failed: {why}" for result in results for name, why in result["failures"].items()]
    return "\n".join(lines) + "\n" if lines else ""
