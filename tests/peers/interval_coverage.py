"""How often an interval covers the truth, in simulation from the sample's own people.

Two models of how people decide, both with the production's own estimators on the people drawn:

"again": the population is a category in a quarter, with the one before and the one before that: the people of the union,
each with commits and weeks of every quarter. A draw holds each of them K times, K ~ Poisson(1), independently: as if each
person, and whoever else might have been like them, had independently decided again. The truth is the population's value.

"others": the population is a category over all quarter pairs that were read. A draw holds N ~ Poisson(size) of its people,
with replacement: a category of that size made of people of its kind. Here the largest contributors are mostly not in the
draw, and the truth is a value that no quarter had.

`python -m benchmarks interval_coverage` prints the table; the suite runs a smaller one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.staging.changes import stage_changes
from deepsignal_pipeline.statistics.changes import (
    MEASURES,
    Cells,
    Level,
    Measure,
    change_of,
    estimate_change,
    estimate_level,
    level_of,
)
from deepsignal_pipeline.statistics.intervals import Interval, Totals, garwood

if TYPE_CHECKING:
    from deepsignal_pipeline.pipeline import Pipeline

SMALLEST = 60
"""People behind a value, from which intervals are held to what they promise (issue 5)."""

_COLUMNS = (
    "commits_now",
    "commits_before",
    "weeks_now",
    "weeks_before",
    "weeks_earlier",
    "is_new_now",
    "is_new_before",
)
_POWERS = ((2, 0), (1, 1), (0, 2), (4, 0), (3, 1), (2, 2), (1, 3), (0, 4))

People = NDArray[np.int64]
"""(n, 7) what each person did, in the order of the columns above."""


class Kind(NamedTuple):
    """What is estimated: a measure, and its level or its change."""

    measure: str
    of: str


@dataclass
class Tally:
    """How many intervals there were and how many covered the truth, by population."""

    covered: dict[str, list[bool]] = field(default_factory=dict)

    def add(self, population: str, *, is_covered: bool) -> None:
        """Count an interval."""
        self.covered.setdefault(population, []).append(is_covered)

    @property
    def count(self) -> int:
        """Number of intervals."""
        return sum(map(len, self.covered.values()))

    @property
    def coverage(self) -> float:
        """Share of intervals that covered, every interval alike."""
        return sum(map(sum, self.covered.values())) / self.count

    @property
    def by_population(self) -> list[float]:
        """Coverage of each population, sorted."""
        return sorted(sum(found) / len(found) for found in self.covered.values())

    @property
    def error(self) -> float:
        """Standard error of the coverage that the simulation itself has."""
        return float(np.sqrt(self.coverage * (1 - self.coverage) / self.count))


def read_people(pipeline: Pipeline, quarters: Sequence[Quarter]) -> dict[str, People]:
    """Return the people of every category and quarter, "2023-Q1 llm-serving", as the sums of category_changes have them."""
    found = {}
    with pipeline.engine.session() as session:
        for quarter in quarters:
            stage_changes(session, SimpleNamespace(counted={}), quarter)
            columns = ", ".join(f"CAST({column} AS BIGINT)" for column in _COLUMNS)
            rows = session.frame(
                f"SELECT entity, {columns} FROM change_people "  # noqa: S608 - names of our own
                "WHERE contributor_id IS NOT NULL AND NOT is_basket AND entity <> 'catalogue' ORDER BY ALL"
            ).fetchall()
            for entity in sorted({row[0] for row in rows}):
                found[f"{quarter} {entity}"] = np.array([row[1:] for row in rows if row[0] == entity], np.int64)
    return found


def simulate_again(people: Mapping[str, People], draws: int, seed: int) -> dict[Kind, Tally]:
    """Run the model "again": draws of each population that has SMALLEST people in both quarters."""
    random = np.random.default_rng(seed)
    tallies: dict[Kind, Tally] = {}
    for name, population in people.items():
        if min(np.count_nonzero(population[:, 2]), np.count_nonzero(population[:, 3])) < SMALLEST:
            continue
        drawn = (np.repeat(population, random.poisson(1, len(population)), axis=0) for _ in range(draws))
        _tally(tallies, name, population, drawn, len(population))
    return tallies


def simulate_others(people: Mapping[str, People], size: int, draws: int, seed: int) -> dict[Kind, Tally]:
    """Run the model "others": draws of about `size` people out of each category's people of all quarters."""
    random = np.random.default_rng(seed)
    tallies: dict[Kind, Tally] = {}
    for category in sorted({name.split(" ")[1] for name in people}):
        population = np.concatenate([found for name, found in people.items() if name.endswith(f" {category}")])
        drawn = (population[random.integers(0, len(population), random.poisson(size))] for _ in range(draws))
        _tally(tallies, category, population, drawn, size)
    return tallies


