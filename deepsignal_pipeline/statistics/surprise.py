"""How far a change lies from the changes before it. What a change is, and when one is left out, the caller decides."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, sqrt
from typing import NamedTuple

from scipy.special import stdtr

FEWEST_CHANGES = 6
"""With fewer earlier changes nothing is said: their spread would be mostly chance."""


class Surprise(NamedTuple):
    """Distance in standard deviations of a next change, signed, and the two-sided p-value of Student's t(k - 1)."""

    distance: float
    p_value: float


def surprise(change: float, earlier: Sequence[float]) -> Surprise | None:
    """Set a change against the k changes before it as if they were drawn alike: (change - mean) / (sd sqrt(1 + 1/k)).

    The change itself is not among the earlier ones. None with fewer than FEWEST_CHANGES, or if they are all the same.
    """
    count = len(earlier)
    if count < FEWEST_CHANGES:
        return None
    mean = fsum(earlier) / count
    deviation = sqrt(fsum((value - mean) ** 2 for value in earlier) / (count - 1))
    if deviation == 0:
        return None
    distance = (change - mean) / (deviation * sqrt(1 + 1 / count))
    return Surprise(distance, 2 * float(stdtr(count - 1, -abs(distance))))
