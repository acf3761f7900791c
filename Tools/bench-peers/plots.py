"""Log-log plots with fitted exponents, as one SVG that is legible on light and on dark pages."""

import math
from html import escape

WIDTH, HEIGHT, LEFT, TOP, GAP = 250, 220, 62, 46, 84
STYLE = """
  text { font: 12px Helvetica, Arial, sans-serif; fill: #24292f } .small { font-size: 11px; fill: #57606a }
  .title { font-weight: bold } .frame { fill: none; stroke: #8c959f } .grid { stroke: #8c959f; stroke-opacity: .25 }
  .line { fill: none; stroke-width: 2 } .first { stroke: #0550ae; fill: #0550ae } .second { stroke: #bc4c00; fill: #bc4c00 }
  .third { stroke: #6e7781; fill: #6e7781 } .line.third { stroke-dasharray: 5 3 } .line { fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #9da7b3 } .first { stroke: #6cb6ff; fill: #6cb6ff }
    .second { stroke: #f0883e; fill: #f0883e } .third { stroke: #9da7b3; fill: #9da7b3 } .line { fill: none }
  }"""


def exponent(points):
    """The slope of the straight line through the points' logarithms, by least squares; nothing for fewer than two."""
    if len({x for x, _ in points}) < 2:
        return None
    logs = [(math.log(x), math.log(y)) for x, y in points]
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs))
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def decades(low, high):
    """The powers of ten from one number to another."""
    return [10.0 ** power for power in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]


def said(value):
    """A mark of an axis: 0.1, 10, 10⁶."""
    power = round(math.log10(value))
    return f"{value:g}" if -3 <= power <= 3 else "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


class Panel:
    """One plot: a title, the name of what grows, and series of (x, y), each with a name."""

    def __init__(self, title, axis, variable, series):
        self.title, self.axis, self.variable = title, axis, variable
        self.series = [(name, points) for name, points in series if points]
        xs, ys = zip(*(point for _, points in self.series for point in points))
        self.spans = (min(xs) / 1.15, max(xs) * 1.15), (10 ** math.floor(math.log10(min(ys))), 10 ** math.ceil(math.log10(max(ys))))

    def place(self, x, y):
        """Where a point lies in the frame."""
        shares = [math.log(value / low) / math.log(high / low) for value, (low, high) in zip((x, y), self.spans)]
        return shares[0] * WIDTH, HEIGHT - shares[1] * HEIGHT

    def marks(self):
        """The grid with its numbers."""
        (left, right), (low, high) = self.spans
        for x in decades(left, right):
            at = self.place(x, low)[0]
            yield f'<path class="grid" d="M{at:.1f} 0V{HEIGHT}"/><text class="small" x="{at:.1f}" y="{HEIGHT + 16}" text-anchor="middle">{said(x)}</text>'
        for y in decades(low, high):
            at = self.place(left, y)[1]
            yield f'<path class="grid" d="M0 {at:.1f}H{WIDTH}"/><text class="small" x="-6" y="{at + 4:.1f}" text-anchor="end">{said(y)}</text>'

    def curves(self):
        """The series and their legend below the frame."""
        for place, (name, points) in enumerate(self.series):
            # What cannot be less is drawn alike in all panels.
            kind = "third" if name.startswith("floor") else ("first", "second")[place]
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(*point) for point in points))
            yield f'<polyline class="line {kind}" points="{line}"/>'
            yield from (f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in (self.place(*point) for point in points))
            at, slope = HEIGHT + 54 + 18 * place, exponent(points)
            power = f": {self.variable}^{slope:.2f}" if slope is not None else ""
            yield f'<path class="line {kind}" d="M0 {at - 4}H22"/><text x="28" y="{at}">{escape(name + power)}</text>'

    def drawing(self, left):
        """The panel, so far from the left."""
        return "\n".join([
            f'<g transform="translate({left} {TOP})">', f'<text class="title" x="0" y="-22">{escape(self.title)}</text>',
            '<text class="small" x="0" y="-7">ms</text>', *self.marks(), f'<rect class="frame" width="{WIDTH}" height="{HEIGHT}"/>',
            f'<text class="small" x="{WIDTH}" y="{HEIGHT + 34}" text-anchor="end">{escape(self.axis)}</text>', *self.curves(), "</g>"])


def picture(panels):
    """Panels side by side."""
    step = LEFT + WIDTH + GAP - LEFT
    width, height = LEFT + step * len(panels) - GAP + 40, TOP + HEIGHT + 54 + 18 * 3
    drawings = [panel.drawing(LEFT + step * place) for place, panel in enumerate(panels)]
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">',
                      f"<style>{STYLE}</style>", *drawings, "</svg>"]) + "\n"
