"""How times grow with K and P: the section of the page, and its picture."""

from cases import GROWING_ROWS, GROWING_STEPS, GROWING_TASKS, USUAL_PARAMETERS, USUAL_TASKS
from plots import Panel, exponent, picture
from tables import Measured, failures, number, table

PICTURE = "performance-growth.svg"
WHOLE, FLOOR = "Gramian, weights, combination", "floor"


def bounds(case, measured, peaks):
    """Reading the matrix twice, and its operations at the measured peak, in milliseconds; nothing where not measured."""
    operations = case.parameters * case.tasks * (case.tasks + 1) + 2 * case.tasks * case.parameters
    return measured.middle("reading-twice"), operations / peaks[str(case.threads)] * 1e3 if peaks else None


def floor(case, measured, peaks):
    """The larger of the two."""
    return max((each for each in bounds(case, measured, peaks) if each), default=None)


class Growth:
    """The numbers of the part, by what grows."""

    def __init__(self, results, sized):
        self.results = results
        self.rows = {(whole.tasks, whole.parameters): (sized(whole), Measured(results["rows"][whole.key])) for whole in GROWING_ROWS}
        self.steps = {case.tasks: Measured(results["steps"][case.key]) for case in GROWING_STEPS}

    def of_rows(self, keys, variable):
        """The own times and the floor's, by what grows: 0 for K, 1 for P."""
        own, lowest = [], []
        for key in sorted(keys):
            case, measured = self.rows[key]
            x = (case.tasks, case.parameters)[variable]
            own += [(x, measured.middle("truce"))] if measured.has("truce") else []
            least = floor(case, measured, self.results["peaks"])
            lowest += [(x, least)] if least else []
        return [(WHOLE, own), (FLOOR, lowest)]

    def of_steps(self):
        """The MLP's steps."""
        names = {"truce-cagrad": "CAGrad", "truce-ew": "equal weighting", "floor-step": "floor + forward + optimizer"}
        return [(said, [(tasks, each.middle(name)) for tasks, each in self.steps.items() if each.has(name)])
                for name, said in names.items()]

    def groups(self):
        """What grows, over which tasks and parameters, and the series."""
        by_tasks = [key for key in self.rows if key[1] == USUAL_PARAMETERS]
        by_parameters = [key for key in self.rows if key[0] == USUAL_TASKS]
        return [(f"P = {USUAL_PARAMETERS:,}", "tasks K", "K", self.of_rows(by_tasks, 0)),
                (f"K = {USUAL_TASKS}", "parameters P", "P", self.of_rows(by_parameters, 1)),
                ("MLP step, batch 128", "tasks K", "K", self.of_steps())]

    def drawing(self):
        """The picture of all that grows."""
        return picture([Panel(*group) for group in self.groups() if any(points for _, points in group[3])])

    def section(self):
        """The section of the page."""
        lines = []
        for title, axis, variable, series in self.groups():
            for name, points in series:
                if points:
                    slope = exponent(points)
                    lines.append([title, name, f"{points[0][0]:,} → {points[-1][0]:,}", number(points[0][1]), number(points[-1][1]),
                                  "–" if slope is None else f"{variable}^{slope:.2f}"])
        parts = [[f"{case.tasks} × {case.parameters:,}", *[number(measured.part("truce", part)) for part in ("gramian", "weights", "combination")],
                  number(measured.middle("truce")), number(floor(case, measured, self.results["peaks"]))]
                 for case, measured in self.rows.values()]
        return "\n".join([
            "## As tasks and parameters grow", "",
            f"The Gramian of random rows, CAGrad's weights and the combination, and steps of the MLP with {GROWING_TASKS[0]} to {GROWING_TASKS[-1]} heads; two threads.",
            "Exponents are those of a power law fitted to all points by least squares of the logarithms; the floor is as in the",
            "sections above.", "", f"![Times over K and P on logarithmic axes, beside the floor]({PICTURE})", "",
            table(["what", "series", "from → to", "first, ms", "last, ms", "grows as"], lines, words=3),
            table(["K × P", "Gramian", "weights", "combination", "all, ms", "floor"], parts),
            failures([*self.results["rows"].values(), *self.results["steps"].values()])])
