"""Documentation/performance.md, from the results of one run."""

import goals
import kernels
import overheads
from cases import MANY_TASKS, NETWORKS, OF_ROWS_BYTES, PAIRS, ROWS, SAMPLES, STEPS, STREAMED_MEBIBYTES, quick, row_bytes
from goals import shown
from growth import Growth, bounds, floor
from tables import Measured, failures, mebibytes, median, number, ratio_cells, span, table

PARTS = ["forward", "gradients", "gramian", "weights", "combination", "optimizer"]
FLOOR_PARTS = ["products", "gramian", "combination", "forward", "optimizer"]
PHASED = ["truce-ew", "truce-cagrad", "truce-cagrad-one-by-one"]


def heading(results):
    """What was measured where, and how to read it."""
    machine, loads, others = results["machine"], results["loads"], later(results)
    lines = [
        "# Performance", "",
        f"Written by `Tools/bench-peers/run --write`{'' if others else ', all from one run'}. Every table shows medians: of the steps of a round, then of",
        "the rounds. In a round every contender of a case is measured once, in random order. Ratios are taken within a round; the",
        "range is that of the rounds. A step is forward, gradients, aggregation and Adam (PyTorch's by default); two threads, float32.", "",
        f"{machine['processor']} ({machine['vectors']}), {machine['cores']} cores, {machine['memory']}, {machine['system']}; "
        f"Truce at {machine['revision']}; PyTorch 2.13.0, TorchJD 0.18.0, LibMTL 1.1.5.", "",
        *others,
        "Cores that other programs kept busy, measured over a second before each part: "
        + ", ".join(f"{part} {'unknown' if load is None else load}" for part, load in loads.items()) + "."]
    if results["quick"]:
        lines += ["", "**Tiny sizes, one step each: this shows that everything runs, not how fast.**"]
    return "\n".join(lines) + "\n"


def later(results):
    """The parts that were measured in another run than the rest, at which commit."""
    own = results["machine"]["revision"]
    others = {part: revision for part, revision in results.get("revisions", {}).items() if revision != own}
    said = ", ".join(f"{part} at {revision}" for part, revision in others.items())
    return [f"Measured in another run, on the same machine: {said}.", ""] if said else []


def agreement(result):
    """The deviations, and the counts of parameters."""
    rows = [[f"`{name}`", tasks, parameters, f"{value:.1e}", "" if shipped is None else f"{shipped:.1e}"]
            for name, tasks, parameters, value, shipped in result["deviations"]]
    counts = [[title, f"{shared:,}", f"{whole:,}"] for title, shared, whole in result["counts"].values()]
    return "\n".join([
        "## The same results", "",
        "Before anything was timed: the directions of `truce aggregate` and of the public implementations from the same conflicting",
        "gradients, under the same conventions (CAGrad with c = 0.4, as an average; PCGrad with two tasks, where the order is no",
        "matter). The distance is relative to the direction's length and at most 1e-4, or nothing is timed. For it TorchJD's CAGrad is",
        "told to solve to 1e-14 and its UPGrad to regularise by 1e-10; as they are shipped, and timed, they are as far off as the last",
        "column says.", "",
        table(["peer", "K", "P", "distance", "as shipped"], rows) + failures([{"title": "aggregation", "failures": result["failures"]}]),
        "The networks have as many parameters in PyTorch as in Truce:", "",
        table(["network", "shared", "all"], counts)])


def step_case(case, result):
    """The times of a case, and the ratios beside their goals."""
    measured = Measured(result, case.tasks)
    names = [name for name in [*case.contenders, "floor-step", "passes-step"] if measured.has(name)]
    times = [[shown(name), number(measured.middle(name)), span(measured.times(name))] for name in names]
    ratios = []
    for pair in PAIRS:
        if measured.has(*pair):
            goal = case.goals.get(pair)
            cells = ratio_cells(measured, *pair)
            ratios.append([f"{shown(pair[0])} / {shown(pair[1])}", *cells, f"≤ {goal}" if goal else ""])
    return "\n".join([
        f"### {case.title}", "", table(["contender", "ms a step", "range"], times),
        table(["ratio", "median", "range", "goal"], ratios), failures([result])])


