"""Made-up people and what they commit, drawn quarter by quarter with numpy: the contents of a synthetic lake.

Numbers only: which author, alias, repository and second. How they become tables is `synthetic_lake`'s affair. Shares follow
the embedded sample where it tells them: some 9 commits a person and quarter, some 20 an alias, most people in one quarter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter

Numbers = NDArray[np.int64]
Words = NDArray[np.uint64]

PLACES = 4
"""Repositories that a person may commit to: a home, another of its category, and two anywhere."""
NAMES = 3
"""Aliases that a person may have."""
BOTS, AGENTS, NOBODIES = 280, 20, 5
_BOT_SHARE, _NOBODY_SHARE = 0.06, 0.002
_ANCIENT = 24  # quarters before the first one, in which people arrived whom the first one finds there


@dataclass(frozen=True)
class Shape:
    """How large a lake is. Every quarter has the same number of commits, so that the cost of quarters can be compared."""

    commits: int = 1_000_000
    quarters: int = 24
    repositories: int = 5_000
    categories: int = 12
    seed: int = 7
    first: Quarter = FIRST_QUARTER

    def quarter_range(self) -> list[Quarter]:
        """Return the quarters of the lake, oldest first."""
        return [self.first.shift(n) for n in range(self.quarters)]


@dataclass(frozen=True)
class Drawn:
    """The commits of a quarter, one a place of each array.

    `alias` is author x NAMES + which of the names, `place` which of the author's repositories, `second` counts from the
    quarter's first instant. `original` is the commit of another repository of which this one is a copy, or -1.
    """

    alias: Numbers
    place: Numbers
    repository: Numbers
    second: Numbers
    is_merge: NDArray[np.bool_]
    original: Numbers
    has_coauthor: NDArray[np.bool_]

    @property
    def is_duplicate(self) -> NDArray[np.bool_]:
        """Whether another repository owns the commit."""
        return self.original >= 0


class People:
    """Everybody who ever commits: when they are there, how much they do and where."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        dice = np.random.default_rng(shape.seed)
        self.count = max(1_000, shape.commits // 14)
        self.authors = self.count + BOTS + AGENTS + NOBODIES
        self.category_of = _in_unequal_parts(dice, shape.categories, shape.repositories)
        self.catalogue = np.argsort(self.category_of, kind="stable")
        """The repositories in the catalogue's order: the first one of it owns a repeated commit."""
        self.arrival = dice.integers(-_ANCIENT, shape.quarters, self.count)
        self.stay = dice.geometric(0.5, self.count) * np.where(dice.random(self.count) < 0.08, 8, 1)
        # Zipf: the rank of a person, moved a little so that nobody makes a category alone
        self._weight = (dice.permutation(self.count) + 50.0) ** -0.8
        self._names = 1 + (dice.random(self.count) > 0.8) + (dice.random(self.count) > 0.9)
        self.places = self._drawn_places(dice)
        # A repository that was drawn twice is one place
        self._place = np.tile(np.arange(PLACES), (self.authors, 1)).astype(np.int8)
        for later in range(1, PLACES):
            for earlier in range(later - 1, -1, -1):
                self._place[self.places[:, later] == self.places[:, earlier], later] = earlier
        spread = dice.random(self.count)
        self._spread = 1 + (spread > 0.72) + 2 * (spread > 0.9)

    def quarter(self, number: int) -> Drawn:
        """Draw the commits of a quarter (counted from 0), the same ones whenever it is asked."""
        dice = np.random.default_rng([self.shape.seed, number])
        total = self.shape.commits // self.shape.quarters
        is_there = (self.arrival <= number) & (number < self.arrival + self.stay)
        # A quarter off now and then makes people return
        there = np.flatnonzero(is_there & ((dice.random(self.count) < 0.8) | (self.arrival == number)))
        by_bots, by_nobody = int(total * _BOT_SHARE), int(total * _NOBODY_SHARE)
        weight = self._weight[there]
        counts = dice.multinomial(total - by_bots - by_nobody, weight / weight.sum())
        author = np.concatenate(
            [
                np.repeat(there, counts),
                self.count + dice.integers(0, BOTS + AGENTS, by_bots),
                self.count + BOTS + AGENTS + dice.integers(0, NOBODIES, by_nobody),
            ]
        )
        names = np.append(self._names, np.ones(self.authors - self.count, dtype=np.int64))
        spread = np.append(self._spread, np.full(self.authors - self.count, PLACES))
        alias = author * NAMES + (dice.random(total) ** 3 * names[author]).astype(np.int64)
        place = self._place[author, (dice.random(total) ** 2 * spread[author]).astype(np.int64)].astype(np.int64)
        repository = self.places[author, place].astype(np.int64)
        kind = dice.random(total)
        second, has_coauthor = self._seconds(dice, author, number), dice.random(total) < 0.03
        return Drawn(
            alias, place, repository, second, kind < 0.1, self._originals(dice, repository, kind), has_coauthor
        )

    def _originals(self, dice: np.random.Generator, repository: Numbers, kind: NDArray[np.float64]) -> Numbers:
        """Draw what copies are copies of: an ordinary commit of a repository that the catalogue names earlier."""
        rank = np.argsort(self.catalogue)[repository]
        original = dice.permutation(len(repository))
        is_copy = (kind >= 0.1) & (kind < 0.12) & (kind[original] >= 0.12) & (rank[original] < rank)
        return np.where(is_copy, original, -1)

    def _seconds(self, dice: np.random.Generator, author: Numbers, number: int) -> Numbers:
        """Spread a person's commits over a part of the quarter of their own: most people come for a week or two."""
        quarter = self.shape.first.shift(number)
        length = int((quarter.end - quarter.start).total_seconds())
        middle, width = dice.random(self.authors), dice.random(self.authors) ** 2
        share = middle[author] + (dice.random(len(author)) - 0.5) * width[author]
        return (share % 1.0 * length).astype(np.int64)

    def _drawn_places(self, dice: np.random.Generator) -> NDArray[np.int16]:
        """Draw the repositories of everybody: authors x PLACES."""
        size = np.arange(10, self.shape.repositories + 10) ** -0.9
        chosen = dice.choice(self.shape.repositories, (self.authors, PLACES), p=size / size.sum()).astype(np.int16)
        # The second is of the first one's category
        by_category = np.argsort(self.category_of, kind="stable")
        starts = np.searchsorted(self.category_of[by_category], np.arange(self.shape.categories + 1))
        home = self.category_of[chosen[:, 0]]
        offset = dice.random(self.authors) ** 3 * (starts[home + 1] - starts[home])
        chosen[:, 1] = by_category[starts[home] + offset.astype(np.int64)]
        return chosen


def _in_unequal_parts(dice: np.random.Generator, parts: int, count: int) -> Numbers:
    """Deal `count` things into parts, the first of which is five times as likely as the last."""
    share = np.linspace(5, 1, parts)
    return dice.choice(parts, count, p=share / share.sum())


def mixed(numbers: Numbers, salt: int) -> Words:
    """Turn numbers into 64 random-looking bits, a different one for each (the finaliser of SplitMix64)."""
    bits = numbers.astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
