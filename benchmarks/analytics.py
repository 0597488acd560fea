"""The analysis of a large lake: this project's SELECTs against the best query by hand in DuckDB, Polars and DataFusion.

`python -m benchmarks analytics`, or with options `python -m benchmarks.analytics --commits 100000000 --home FOLDER`. Three
things are measured, each in a process of its own, one after the other, over the same synthetic lake (`synthetic_lake`):

- the core measure set (commits, contributors, active repositories, mean active weeks, churned, new, all overlaps) by hand
  (`core_by_hand/`, what each engine does best) and by the project's SELECTs reduced to it (`core_by_project`); the results
  must be equal;
- the tables of the analysis as the project makes them, written under their contracts, without checks;
- the cost of a quarter against the length of the history.

Time is CPU time of the whole process; wall time stands beside it, but this machine may be shared.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.core_by_project import CORE
from benchmarks.synthetic_people import Shape
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.frames import derived_text
from deepsignal_pipeline.tables import TABLES

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT / ".venv-peers" / "bin" / "python"
BY_HAND = ("duckdb", "polars", "datafusion")


@dataclass(frozen=True)
class Cost:
    """What a process took: CPU and wall seconds, and its largest resident memory in MB."""

    cpu: float
    wall: float
    peak: float

    def __str__(self) -> str:
        return f"{self.cpu:9.1f}{self.wall:9.1f}{self.peak:9.0f}"


def main(arguments: Sequence[str] = ()) -> None:
    """Print the tables for each size of lake that is asked for."""
    options = _options(arguments)
    if not PEERS.exists():
        raise SystemExit(f"{PEERS} is not there; run: make .venv-peers/installed")
    with tempfile.TemporaryDirectory(dir=options.home) as folder:
        for commits in options.commits:
            shape = Shape(commits=commits)
            home = Path(options.lake) if options.lake else Path(folder) / f"lake-{commits}"
            if not (home / "lake").is_dir():
                # A process of its own: the largest memory of this one would count for all that it starts
                generator = [sys.executable, "-m", "benchmarks.synthetic_lake", str(home), str(commits)]
                subprocess.run(generator, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
            print(f"\n{commits:,} commits, {shape.quarters} quarters, {shape.repositories:,} repositories")
            quarters = shape.quarter_range()
            _compare("all quarters", home, Path(folder), quarters, options.threads)
            _compare("one quarter", home, Path(folder), quarters[-2:], options.threads)
            if options.tables:
                _print_tables(home, commits, quarters, options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.analytics")
    parser.add_argument("--commits", type=int, nargs="+", default=[1_000_000, 10_000_000], help="sizes of lakes")
    parser.add_argument("--home", help="where the lakes are written, and removed afterwards; else the temporary folder")
    parser.add_argument("--lake", help="a home with a lake that `benchmarks.synthetic_lake` wrote; it stays")
    parser.add_argument("--threads", type=int, default=2, help="threads of every engine")
    parser.add_argument("--tables", action="store_true", help="also make the tables, and tell the cost of each quarter")
    parser.add_argument(
        "--memory", default="80%", help="how much memory DuckDB may use for a table before it writes to disk"
    )
    return parser.parse_args(arguments)


def _compare(what: str, home: Path, folder: Path, quarters: Sequence[Quarter], threads: int) -> None:
    """Run every way over the same quarters; the first of them has no other before it, so it is not compared."""
    print(f"\nCore measure set, {what}:\n{'':24s}{'CPU s':>9s}{'wall s':>9s}{'peak MB':>9s}{'CPU ratio':>11s}")
    costs: dict[str, Cost] = {}
    results = {}
    for name, command in _ways():
        out = Path(tempfile.mkdtemp(dir=folder))
        if name == "project":
            _reduce(out)
        costs[name] = _measured([*command, str(home / "lake"), str(out), str(threads), *(q.key for q in quarters)])
        results[name] = {file: _rows(out / f"{file}.csv", quarters[0].key) for file in ("measures", "overlaps")}
    best = min(costs[name].cpu for name in BY_HAND)
    for name, cost in costs.items():
        print(f"{name:24s}{cost}{cost.cpu / best:11.2f}", flush=True)
    differing = [name for name, result in results.items() if result != results["duckdb"]]
    if differing:
        raise SystemExit(f"not the same results as DuckDB by hand: {', '.join(differing)}")
    print(f"the same {sum(len(rows) for rows in results['duckdb'].values()):,} rows from all of them")


def _ways() -> Iterator[tuple[str, list[str]]]:
    for name in BY_HAND:
        python = sys.executable if name == "duckdb" else str(PEERS)
        yield name, [python, str(ROOT / "benchmarks" / "core_by_hand" / f"in_{name}.py")]
    yield "project", [sys.executable, "-m", "benchmarks.core_by_project"]


def _reduce(folder: Path) -> None:
    """Write the project's SELECTs, reduced to the core measure set, into a folder."""
    schema = {
        table.name: {column.name: column.type for column in table.columns}
        | ({"quarter": "DATE"} if table.quarterly else {})
        for table in TABLES.values()
    }
    schema["overlap_null_model"] = dict.fromkeys(("order_a", "order_b", "shared_low", "shared_high"), "BIGINT") | {
        "shared_over_sweeps": "BIGINT",
        "sweeps": "BIGINT",
        "p_value": "DOUBLE",
    }
    schema["category_presences"] = (
        {"quarter": "DATE", "category": "VARCHAR", "contributor_id": "VARCHAR"}
        | dict.fromkeys(("commits", "week_bits", "day_bits_low", "day_bits_high", "active_weeks"), "BIGINT")
        | {"is_qualified": "BOOLEAN"}
    )
    for name, columns in CORE.items():
        request = {"select": derived_text(name), "columns": columns, "schema": schema}
        command = [str(PEERS), str(ROOT / "benchmarks" / "reduced_select.py")]
        reduced = subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=True)
        (folder / f"{name}.sql").write_text(reduced.stdout)


def _rows(file: Path, skipped: str) -> list[list[str]]:
    with file.open(newline="") as handle:
        return sorted(row for row in csv.reader(handle) if row[0] != skipped)


def _measured(command: list[str]) -> Cost:
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise SystemExit(f"{' '.join(command[:3])} ended with status {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024)


def _print_tables(home: Path, commits: int, quarters: Sequence[Quarter], options: argparse.Namespace) -> None:
    print("\nTables as they are written, without checks:", flush=True)
    command = [sys.executable, "-m", "benchmarks.analytics_tables", str(home), str(commits), str(options.threads)]
    subprocess.run([*command, options.memory, *(q.key for q in quarters)], check=True, cwd=ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