def steps(results):
    """A section for each case, then what they show together."""
    cases = [case for case in STEPS if case.key in results]
    measured = {case: Measured(results[case.key], case.tasks) for case in cases}
    sections = ["## A training step", "", overview(measured)] + [step_case(case, results[case.key]) for case in cases]
    return "\n".join(sections + [phases(measured), floors(measured), walks(measured), layouts(measured),
                                 memory(measured), streams(measured)])


def overview(measured):
    """The ratios of all cases, with their goals."""
    pairs = [pair for pair in PAIRS if any(values.has(*pair) for values in measured.values())]
    lines = []
    for case, values in measured.items():
        cells = [ratio_cells(values, *pair)[0] for pair in pairs]
        goals = [case.goals.get(pair) for pair in pairs]
        lines.append([case.title, *[f"{cell} (≤ {goal})" if goal and cell != "–" else cell for cell, goal in zip(cells, goals)]])
    heads = ["case", *[f"{shown(one)} / {shown(other)}" for one, other in pairs]]
    return "\n".join(["Ratios of medians, goals in brackets:", "", table(heads, lines)])


def phases(measured):
    """Where Truce's time goes."""
    rows = []
    for case, values in measured.items():
        for name in PHASED:
            if values.has(name):
                rows.append([case.title, shown(name), *[number(values.part(name, part)) for part in PARTS]])
    return "\n".join(["### Where Truce's time goes", "", "Milliseconds of each part of a step.", "",
                      table(["case", "contender", *PARTS], rows, words=2)])


def floors(measured):
    """What the MLP's step cannot do without."""
    rows = [[case.title, *[number(values.part("floor", part)) for part in FLOOR_PARTS]]
            for case, values in measured.items() if values.has("floor")]
    return "\n".join([
        "### The floor of the MLP", "",
        "libtorch's products on buffers that are there already, in the same rounds: the data gradients of all tasks in one product a",
        "layer, the weight gradients in a batched product that writes the rows, the rows' Gramian and combination; PyTorch's forward",
        "pass and fused Adam beside them. Masks of ReLU and sums of biases are not in it. Milliseconds. Where the ratios above speak of the",
        "floor, Gramian and combination are the quicker of these and Truce's.", "",
        table(["case", *FLOOR_PARTS], rows)])


def walks(measured):
    """One walk for all tasks against a backward pass each."""
    rows = []
    for case, values in measured.items():
        pair = "truce-cagrad", "truce-cagrad-one-by-one"
        if values.has(*pair):
            rows.append([case.title, *[number(values.middle(name)) for name in pair], *ratio_cells(values, *pair)])
    return "\n".join(["### All tasks in one walk, or one by one", "", "CAGrad's step, milliseconds.", "",
                      table(["case", "together", "one by one", "ratio", "range"], rows)])


def layouts(measured):
    """Pictures channel by channel, or with a pixel's channels together."""
    rows, pair = [], ("torch-ew-channels-last", "torch-ew")
    for case, values in measured.items():
        if values.has(*pair):
            rows.append([case.title, *[number(values.middle(name)) for name in pair], *ratio_cells(values, *pair)])
    if not rows:
        return ""
    return "\n".join([
        "### Layouts of pictures", "",
        "Truce keeps a picture's channels apart, as PyTorch does by default. PyTorch's equal-weighting step with a pixel's channels side by",
        "side (`channels_last`) beside that, milliseconds: what the other layout would win or lose.", "",
        table(["case", "channels last", "channels apart", "ratio", "range"], rows)])


def memory(measured):
    """The bytes of tensors above equal weighting's, beside those of the rows."""
    rows = []
    for case, values in measured.items():
        peaks = [values.largest(name, "peakBytes") for name in PHASED]
        if None in peaks:
            continue
        matrix = row_bytes(case)
        shares = [number((peak - peaks[0]) / matrix) for peak in peaks[1:]]
        rows.append([case.title, *map(mebibytes, peaks), mebibytes(matrix), *shares])
    heads = ["case", "equal weighting", "CAGrad", "one by one", "4·K·P", "CAGrad above / 4·K·P", "one by one above / 4·K·P"]
    return "\n".join(["### Memory of Truce's step", "",
                      "The most that the tensors of the first two steps take at one time, MiB: rows, gradients, activations, Adam's moments. Above equal",
                      f"weighting's the goal is {OF_ROWS_BYTES} × the rows.", "",
                      table(heads, rows)])


