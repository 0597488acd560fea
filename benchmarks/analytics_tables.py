"""The tables of the analysis over a synthetic lake, as the project makes them: staged, computed and written, not checked.

`python -m benchmarks.analytics_tables HOME COMMITS THREADS MEMORY QUARTER ...` over a lake of so many commits that
`synthetic_lake` wrote into HOME; MEMORY is DuckDB's limit, such as 6GB, what goes beyond is written to disk. `analytics` runs
it. Made are all tables of the stages 1 and 2, editions included, but what only a source can
give and the identities, which are drawn (docs/identity.md tells what they cost).

What reads raw commits reads those of its own quarter, so it comes first, quarter by quarter: the raw commits are written, the
tables made, then raw commits and paths removed, since all of them would be too large for many a disk. The other tables
follow one after the other, over all quarters and once more over the last one alone. Every table has processes of its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import Lake, remove, replace_file, replace_folder
from deepsignal_pipeline.running import open_pipeline
from deepsignal_pipeline.settings import read_settings
from deepsignal_pipeline.staging import stage
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.tables import TABLES

DRAWN = ("raw_commits", "contributor_identities")
"""What `synthetic_lake` and `synthetic_raw` write beside stage 0."""
OF_TEXTS = tuple(t.name for t in TABLES.values() if "raw_commits" in {read.table for read in t.reads})
OTHERS = tuple(t.name for t in TABLES.values() if t.stage > 0 and t.name not in (*DRAWN, *OF_TEXTS))
REMOVED = ("raw_commits", "changed_paths")


@dataclass(frozen=True)
class Limits:
    """What DuckDB may use, as it is told."""

    threads: str = "1"
    memory: str = "80%"


@dataclass
class Cost:
    """What a table took: CPU seconds of each quarter, wall seconds, the largest memory in MB."""

    quarters: list[float] = field(default_factory=list)
    wall: float = 0
    peak: float = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost([*self.quarters, *other.quarters], self.wall + other.wall, max(self.peak, other.peak))


def main(home: str, commits: str, threads: str, memory: str, *keys: str) -> None:
    """Print what each table costs over all quarters, in the third and the last of them, and in the last one alone."""
    quarters, limits = [Quarter.parse(key) for key in keys], Limits(threads, memory)
    print(f"{'':26s}{'CPU s':>9s}{'3rd':>9s}{'last':>9s}{'alone':>9s}{'wall s':>9s}{'peak MB':>9s}", flush=True)
    of_texts: dict[str, Cost] = dict.fromkeys(OF_TEXTS, Cost())
    for quarter in _raw_commits(Path(home), commits, quarters):
        for name in OF_TEXTS:
            of_texts[name] += _measured(name, limits, Path(home), [quarter])
        for name in REMOVED:
            remove(Lake(Path(home)).file(TABLES[name], quarter))
    rows = [_told(name, cost, cost.quarters[-1]) for name, cost in of_texts.items()]
    for name in OTHERS:
        # An edition at a time: those of a range would be printed by workers on all cores
        runs = [[q] for q in quarters] if name == "quarterly_report" else [quarters]
        cost = sum((_measured(name, limits, Path(home), run) for run in runs), Cost())
        alone = _measured(name, limits, Path(home), quarters[-1:])
        rows.append(_told(name, cost, sum(alone.quarters)))
    cpu, alone_cpu, wall, peak = zip(*rows, strict=True)
    print(f"{'all':26s}{sum(cpu):9.1f}{'':18s}{sum(alone_cpu):9.1f}{sum(wall):9.0f}{max(peak):9.0f}")


def _told(name: str, cost: Cost, alone: float) -> tuple[float, float, float, float]:
    """Print the line of a table; return its totals."""
    third, last = (cost.quarters[2], cost.quarters[-1]) if len(cost.quarters) > 3 else (0, 0)
    cpu = sum(cost.quarters)
    print(f"{name:26s}{cpu:9.1f}{third:9.2f}{last:9.2f}{alone:9.1f}{cost.wall:9.1f}{cost.peak:9.0f}", flush=True)
    return cpu, alone, cost.wall, cost.peak


def _raw_commits(home: Path, commits: str, quarters: Sequence[Quarter]) -> Iterator[Quarter]:
    """Give every quarter when its raw commits are written, by a process that draws all people once.

    The next quarter is written meanwhile.
    """
    command = [sys.executable, "-m", "benchmarks.synthetic_raw", str(home), commits, *(q.key for q in quarters)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writer:
        if writer.stdin is None or writer.stdout is None:
            raise ValueError("no pipes")
        for quarter in quarters:
            if not writer.stdout.readline():
                raise SystemExit(f"the raw commits of {quarter} could not be written")
            writer.stdin.write("next\n")
            writer.stdin.flush()
            yield quarter


def _measured(name: str, limits: Limits, home: Path, quarters: Sequence[Quarter]) -> Cost:
    """Make a table in a process of its own and return what it took."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, json.dumps(asdict(make_table(name, limits, home, quarters))).encode())
            status = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading) as told:
        cost = told.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit(f"{name} failed")
    return Cost(**json.loads(cost))


def make_table(name: str, limits: Limits, home: Path, quarters: Sequence[Quarter]) -> Cost:
    """Make a table for quarters in this process and return what it took."""
    table = TABLES[name]
    asked = quarters if table.quarterly else (None,)
    pipeline = open_pipeline(read_settings({"DEEPSIGNAL_HOME": str(home), "DEEPSIGNAL_THREADS": limits.threads}))
    cost, started = Cost(), time.monotonic()
    inputs = Inputs(pipeline.lake, pipeline.source, pipeline.content, asked)
    with inputs, pipeline.engine.session() as session:
        session.connection.execute("SET memory_limit = $memory", {"memory": limits.memory})
        for quarter in asked:
            before = _cpu()
            staged = stage(session, inputs, table, quarter)
            session.metadata = dict(staged.metadata)
            written = session.write(table, quarter, **staged.parameters)
            for folder, target in staged.folders:
                replace_folder(folder, target)
            replace_file(written, pipeline.lake.file(table, quarter))
            cost.quarters.append(_cpu() - before)
    cost.wall = time.monotonic() - started
    cost.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return cost


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main(*sys.argv[1:])
