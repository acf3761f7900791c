"""What is measured: networks and sizes, contenders, goals."""

from dataclasses import dataclass, field, replace

# The streaming source costs a backward pass more and holds the largest layer's rows.
STREAMED = ["truce-cagrad-streamed"]
STREAM_GOAL = {("truce-cagrad-streamed", "truce-cagrad"): 1.3}
OWN = ["truce-ew", "truce-cagrad", "truce-upgrad", "truce-pcgrad", "truce-cagrad-one-by-one"]
# PyTorch's step with pictures and filters laid out channel by channel within a pixel.
LAST = ["torch-ew-channels-last"]
PEERS = ["torch-ew", "torchjd-cagrad", "torchjd-upgrad", "libmtl-pcgrad"]
# LibMTL 1.1.5's CAGrad reshapes to three tasks and cannot run others.
PEERS_OF_THREE = PEERS + ["libmtl-cagrad"]
PAIRS = [
    ("truce-ew", "torch-ew"), ("truce-cagrad", "torchjd-cagrad"), ("truce-cagrad", "libmtl-cagrad"),
    ("truce-upgrad", "torchjd-upgrad"), ("truce-pcgrad", "libmtl-pcgrad"), ("truce-cagrad", "floor-step"),
    ("truce-cagrad", "passes-step"), ("truce-cagrad", "truce-ew"), ("truce-cagrad-streamed", "truce-cagrad")]


