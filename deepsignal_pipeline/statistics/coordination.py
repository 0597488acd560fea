"""How often files would have several authors if authorship had nothing to do with files. Pure; counting does not belong here."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt


def sharing_probabilities(author_commits: Sequence[int], most_commits: int) -> list[float]:
    """Return the probability that a file of k commits has two authors or more, for k = 0 .. `most_commits`.

    The authors of a repository's N commits are permuted, all orders alike; `author_commits` tells how many each made.
    The k commits of a file are then any k of the N, and all by one author with probability sum_a C(n_a, k) / C(N, k).
    This is the mean that drawing permutations comes near to. Raises ValueError if k may
    exceed N.
    """
    total = sum(author_commits)
    if most_commits > total:
        raise ValueError(f"a file of {most_commits} commits in a repository of {total}")
    commits = np.array(sorted(author_commits), np.float64)
    alone: npt.NDArray[np.float64] = np.ones(len(commits))
    found = [0.0]
    for drawn in range(most_commits):
        # C(n, k + 1) / C(N, k + 1) = C(n, k) / C(N, k) x (n - k) / (N - k); below 0 nothing is left to draw
        alone = alone * np.maximum(commits - drawn, 0) / (total - drawn)
        found.append(1 - math.fsum(alone))
    return found