def streams(measured):
    """The streaming source's memory beside the rows'."""
    rows = []
    for case, values in measured.items():
        names = "truce-ew", "truce-cagrad", "truce-cagrad-streamed"
        if all(values.has(name) for name in names):
            plain, *peaks = [values.largest(name, "peakBytes") for name in names]
            rows.append([case.title, mebibytes(plain), *[mebibytes(max(peak - plain, 0)) for peak in peaks],
                         *ratio_cells(values, *names[2:], names[1])])
    if not rows:
        return ""
    return "\n".join([
        "### Streamed gradients", "",
        "`gradient_memory: stream` never holds all rows. What a step's tensors take at most above equal weighting's, MiB, and its time",
        "over that with all rows. It pays where a layer's activations are smaller than its weights: it holds those of all tasks.", "",
        table(["case", "equal weighting", "rows above", "streamed above", "time", "range"], rows)])


def many(results):
    """Training many tasks on a large network."""
    lines, plain = [], None
    for case in MANY_TASKS:
        measured = Measured(results[case.key])
        for name in case.contenders:
            if not measured.has(name):
                continue
            plain = plain or measured.middle(name)
            lines.append([case.title, shown(name), *[mebibytes(measured.largest(name, key)) for key in ("peakBytes", "processBytes")],
                          number(measured.middle(name) / 1e3), ratio_cells(measured, name, "truce-cagrad")[0]])
    heads = ["case", "contender", "tensors, MiB", "process, MiB", "s a step", "/ `truce-cagrad`"]
    return "\n".join([
        "## Many tasks", "",
        "What the tensors of two steps take at most, and the largest resident size of the whole process. The goal for",
        f"the streamed step is {STREAMED_MEBIBYTES:,} MiB, and 1.3 × the time of that with all rows. `truce train` streams by itself where the rows would",
        "take more than a quarter of the memory, and says so.", "", table(heads, lines, words=2), failures(results.values())])


def rows(results, sized):
    """The Gramian, the weights and the combination alone."""
    lines, peaks = [], results["peaks"]
    for case in map(sized, ROWS):
        if case.key not in results["cases"]:
            continue
        measured = Measured(results["cases"][case.key])
        reading, arithmetic = bounds(case, measured, peaks)
        lowest = floor(case, measured, peaks)
        own = measured.middle("truce")
        lines.append([
            f"{case.tasks} × {case.parameters:,}", case.threads, number(measured.part("truce", "gramian")),
            number(measured.part("truce", "weights")), number(measured.part("truce", "combination")), number(own),
            span(measured.times("truce")) if measured.has("truce") else "–", number(reading), number(arithmetic),
            number(own / lowest if own and lowest else None), number(measured.middle("torch-products")),
            *[cell for peer in ("torchjd-cagrad", "official-cagrad")
              for cell in (number(measured.middle(peer)), ratio_cells(measured, "truce", peer)[0])]])
    said = ", ".join(f"{value / 1e9:,.0f} Gflop/s on {threads} thread{'s' * (threads != '1')}" for threads, value in peaks.items())
    heads = ["K × P", "threads", "Gramian", "weights", "combination", "all", "range", "reading twice", "arithmetic", "all / floor",
             "libtorch's products", "TorchJD", "all / TorchJD", "authors", "all / authors"]
    return "\n".join([
        "## Gramian and combination alone", "",
        "Milliseconds. Reading twice: libtorch's sum of the matrix, two times, in the same rounds. Arithmetic: K(K+1)/2 + K products",
        f"of P numbers at the peak of a large matrix product ({said or 'not measured'}). The floor is the larger of the two; the goal is 1.3 × it.",
        "libtorch's products: `mm` and `mv` on buffers that are there already. TorchJD: CAGrad of the matrix, its solver and all. Authors:",
        "the same as CAGrad's own program does it, a product, SLSQP on the dual, a combination.", "",
        table(heads, lines), failures(results["cases"].values())])