@dataclass(frozen=True, eq=False)
class StepCase:
    """A network with so many tasks and examples, and how often its step is taken."""

    key: str
    title: str
    network: str
    tasks: int
    batch: int
    size: tuple = ()
    options: dict = field(default_factory=dict)
    architecture: str = "hard-sharing"
    steps: int = 15
    warm_up: int = 5
    # At most so many rounds: cases whose steps take seconds are measured less often.
    rounds: int = 99
    contenders: tuple = tuple(OWN + PEERS)
    goals: dict = field(default_factory=dict)

    @property
    def made(self):
        """What the worker makes the network from."""
        return dict(network=self.network, architecture=self.architecture, tasks=self.tasks, size=list(self.size),
                    options=self.options)

    def request(self, contender, threads=2):
        """What the worker is asked for."""
        kind = "floor" if contender == "floor" else "step"
        method = contender.removesuffix("-channels-last")
        return dict(kind=kind, **self.made, batch=self.batch, method=method, steps=self.steps, warm_up=self.warm_up, threads=threads,
                    layout="plain" if method == contender else "channels-last")

    def arguments(self, contender, threads=2):
        """What the engine is told."""
        method, _, mode = contender.removeprefix("truce-").partition("-")
        numbers = {"architecture": self.architecture, "tasks": self.tasks, "batch": self.batch, "method": method,
                   "mode": mode or "together", "steps": self.steps, "warm-up": self.warm_up, "threads": threads}
        if self.size:
            numbers["size"] = "x".join(map(str, self.size))
        words = [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
        options = [word for name, value in self.options.items() for word in ("--trunk-option", f"{name}={value}")]
        return ["benchmark", "step", self.network, *words, *options]


@dataclass(frozen=True, eq=False)
class RowsCase:
    """K gradients of P numbers, on so many threads."""

    key: str
    tasks: int
    parameters: int
    threads: int
    steps: int = 3
    rounds: int = 3
    contenders: tuple = ("truce", "reading-twice", "torch-products", "torchjd-cagrad", "official-cagrad")

    @property
    def title(self):
        return f"K = {self.tasks}, P = {self.parameters:,}, {self.threads} thread" + "s" * (self.threads > 1)

    def request(self, contender):
        return dict(kind="rows", tasks=self.tasks, parameters=self.parameters, threads=self.threads, method=contender,
                    steps=self.steps)

    def arguments(self, contender):
        numbers = {"tasks": self.tasks, "parameters": self.parameters, "threads": self.threads, "steps": self.steps}
        return ["benchmark", "rows", *[word for name, value in numbers.items() for word in (f"--{name}", str(value))]]


@dataclass(frozen=True, eq=False)
class SamplesCase:
    """A network, and a batch of examples whose gradients' products are wanted, each by itself."""

    key: str
    title: str
    network: str
    size: tuple = ()
    options: dict = field(default_factory=dict)
    batch: int = 64
    steps: int = 3
    warm_up: int = 1
    rounds: int = 2
    contenders: tuple = ("truce", "truce-loop", "torchjd-autogram")

    def request(self, contender):
        return dict(kind="samples", network=self.network, batch=self.batch, size=list(self.size), options=self.options,
                    steps=self.steps, warm_up=self.warm_up)

    def arguments(self, contender):
        numbers = {"batch": self.batch, "steps": self.steps, "warm-up": self.warm_up, "mode": "loop" if "loop" in contender else "layers"}
        numbers |= {"size": "x".join(map(str, self.size))} if self.size else {}
        words = [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
        options = [word for name, value in self.options.items() for word in ("--trunk-option", f"{name}={value}")]
        return ["benchmark", "samples", self.network, *words, *options]


def mlp(tasks, batch, goal, of_floor, **more):
    """The MLP, with the floor beside the peers."""
    goals = {("truce-cagrad", "torchjd-cagrad"): goal, ("truce-cagrad", "floor-step"): of_floor} | STREAM_GOAL
    return StepCase(f"mlp-{tasks}-{batch}", f"MLP 39-400-400-400, K = {tasks} heads of 4, batch {batch}", "mlp", tasks,
                    batch, contenders=tuple(OWN + STREAMED + PEERS + ["floor"]), goals=goals, **more)


# So many backward passes of equal weighting's: one for each task, and what the method may cost beside them.
PASSES_GOAL = {("truce-cagrad", "passes-step"): 1}
LENET_GOALS = {("truce-cagrad", "torchjd-cagrad"): 0.60, ("truce-upgrad", "torchjd-upgrad"): 0.60,
               ("truce-pcgrad", "libmtl-pcgrad"): 0.70} | PASSES_GOAL
NEVER_SLOWER = PASSES_GOAL | {
    ("truce-cagrad", "torchjd-cagrad"): 1, ("truce-upgrad", "torchjd-upgrad"): 1,
    ("truce-pcgrad", "libmtl-pcgrad"): 1, ("truce-cagrad", "libmtl-cagrad"): 1}
LARGE_STEM = {"stem": "large"}

STEPS = [
    mlp(10, 128, 0.30, 1.25),
    mlp(50, 128, 0.40, 1.25, steps=4, warm_up=1),
    mlp(10, 1280, 0.65, 1.25, steps=4, warm_up=1),
    mlp(50, 1280, 0.85, 1.1, steps=2, warm_up=1),
    StepCase("lenet", "shrunk LeNet on 36×36, K = 2, batch 256", "lenet", 2, 256, goals=LENET_GOALS,
             contenders=tuple(OWN + PEERS + LAST)),
    StepCase("resnet18-2", "ResNet-18 on 64×64, K = 2, batch 32", "resnet18", 2, 32, (64, 64), LARGE_STEM, steps=4,
             warm_up=1, contenders=tuple(OWN + PEERS + LAST), goals=NEVER_SLOWER),
    StepCase("resnet18-10", "ResNet-18 on 64×64, K = 10, batch 32", "resnet18", 10, 32, (64, 64), LARGE_STEM, steps=2,
             warm_up=1, contenders=tuple(OWN + STREAMED + PEERS), goals=NEVER_SLOWER | STREAM_GOAL),
    StepCase("segnet-4", "SegNet at a quarter of the width on 96×128, K = 3, batch 4", "segnet", 3, 4, (96, 128),
             {"width": 4}, steps=4, warm_up=1, contenders=tuple(OWN + PEERS_OF_THREE + LAST), goals=NEVER_SLOWER),
    StepCase("segnet", "SegNet on 96×128, K = 3, batch 4", "segnet", 3, 4, (96, 128), steps=2, warm_up=1,
             contenders=tuple(OWN + PEERS_OF_THREE + LAST), goals=NEVER_SLOWER),
]

SHAPES = [(2, 1_000_000), (3, 25_000_000), (10, 10_000_000), (50, 4_000_000), (100, 1_000_000)]
ROWS = [RowsCase(f"{tasks}-{parameters}-{threads}", tasks, parameters, threads) for tasks, parameters in SHAPES for threads in (1, 2)]

# From few tasks to many at one P, and from a small network to a large one at one K; the MLP's step as its heads grow.
GROWING_TASKS, GROWING_PARAMETERS = (2, 5, 10, 20, 50, 100), (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 50_000_000)
USUAL_TASKS, USUAL_PARAMETERS = 10, 1_000_000
GROWING_SHAPES = sorted({(tasks, USUAL_PARAMETERS) for tasks in GROWING_TASKS}
                        | {(USUAL_TASKS, parameters) for parameters in GROWING_PARAMETERS})
GROWING_ROWS = [RowsCase(f"{tasks}-{parameters}", tasks, parameters, 2, contenders=("truce", "reading-twice"))
                for tasks, parameters in GROWING_SHAPES]
GROWING_STEPS = [replace(mlp(tasks, 128, None, None, steps=4, warm_up=1, rounds=2), goals={},
                         contenders=("truce-ew", "truce-cagrad", "floor")) for tasks in GROWING_TASKS]

# All rows would be 1.7 GiB. One step each: it takes a minute.
STREAMED_MEBIBYTES = 2048
MANY_TASKS = [StepCase("resnet18-40", "ResNet-18 on 64×64, K = 40, batch 32", "resnet18", 40, 32, (64, 64), LARGE_STEM, steps=1,
                       warm_up=0, rounds=1, contenders=("truce-ew", "truce-cagrad", "truce-cagrad-streamed"), goals=STREAM_GOAL)]

SAMPLES = [SamplesCase("lenet", "shrunk LeNet on 36×36, 64 examples", "lenet"),
           SamplesCase("resnet18", "ResNet-18 on 64×64, 64 examples", "resnet18", (64, 64), LARGE_STEM, steps=1, rounds=1)]

EQUAL = ("truce-ew", "torch-ew")


def over_resnet(key, title):
    """An architecture over ResNet-18."""
    return StepCase(f"resnet18-{key}", f"{title}, 64×64, K = 2, batch 32", "resnet18", 2, 32, (64, 64), LARGE_STEM,
                    architecture=key)


NETWORKS = [
    StepCase("segnet", "SegNet, 96×128, K = 3, batch 4", "segnet", 3, 4, (96, 128)),
    StepCase("deeplabv3", "DeepLabV3, 96×128, K = 3, batch 4", "deeplabv3", 3, 4, (96, 128)),
    StepCase("resnet18", "ResNet-18, 64×64, K = 2, batch 32", "resnet18", 2, 32, (64, 64), LARGE_STEM),
    StepCase("resnet50", "ResNet-50, 64×64, K = 2, batch 16", "resnet50", 2, 16, (64, 64), LARGE_STEM),
    StepCase("celeba-cnn", "CelebA CNN, 64×64, K = 40, batch 32", "celeba-cnn", 40, 32, (64, 64)),
    StepCase("segnet-mtan", "SegNet-MTAN, 96×128, K = 3, batch 4", "segnet", 3, 4, (96, 128), architecture="mtan"),
    StepCase("segnet-stan", "STAN, 96×128, batch 4", "segnet", 1, 4, (96, 128), architecture="mtan"),
    StepCase("segnet-cross-stitch", "cross-stitch SegNet, 96×128, K = 3, batch 2", "segnet", 3, 2, (96, 128),
             architecture="cross-stitch"),
    over_resnet("mtan", "MTAN over ResNet-18"),
    over_resnet("cross-stitch", "cross-stitch ResNet-18"),
    over_resnet("ltb", "LTB over ResNet-18"),
    over_resnet("mmoe", "MMoE of 3 ResNet-18"),
    over_resnet("cgc", "CGC of 1 + 2 ResNet-18"),
    over_resnet("ple", "PLE of 1 + 2 ResNet-18"),
    over_resnet("dselect-k", "DSelect-k, 2 of 4 ResNet-18"),
]
NETWORKS = [replace(case, contenders=EQUAL, steps=3, warm_up=1, rounds=2) for case in NETWORKS]

BUSY = [replace(case, steps=4, warm_up=1, rounds=2, goals={},
                contenders=("truce-cagrad", "truce-cagrad unbounded", "torchjd-cagrad", "torchjd-cagrad bounded"))
        for case in STEPS if case.key in ("mlp-10-128", "lenet")]

# The cases whose time is sampled: small networks, and the largest product.
PROFILED = [replace(case, rounds=1, goals={}, contenders=("truce-cagrad", "torchjd-cagrad"))
            for case in STEPS if case.key in ("mlp-10-128", "mlp-50-128", "mlp-10-1280", "mlp-50-1280", "lenet", "segnet-4")]

# What a step's tensors may take above equal weighting's, over the bytes of the rows.
OF_ROWS_BYTES = 1.1

# Shared parameters, and all: published counts, which Truce's own networks are tested against.
RESNET18, RESNET_HEAD, SEGNET_HEADS = 11_176_512, 5130, 111_889
# Of one task: the gate of an expert before the stem, the gates of one before all stages, the attention to all stages.
EXPERT_GATE, STAGE_GATES, ATTENTION = 3 * 64 * 64 + 1, 3 * 64 * 64 + 2 * 64 * 16 ** 2 + 128 * 8 ** 2 + 256 * 4 ** 2 + 5, 1_046_144
COUNTS = {
    "mlp-10-128": (336_800, 336_800 + 10 * 1604), "lenet": (14_730, 14_730 + 2 * 510),
    "resnet18-2": (RESNET18, RESNET18 + 2 * RESNET_HEAD), "segnet": (24_943_296, 24_943_296 + SEGNET_HEADS),
    "segnet-4": (1_563_312, 1_570_561), "deeplabv3": (23_508_032, 71_888_721),
    "resnet50": (23_508_032, 23_508_032 + 2 * 20490), "celeba-cnn": (5_176_640, 5_197_160),
    "segnet-mtan": (35_163_456, 44_229_073), "segnet-stan": (35_163_456, 38_185_805),
    "segnet-cross-stitch": (74_829_915, 74_829_915 + SEGNET_HEADS),
    "resnet18-mtan": (15_998_784, 15_998_784 + 2 * (ATTENTION + RESNET_HEAD)),
    "resnet18-cross-stitch": (2 * RESNET18 + 16, 2 * (RESNET18 + RESNET_HEAD) + 16),
    "resnet18-ltb": (2 * RESNET18 + 24, 2 * (RESNET18 + RESNET_HEAD) + 24),
    "resnet18-mmoe": (3 * RESNET18, 3 * RESNET18 + 2 * (3 * EXPERT_GATE + RESNET_HEAD)),
    "resnet18-cgc": (RESNET18, 3 * RESNET18 + 2 * (2 * EXPERT_GATE + RESNET_HEAD)),
    "resnet18-ple": (RESNET18, 3 * RESNET18 + 2 * (2 * STAGE_GATES + RESNET_HEAD)),
    # Two choices of two digits each, and a share for each choice.
    "resnet18-dselect-k": (4 * RESNET18, 4 * RESNET18 + 2 * (6 * EXPERT_GATE + RESNET_HEAD)),
}


def row_bytes(case):
    """The bytes of all tasks' gradients."""
    key = "mlp-10-128" if case.network == "mlp" else "resnet18-2" if case.network == "resnet18" else case.key
    return 4 * case.tasks * COUNTS[key][0]


def quick(case):
    """The same at a tiny size: that everything runs, not how fast."""
    if isinstance(case, RowsCase):
        return replace(case, parameters=case.parameters // 1000, steps=1, rounds=1)
    small = replace(case, batch=min(case.batch, 4), size=(32, 32) if case.size else (), steps=1, warm_up=0, rounds=1)
    # Forty tasks' rows of a large network are too much for a machine that only checks.
    return replace(small, tasks=10) if case in MANY_TASKS else small
