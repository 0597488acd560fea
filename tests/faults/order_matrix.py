"""Make the same quarters in many orders, zones, hash seeds and numbers of threads, and compare every byte.

    python tests/faults/order_matrix.py --folder /dev/shm/order

runs 2018-Q1 to 2023-Q3 of the whole embedded sample, about 40 minutes on two cores. Exits with 1 if a byte differs.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline_runs import Forks, environment, first_read_for, published

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter, quarter_range


@dataclass(frozen=True)
class Variant:
    """An order for each stage, the variables of the process, and the threads of DuckDB."""

    name: str
    read: str
    publish: str
    threads: str
    process: dict[str, str]


VARIANTS = [
    Variant("oldest-first", "up", "up", "2", {"TZ": "America/New_York", "PYTHONHASHSEED": "0", "LC_ALL": "C"}),
    Variant("newest-first", "down", "down", "4", {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}),
]
_REFERENCE = Variant("one-range", "range", "range", "1", {"TZ": "UTC", "PYTHONHASHSEED": "0"})
_MORE = [
    Variant("one-range-elsewhere", "range", "range", "4", {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "1"}),
    Variant(
        "there-and-back",
        "up",
        "down",
        "1",
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "random"},
    ),
]
QUARTERS_OF_THE_SUITE = quarter_range(Quarter(2022, 4), Quarter(2023, 1))


_PIECES = 3
"""Into how many runs a stage is cut where it is not one range. A run a quarter would only take longer."""


def arrange(variant: Variant, published: list[Quarter]) -> Iterator[list[str]]:
    """Yield the commands of a variant: all that the quarters look back on is read, then they are published."""
    first = Quarter.parse(first_read_for(published[0].label))
    read = quarter_range(max(first, FIRST_QUARTER), published[-1])
    for job, order, wanted in (
        ("read_quarters", variant.read, read),
        ("publish_quarters", variant.publish, published),
    ):
        for piece in _pieces(wanted, order):
            yield ["run", "--job", job, "--from", piece[0].label, "--quarter", piece[-1].label]


def _pieces(quarters: list[Quarter], order: str) -> list[list[Quarter]]:
    if order == "range":
        return [quarters]
    size = -(-len(quarters) // _PIECES)
    pieces = [quarters[start : start + size] for start in range(0, len(quarters), size)]
    return pieces if order == "up" else pieces[::-1]


def make(folder: Path, variant: Variant, quarters: list[Quarter]) -> dict[str, str]:
    """Make a home in the way of a variant and return its bytes."""
    place = folder / variant.name
    place.mkdir(parents=True)
    began = time.monotonic()
    with Forks(place, **variant.process) as forks:
        for arguments in arrange(variant, quarters):
            variables = environment(place / "home", threads=variant.threads, **variant.process)
            ended = forks.run(*arguments, environment=variables)
            if ended.status:
                raise SystemExit(f"{variant.name}: {' '.join(arguments)} failed: {ended.err}")
    found = published(place / "home")
    shutil.rmtree(place)
    print(f"{variant.name}: {len(found)} files, {time.monotonic() - began:.0f} s", flush=True)
    return found


def main(folder: Path, first: str, last: str) -> int:
    """Compare every variant with the reference; return the exit status."""
    quarters = quarter_range(Quarter.parse(first), Quarter.parse(last))
    expected = make(folder, _REFERENCE, quarters)
    status = 0
    for variant in [*_MORE, *VARIANTS]:
        found = make(folder, variant, quarters)
        different = [path for path in sorted(expected.keys() | found.keys()) if expected.get(path) != found.get(path)]
        for path in different:
            status = 1
            print(f"{variant.name}: {path} differs")
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the same quarters in many ways and compare every byte.")
    parser.add_argument("--folder", type=Path, required=True, help="a folder that does not exist yet")
    parser.add_argument("--from", dest="first", default="2018-Q1", help="first quarter to publish")
    parser.add_argument("--quarter", dest="last", default="2023-Q3")
    options = parser.parse_args()
    sys.exit(main(options.folder, options.first, options.last))
