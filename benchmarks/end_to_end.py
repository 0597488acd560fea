"""The whole way from the embedded sample to editions: what Dagster, the checks and the work itself cost.

Three processes do the same quarters one after the other, each in an empty home folder: the command that users run;
the same tables through `pipeline.make` without Dagster; and only the SELECTs, without checks and edition.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deepsignal_pipeline.domain.quarters import Quarter

FIRST, LAST = "2021-Q1", "2023-Q1"


def main() -> None:
    """Print wall time, CPU time and peak memory of each way, and the share of each table."""
    ways: dict[str, Callable[[Path], None]] = {
        "deepsignal run": _command,
        "without Dagster": _without_dagster,
        "SELECTs alone": _selects_alone,
    }
    print(f"{FIRST} to {LAST}, 114 repositories, {os.cpu_count()} cores")
    print(f"{'':24s}{'wall s':>8s}{'CPU s':>8s}{'peak MB':>9s}{'CPU ratio':>11s}")
    base = None
    for name, way in reversed(ways.items()):
        wall, cpu, peak = _measured(way)
        base = base or cpu
        print(f"{name:24s}{wall:8.1f}{cpu:8.1f}{peak:9.0f}{cpu / base:11.2f}", flush=True)
    print("\nCPU seconds and share of each table (without Dagster and without its imports):")
    _measured(_shares)


def _measured(way: Callable[[Path], None]) -> tuple[float, float, float]:
    """Run a way in a process of its own; return wall seconds, CPU seconds and peak memory in MB, of it and its children.

    Memory is the proportional set size added up over the processes, looked at five times a second.
    """
    with tempfile.TemporaryDirectory() as home:
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            status = 1
            try:
                way(Path(home))
                status = 0
            finally:
                sys.stdout.flush()
                os._exit(status)
        peak = 0.0
        while True:
            ended, status, usage = os.wait4(child, os.WNOHANG)
            if ended:
                break
            peak = max(peak, sum(_megabytes(process) for process in _family(child)))
            time.sleep(0.2)
        if status:
            raise SystemExit(f"{way.__name__} failed with status {status}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime, peak


def _family(parent: int) -> list[int]:
    """Return a process and all that descend from it."""
    try:
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return []
    return [parent, *(process for child in children for process in _family(int(child)))]


def _megabytes(process: int) -> float:
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1024


def _command(home: Path) -> None:
    command = [sys.executable, "-m", "deepsignal_pipeline.cli", "run", "--from", FIRST, "--quarter", LAST]
    os.environ["DAGSTER_HOME"] = str(home / "dagster")
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    os.execv(sys.executable, [*command, "--home", str(home)])  # noqa: S606


def _without_dagster(home: Path) -> None:
    _make_all(home, lambda *_: None)


def _shares(home: Path) -> None:
    import great_expectations  # noqa: F401

    spent: dict[str, float] = {}
    _make_all(home, spent.__setitem__)
    whole = sum(spent.values())
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:24s}{seconds:6.2f}{100 * seconds / whole:6.1f} %")
    print(f"  {'all':24s}{whole:6.2f}")


def _make_all(home: Path, tell: Callable[[str, float], None]) -> None:
    from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
    from deepsignal_pipeline.pipeline import make
    from deepsignal_pipeline.tables import TABLES

    pipeline = _pipeline(home)
    published = quarter_range(Quarter.parse(FIRST), Quarter.parse(LAST))
    read = _read(published)
    for name, table in TABLES.items():
        before = _cpu()
        make(pipeline, name, (None,) if not table.quarterly else published if table.stage == 2 else read)
        tell(name, _cpu() - before)


def _cpu() -> float:
    """CPU seconds of this process and of the children that it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _read(published: list[Quarter]) -> list[Quarter]:
    """Return what the quarters look back on, and themselves."""
    from deepsignal_pipeline.domain.quarters import quarter_range
    from deepsignal_pipeline.tables import TABLES

    back = max(read.quarters_back for table in TABLES.values() for read in table.reads)
    return quarter_range(published[0].shift(-back), published[-1])


def _selects_alone(home: Path) -> None:
    """Write every table but the edition, unchecked, straight to its place."""
    from deepsignal_pipeline.domain.quarters import Quarter, quarter_range
    from deepsignal_pipeline.staging import stage
    from deepsignal_pipeline.staging.inputs import Inputs
    from deepsignal_pipeline.tables import TABLES

    pipeline = _pipeline(home)
    inputs = Inputs(pipeline.lake, pipeline.source, pipeline.content)
    published = quarter_range(Quarter.parse(FIRST), Quarter.parse(LAST))
    read = _read(published)
    for table in (table for name, table in TABLES.items() if name != "quarterly_report"):
        with pipeline.engine.session() as session:
            for quarter in (None,) if not table.quarterly else published if table.stage == 2 else read:
                staged = stage(session, inputs, table, quarter)
                session.metadata = staged.metadata
                session.write(table, quarter, **staged.parameters).rename(pipeline.lake.file(table, quarter))


def _pipeline(home: Path):  # noqa: ANN202
    from deepsignal_pipeline.running import open_pipeline
    from deepsignal_pipeline.settings import read_settings

    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home)}))
    pipeline.lake.prepare()
    return pipeline
