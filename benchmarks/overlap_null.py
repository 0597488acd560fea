"""What the null model of overlaps costs, how far a thousand sweeps are from a long run, and how often chance is called a find.

Matrices: people x categories of every quarter of the embedded sample, and one of the size of the reference report (5,717
people, 6,488 memberships, its twelve sizes; who is in several categories is drawn). Shuffled people are states of the
chain itself, far apart. How often p calls them a find is read twice: over pairs with one person expected or more, and over
all pairs that are tested, where most of a small quarter expect less than one and a discrete test is careful. Finds are told
as the table does, by q over the 66 pairs. A last line adds the sample's quarters up.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import false_discovery_control

from deepsignal_pipeline.content import content_directory
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.pipeline import Pipeline, make
from deepsignal_pipeline.sources.sample import SampleSource
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.statistics.curveball import SWEEPS, Integers, expected_overlaps
from deepsignal_pipeline.statistics.poisson import mid_p
from deepsignal_pipeline.tables import TABLES

QUARTERS = [Quarter(2018, 1).shift(n) for n in range(23)]
SHUFFLES = 500
SIZES = Path(__file__).parents[1] / "docs" / "reference-figures-2023-Q1.csv"
PAIRS = np.triu_indices(12, 1)
Matrix = tuple[str, Integers, Integers]


@dataclass(frozen=True)
class Pairs:
    """How many pairs are tested, and in how many of their shuffles p was at most .05; the same of those that expect a person."""

    tested: int = 0
    tested_found: int = 0
    expecting: int = 0
    expecting_found: int = 0

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(
            self.tested + other.tested,
            self.tested_found + other.tested_found,
            self.expecting + other.expecting,
            self.expecting_found + other.expecting_found,
        )

    def cells(self) -> tuple[str, ...]:
        """Return both numbers of pairs, and the share of shuffles of each."""
        shares = (self.expecting_found / self.expecting / SHUFFLES, self.tested_found / self.tested / SHUFFLES)
        return f"{self.expecting:,}", f"{self.tested:,}", *(f"{share:.3f}" for share in shares)


def main() -> None:
    """Print a line a matrix, and one for all quarters of the sample."""
    columns = (
        *("matrix", "people", "sets", "1,000 sweeps, s", "furthest from 20,000 sweeps, sd"),
        *("pairs with E >= 1", "pairs tested", "P(p <= .05), E >= 1", "tested", "shuffles with q <= .1"),
    )
    _print_row(columns)
    _print_row(["---"] * len(columns))
    of_sample = Pairs()
    for name, sets, people in _sample():
        of_sample += _tried(name, sets, people)
    _tried(*_reference())
    _print_row((f"{len(QUARTERS)} quarters", "", "", "", "", *of_sample.cells(), ""))


def _tried(name: str, sets: Integers, people: Integers) -> Pairs:
    """Print the line of a matrix; return what p says of its shuffles."""
    expected_overlaps(sets, people, 12, sweeps=1)  # imports and tables of sets are not what is timed
    begin = time.perf_counter()
    expected = expected_overlaps(sets, people, 12).expected[PAIRS]
    seconds = time.perf_counter() - begin
    long = expected_overlaps(sets, people, 12, sweeps=20 * SWEEPS, seed=1).expected[PAIRS]
    furthest = float(np.max(np.abs(expected - long)[long > 0] / np.sqrt(long[long > 0])))
    shuffled = [
        expected_overlaps(sets, people, 12, sweeps=1, burn_in=60, seed=1_000 + n).over_sweeps[PAIRS]
        for n in range(SHUFFLES)
    ]
    is_there = np.bitwise_or.reduce(sets) >> np.arange(12) & 1 == 1
    tested, expecting = is_there[PAIRS[0]] & is_there[PAIRS[1]], expected >= 1
    p_values = np.array([mid_p(counts, np.maximum(expected, 1 / SWEEPS)) for counts in shuffled])
    p_values[:, ~tested] = 1
    finds = (false_discovery_control(p_values, axis=1) <= 0.1).any(axis=1)
    found = p_values <= 0.05
    pairs = Pairs(*(int(n) for of in (tested, expecting) for n in (of.sum(), found[:, of].sum())))
    shape = (name, f"{people.sum():,}", str(len(sets)), f"{seconds:.2f}", f"{furthest:.2f}")
    _print_row((*shape, *pairs.cells(), f"{finds.mean():.3f}"))
    return pairs


def _print_row(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _sample() -> Iterator[Matrix]:
    import duckdb

    table = TABLES["category_overlaps"]
    with TemporaryDirectory() as home:
        lake = Lake(Path(home))
        engine = DuckDBEngine(duckdb.connect, lake)
        pipeline = Pipeline(lake, engine, SampleSource(), content_directory())
        window = sorted({quarter.shift(-back) for quarter in QUARTERS for back in (0, 1)})
        for name in _needed(table.name):
            make(pipeline, name, window if TABLES[name].quarterly else (None,))
        for quarter in QUARTERS:
            with engine.session() as session:
                session.read(table, quarter)
                rows = session.frame(sums_text("category_sets"), {"quarter": quarter.first_day}).fetchall()
            sets, people = np.array(rows, np.int64).T
            yield str(quarter), sets, people


def _needed(name: str) -> list[str]:
    """Return what a table reads, directly or not, in the order of making."""
    wanted, waiting = set[str](), [name]
    while waiting:
        reads = {read.table for read in TABLES[waiting.pop()].reads} - wanted
        wanted |= reads
        waiting += reads
    return [table for table in TABLES if table in wanted]


def _reference() -> Matrix:
    with SIZES.open(encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if row["measure"] == "contributors" and row["entity"] != "catalogue"
        ]
    left = np.array([int(row["value"]) for row in rows])
    rng = np.random.default_rng(3)
    # 771 memberships more than people
    degrees = [4] * 40 + [3] * 100 + [2] * 451 + [1] * 5126
    drawn = []
    for degree in degrees:
        places = rng.choice(12, degree, replace=False, p=left / left.sum())
        left[places] -= 1
        drawn.append(int((1 << places).sum()))
    sets, people = np.unique(np.array(drawn, np.int64), return_counts=True)
    return "reference's size", sets, people