def simulate_pairs(shared: Sequence[int], draws: int, seed: int) -> Tally:
    """Draw counts of shared people, Poisson about each pair's own, and cover them by Garwood's intervals."""
    random = np.random.default_rng(seed)
    tally = Tally()
    for number, count in enumerate(shared):
        low, high = garwood(random.poisson(count, draws))
        tally.covered[str(number)] = list((low <= count) & (count <= high))
    return tally


def _tally(tallies: dict[Kind, Tally], name: str, population: People, drawn: Iterator[People], size: int) -> None:
    """Count what covers the truth. Commits are also told apart by the degrees of freedom that the population has."""
    truths = dict(_truths(population))
    has_degrees = _degrees(population) * size / len(population) >= 5
    for people in drawn:
        for kind, interval in _estimates(people):
            if kind in truths:
                is_covered = interval.low <= truths[kind] <= interval.high
                tallies.setdefault(kind, Tally()).add(name, is_covered=is_covered)
                if kind.measure == "commits" and has_degrees:
                    tallies.setdefault(Kind("commits", "change, of 5 degrees"), Tally()).add(
                        name, is_covered=is_covered
                    )


def _truths(people: People) -> Iterator[tuple[Kind, float]]:
    for measure, now, before, _, _ in _measured(people):
        if now.denominator and measure.kind in ("share", "mean"):
            yield Kind(measure.name, "level"), measure.scale * now.numerator / now.denominator
        if change_of(measure, now, before) is not None:
            yield Kind(measure.name, "change"), _exact_change(measure, now, before)


def _exact_change(measure: Measure, now: Level, before: Level) -> float:
    first, second = now.numerator / now.denominator, before.numerator / before.denominator
    return 100 * (first - second) if measure.kind == "share" else 100 * (first / second - 1)


def _estimates(people: People) -> Iterator[tuple[Kind, Interval]]:
    for measure, now, before, cells, totals in _measured(people):
        if measure.kind in ("share", "mean") and now.denominator < SMALLEST:
            continue
        level = estimate_level(measure, now, cells)
        if level is not None:
            yield Kind(measure.name, "level"), level
        if change_of(measure, now, before) is None or 1 < before.denominator < SMALLEST:
            continue
        change = estimate_change(measure, now, before, cells, totals).interval
        if change is not None:
            yield Kind(measure.name, "change"), change


def _measured(people: People) -> Iterator[tuple[Measure, Level, Level, Cells, Totals]]:
    """Count a draw as the SQL counts people, for the measures that have intervals."""
    cells, totals = _cells(people), _totals(people)
    counts = (_counts(people, 0), _counts(people, 1))
    for measure in MEASURES:
        if measure.kind == "objects":
            continue
        now, before = (level_of(measure, count) for count in counts)
        if now is not None and before is not None:
            yield measure, now, before, cells, totals


def _counts(people: People, back: int) -> dict[str, int | None]:
    weeks, weeks_before = people[:, 2 + back], people[:, 3 + back]
    return {
        "commits": int(people[:, back].sum()),
        "contributors": int(np.count_nonzero(weeks)),
        "contributors_new": int(people[:, 5 + back].sum()),
        "weeks": int(weeks.sum()),
        "one_week": int(np.count_nonzero(weeks == 1)),
        "contributors_before": int(np.count_nonzero(weeks_before)),
        "churned": int(np.count_nonzero((weeks_before > 0) & (weeks == 0))),
        "retained": int(np.count_nonzero((weeks_before > 0) & (weeks > 0))),
        "engaged_before": int(np.count_nonzero(weeks_before >= 2)),
        "engaged_churned": int(np.count_nonzero((weeks_before >= 2) & (weeks == 0))),
    }


def _cells(people: People) -> Cells:
    kinds, count = np.unique(people[:, 2:], axis=0, return_counts=True)
    return Cells(kinds[:, 0], kinds[:, 1], kinds[:, 2], kinds[:, 3] == 1, kinds[:, 4] == 1, count)


def _totals(people: People) -> Totals:
    kinds, count = np.unique(people[:, :2], axis=0, return_counts=True)
    # Python's whole numbers, as SQL's HUGEINT: a fourth power of commits leaves 64 bits
    rows = [(int(x), int(y), int(n)) for (x, y), n in zip(kinds, count, strict=True)]
    powers = {(i, j): sum(n * x**i * y**j for x, y, n in rows) for i, j in _POWERS}
    return Totals(int(people[:, 0].sum()), int(people[:, 1].sum()), powers)


def _degrees(people: People) -> float:
    errors = people[:, 0] / people[:, 0].sum() - people[:, 1] / people[:, 1].sum()
    return float((errors**2).sum() ** 2 / (errors**4).sum())
