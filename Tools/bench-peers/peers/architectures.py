"""What is made of trunks: the architectures by Truce's names, with as many experts as Truce has by itself."""

import math

from attention import MTAN, SegNetMTAN
from columns import LTB, CrossStitch, SegNetCrossStitch
from mixtures import CGC, PLE, DSelectK, MMoE
from segnet import SegNet


def attended(trunk, tasks):
    """The attention network that goes with a trunk."""
    return (SegNetMTAN if isinstance(trunk, SegNet) else MTAN)(trunk, tasks)


def stitched(columns):
    """The cross-stitch network that goes with a trunk."""
    return (SegNetCrossStitch if isinstance(columns[0], SegNet) else CrossStitch)(columns)


# From what makes a trunk, the number of tasks and an example's shape.
ARCHITECTURES = {
    "hard-sharing": lambda make, tasks, shape: make(),
    "mtan": lambda make, tasks, shape: attended(make(), tasks),
    "cross-stitch": lambda make, tasks, shape: stitched([make() for _ in range(tasks)]),
    "ltb": lambda make, tasks, shape: LTB([make() for _ in range(tasks)]),
    "mmoe": lambda make, tasks, shape: MMoE([make() for _ in range(3)], tasks, math.prod(shape)),
    "cgc": lambda make, tasks, shape: CGC([make()], [[make()] for _ in range(tasks)], math.prod(shape)),
    "ple": lambda make, tasks, shape: PLE([make()], [[make()] for _ in range(tasks)], shape),
    "dselect-k": lambda make, tasks, shape: DSelectK([make() for _ in range(4)], tasks, math.prod(shape), chosen=2),
}