def samples(results):
    """The products of the gradients of single examples."""
    lines = []
    for case in SAMPLES:
        measured = Measured(results[case.key])
        peer = measured.largest("torchjd-autogram", "residentBytes")
        for name in case.contenders:
            if measured.has(name):
                bytes = measured.largest(name, "residentBytes")
                lines.append([case.title, shown(name), number(measured.middle(name)), *ratio_cells(measured, name, "torchjd-autogram"),
                              mebibytes(bytes), number(bytes / peer if peer else None)])
    heads = ["case", "contender", "ms", "/ TorchJD", "range", "MiB", "/ TorchJD"]
    return "\n".join([
        "## The gradients of single examples", "",
        "The products of the gradients of a batch's examples with respect to the trunk, each example by itself, for one task: by Truce",
        "from one pass layer by layer (without the pass that makes sure that no example depends on another), by a backward pass for each, and by",
        "TorchJD's autogram engine. Normalisations in evaluation; forward pass and all. Each in a process of its own; memory is what the",
        "process's largest resident size grew by. The goal is 0.5 × TorchJD's time and memory.", "",
        table(heads, lines, words=2), failures(results.values())])


def busy(results, quiet):
    """Beside four loops that compute without end."""
    lines = []
    for key, result in results.items():
        measured, alone = Measured(result), Measured(quiet[key]) if key in quiet else None
        for name in measured.rounds:
            contender, _, how = name.partition(" ")
            usual = "GOMP_SPINCOUNT=10000, as Truce sets it" if contender.startswith("truce") else "OpenMP's own"
            waits = {"": usual, "unbounded": "OpenMP's own", "bounded": "GOMP_SPINCOUNT=10000"}[how]
            lines.append([measured.title, f"`{contender}`", waits, number(measured.middle(name)),
                          span(measured.times(name)), number(alone.middle(contender) if alone else None)])
    return "\n".join([
        "## On a busy machine", "", "Milliseconds a step beside four loops that compute without end, and the same step's in the quiet rounds above.",
        "[waiting.md](waiting.md) has other bounds on how long idle threads spin.", "",
        table(["case", "contender", "how threads wait", "busy", "range", "quiet"], lines, words=3), failures(results.values())])


def networks(results):
    """Equal weighting beside PyTorch."""
    lines = []
    for case in NETWORKS:
        if case.key not in results:
            continue
        measured = Measured(results[case.key])
        names = ["truce-ew", "torch-ew"]
        peaks = [measured.largest(name, "residentBytes") for name in names]
        times = [number(measured.middle(name) / 1e3 if measured.has(name) else None) for name in names]
        memory = [number(peak / 2**20 if peak else None) for peak in peaks]
        share = number(peaks[0] / peaks[1] if all(peaks) else None)
        lines.append([case.title, *times, *ratio_cells(measured, *names), *memory, share])
    heads = ["network", "Truce, s a step", "PyTorch, s a step", "ratio", "range", "Truce, MiB", "PyTorch, MiB", "ratio"]
    return "\n".join([
        "## Networks under equal weighting", "",
        "The same network in Truce and in PyTorch, each in a process of its own. Memory is what the process's largest resident size",
        "grew by from before the network was made. Architectures over a trunk have Truce's default options: 1 + 2 experts are one of all",
        "tasks and one of each task's own; LTB is in its first epochs, when every column goes on with the sum of all.", "",
        table(heads, lines), failures(results.values())])


def page(results):
    """The whole page; parts that were not measured are left out."""
    parts, sized = results["parts"], quick if results["quick"] else lambda case: case
    sections = [heading(results)]
    if "steps" in parts or "rows" in parts:
        sections.append(goals.section(parts, sized))
    if "agreement" in parts:
        sections.append(agreement(parts["agreement"]))
    if "steps" in parts:
        sections.append(steps(parts["steps"]))
    if "many" in parts:
        sections.append(many(parts["many"]))
    if "rows" in parts:
        sections.append(rows(parts["rows"], sized))
    if "growth" in parts:
        sections.append(Growth(parts["growth"], sized).section())
    if "samples" in parts:
        sections.append(samples(parts["samples"]))
    if "kernels" in parts:
        sections.append(kernels.section(parts["kernels"]))
    if "busy" in parts:
        sections.append(busy(parts["busy"], {} if results["quick"] else parts.get("steps", {})))
    if "networks" in parts:
        sections.append(networks(parts["networks"]))
    if parts.get("overheads"):
        sections.append(overheads.section(parts["overheads"]))
    text = "\n".join(sections)
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text.rstrip("\n") + "\n"


def picture(results):
    """The picture that the page shows; nothing where growth was not measured."""
    if "growth" not in results["parts"]:
        return None
    return Growth(results["parts"]["growth"], quick if results["quick"] else lambda case: case).drawing()
