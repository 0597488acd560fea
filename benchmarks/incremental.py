"""Reading again: many quarters in one backfill against one of them, and a run that finds nothing new, as whole commands.

The mirrors are rebuilt from the sample. A home that has read one quarter has read every commit once, since git has no
cheaper way; so the first ratio says what eleven more quarters cost. What is beyond Dagster's own start is the rest of the
command's time after all imports, with definitions loaded and the instance open.
"""

from __future__ import annotations

import csv
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.extraction import ROOT, Cost, measured

MIRRORS, RUNS = 70, 3
ONE, TWELVE = ("--quarter", "2023-Q3"), ("--from", "2020-Q4", "--quarter", "2023-Q3")
MOST_RATIO, MOST_SECONDS = 1.2, 3.0

_START = """
import sys
from importlib import import_module
from pathlib import Path
from deepsignal_pipeline.defs.launch import open_instance
from deepsignal_pipeline.running import _TEMPLATE
with open_instance(Path(sys.argv[1]), _TEMPLATE):
    import_module("deepsignal_pipeline.definitions").defs().resolve_job_def("extract_quarters")
"""


def main() -> None:
    """Print both, and what files the second run touched."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        names = _build(folder / "mirrors")
        print(f"{len(names)} mirrors rebuilt from the sample, {os.cpu_count()} cores, medians of {RUNS} runs")
        one = [_extract(folder, names, folder / f"one-{run}", ONE) for run in range(RUNS)]
        twelve = [_extract(folder, names, folder / f"twelve-{run}", TWELVE) for run in range(RUNS)]
        _line("one quarter, first run", one)
        _line("twelve quarters, first run", twelve)
        ratio = statistics.median(t.cpu for t in twelve) / statistics.median(o.cpu for o in one)
        print(f"  twelve to one: {ratio:.2f} times the CPU (goal: {MOST_RATIO})")
        _again(folder, names, folder / "twelve-0")


def _again(folder: Path, names: list[str], home: Path) -> None:
    before = _stamps(home)
    start = [measured([sys.executable, "-c", _START, str(home)], environment=_environment(home)) for _ in range(RUNS)]
    again = [_extract(folder, names, home, TWELVE) for _ in range(RUNS)]
    _line("Dagster's own start", start)
    _line("twelve quarters, nothing new", again)
    beyond = statistics.median(a.wall for a in again) - statistics.median(s.wall for s in start)
    touched = [path for path, stamp in _stamps(home).items() if before.get(path) != stamp]
    print(f"  beyond the start: {beyond:.1f} s of wall time (goal: {MOST_SECONDS}); files touched: {len(touched)}")


def _line(what: str, costs: list[Cost]) -> None:
    wall, cpu = statistics.median(cost.wall for cost in costs), statistics.median(cost.cpu for cost in costs)
    print(f"{what:32s}{wall:8.1f} s {cpu:8.1f} CPU s", flush=True)


def _extract(folder: Path, names: list[str], home: Path, quarters: tuple[str, ...]) -> Cost:
    asked = [option for name in names for option in ("--repository", name)]
    command = [sys.executable, "-m", "deepsignal_pipeline.cli", "extract", *asked, *quarters]
    places = ["--mirrors", str(folder / "mirrors"), "--home", str(home)]
    return measured([*command, *places], environment=_environment(home))


def _environment(home: Path) -> dict[str, str]:
    return os.environ | {"DAGSTER_HOME": str(home / "dagster"), "DAGSTER_DISABLE_TELEMETRY": "1"}


def _stamps(home: Path) -> dict[Path, tuple[int, int]]:
    """Return when every file of the lake and of the source was written, and which one it is."""
    every = [path for name in ("lake", "mirrors") for path in (home / name).rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.stat().st_ino) for path in every if path.name != "lock"}


def _build(folder: Path) -> list[str]:
    """Rebuild the smaller repositories of the sample; return their names."""
    sys.path.insert(0, str(ROOT / "tests" / "peers"))
    from repositories import SAMPLE, git, rebuild, sample_rows

    with (SAMPLE / "snapshots.csv").open(encoding="utf-8") as lines:
        by_size = sorted(csv.DictReader(lines), key=lambda line: int(line["commits"]))
    names = [line["repo"] for line in by_size[:MIRRORS]]
    for name, rows in sample_rows(names).items():
        git(rebuild(folder / name.replace("/", "+"), rows).folder, "repack", "-adq")
    return names


if __name__ == "__main__":
    main()
